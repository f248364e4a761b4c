"""The database and its transactions.

Answers how a transaction begins on SQLite and on PostgreSQL, who it is bound to, and when it is
tried again. Leaves what is asked to the query modules.

A transaction runs for an owner (on PostgreSQL bound by row-level security) or for `SYSTEM` (the
processor, sign-in, the administrator). It is short and never spans the outside world.
"""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import structlog
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlmodel import Session

from ingestio import failpoints
from ingestio.db import outcomes
from ingestio.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from uuid import UUID

    from ingestio.db.outcomes import Mark
    from ingestio.db.prepared import Transaction

T = TypeVar("T")
log = structlog.get_logger(__name__)
SYSTEM: Final = "system"
WEB_ROLE: Final = "ingestio_web"
SYSTEM_ROLE: Final = "ingestio_system"
_PAUSES_S: Final = (0.01,) * 4
_AWAY_S: Final = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2)
"""A restart of PostgreSQL takes one or two seconds; what takes longer, a person is told."""
_LIMITS: Final = ("lock_timeout = '3s'", "idle_in_transaction_session_timeout = '10s'")
"""Far beyond any transaction of ours, which never waits for the outside world.

A process that froze in its midst holds the rows of its batch, for others and for ever. Its sessions
that queued up for them must not get them one after the other: so waiting (for the row, then for who
holds it: twice its limit) ends before holding.
"""
_AWAY: Final = "The database does not answer. Try again in a moment."
_UNKNOWN: Final = (
    "The database went away while this was being saved. Look whether it is there before you try"
    " again."
)
_RETRYABLE_SQLSTATES: Final = frozenset({"40001", "40P01", "55P03"})
_PRAGMAS: Final = (
    "journal_mode=WAL",
    "foreign_keys=ON",
    "busy_timeout=30000",
    "temp_store=MEMORY",
    "wal_autocheckpoint=4000",
)


class Database:
    """One database. `who` is an owner's id or `SYSTEM` everywhere."""

    def __init__(self, url: str) -> None:
        self.is_sqlite = url.startswith("sqlite")
        self._lock = threading.RLock()
        """One writer at a time on SQLite: waiting here is fair, waiting in SQLite is not."""
        self._durable = _sqlite(url, "FULL") if self.is_sqlite else _postgres(url)
        self._relaxed = _sqlite(url, "NORMAL") if self.is_sqlite else self._durable
        self._writer: Connection | None = None

    @property
    def engine(self) -> Engine:
        """The engine itself, for migrations and tests."""
        return self._durable

    @contextmanager
    def read(self, who: UUID | str) -> Generator[Session]:
        """A transaction that only reads."""
        with self._reading(self._relaxed, who) as session:
            yield session

    @contextmanager
    def snapshot(self, who: UUID | str) -> Generator[Session]:
        """The same, and all its statements see one moment: for sums that must agree.

        SQLite's transactions are like that; PostgreSQL's see what others commit between two
        statements, unless they say otherwise before the first.
        """
        one_moment = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
        options = {} if self.is_sqlite else one_moment
        with self._reading(self._relaxed.execution_options(**options), who) as session:
            yield session

    @contextmanager
    def _reading(self, engine: Engine, who: UUID | str) -> Generator[Session]:
        with _translated(), Session(engine, expire_on_commit=False) as session:
            self._bind(session.connection(), who, marks=False)
            yield session
            session.rollback()

    def write(self, who: UUID | str, work: Callable[[Session], T]) -> T:
        """Run `work` in one durable transaction; again where the database says it must be."""
        return self._write(lambda: self._once(self._durable, who, work))

    def write_relaxed(self, who: UUID | str, work: Callable[[Session], T]) -> T:
        """The same, but a power cut may undo it whole: for what is simply done again."""
        return self._write(lambda: self._once(self._relaxed, who, work))

    def write_plainly(self, work: Callable[[Transaction], T]) -> T:
        """As `write_relaxed` for the system, without a unit of work: the processor's hot path.

        On SQLite always on the same connection, whose cache of pages nobody else makes stale.
        """
        return self._write(lambda: self._once_plainly(work))

    def dispose(self) -> None:
        """Close every pooled connection."""
        with self._lock:
            self._drop_writer()
        self._durable.dispose()
        self._relaxed.dispose()

    def _write(self, once: Callable[[], T]) -> T:
        """Again after a deadlock at once, and for some seconds while PostgreSQL restarts."""
        pauses_s, away_s = iter(_PAUSES_S), iter(_AWAY_S)
        while True:
            try:
                return once()
            except outcomes.Unknown as error:
                raise StoreUnavailable(_UNKNOWN) from error
            except DBAPIError as error:
                is_away = not self.is_sqlite and outcomes.is_away(error)
                if not (is_away or isinstance(error, OperationalError)):
                    raise
                pause_s = next(away_s if is_away else pauses_s, None)
                if pause_s is None or not (is_away or _is_retryable(error)):
                    raise StoreUnavailable(_AWAY) from error
                time.sleep(pause_s)

    def _once(self, engine: Engine, who: UUID | str, work: Callable[[Session], T]) -> T:
        failpoints.hit(failpoints.BEGIN)
        writer = engine.execution_options(ingestio_write=True)
        with self._turn(), Session(writer, expire_on_commit=False) as session:
            mark = self._bind(session.connection(), who, marks=True)
            result = work(session)
            failpoints.hit(failpoints.COMMIT)
            self._commit(session.commit, mark)
        failpoints.hit(failpoints.COMMITTED)
        return result

    def _once_plainly(self, work: Callable[[Transaction], T]) -> T:
        failpoints.hit(failpoints.BEGIN)
        with self._turn(), self._writing() as connection, connection.begin() as transaction:
            mark = self._bind(connection, SYSTEM, marks=True)
            result = work(_Plain(connection))
            failpoints.hit(failpoints.COMMIT)
            self._commit(transaction.commit, mark)
        failpoints.hit(failpoints.COMMITTED)
        return result

    def _commit(self, commit: Callable[[], None], mark: Mark | None) -> None:
        """Commit; where no answer came, ask what became of it, and go on if it was applied.

        Raises:
            DBAPIError: it was not applied.
            outcomes.Unknown
        """
        try:
            commit()
        except DBAPIError as error:
            if mark is None or not outcomes.is_away(error):
                raise
            if not outcomes.has_committed(self._durable, mark, _AWAY_S):
                raise
            log.warning("commit_unanswered", took_effect=True)

    @contextmanager
    def _writing(self) -> Generator[Connection]:
        """A connection to write on. SQLite's is kept, unless something went wrong with it."""
        if not self.is_sqlite:
            with self._relaxed.connect() as connection:
                yield connection
            return
        if self._writer is None:
            self._writer = self._relaxed.execution_options(ingestio_write=True).connect()
        try:
            yield self._writer
        except DBAPIError:
            self._drop_writer()
            raise

    def _drop_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            writer.close()

    @contextmanager
    def _turn(self) -> Generator[None]:
        if not self.is_sqlite:
            yield
            return
        with self._lock:
            yield

    def _bind(self, connection: Connection, who: UUID | str, *, marks: bool) -> Mark | None:
        """Bind a PostgreSQL transaction to its role and owner; both end with it."""
        if self.is_sqlite:
            return None
        role, owner = (SYSTEM_ROLE, None) if who == SYSTEM else (WEB_ROLE, str(who))
        return outcomes.bind(connection, role, owner, marks=marks)


@dataclass(frozen=True, slots=True)
class _Plain:
    """A transaction of the hot path: its connection, and nothing else."""

    on: Connection

    def connection(self) -> Connection:
        return self.on


def _sqlite(url: str, synchronous: str) -> Engine:
    engine = create_engine(url, connect_args={"check_same_thread": False}, pool_size=16)

    @event.listens_for(engine, "connect")
    def _(connection, _record) -> None:  # noqa: ANN001  # pyright: ignore[reportMissingParameterType, reportUnknownParameterType, reportUnusedFunction]
        connection.isolation_level = None  # pysqlite must not begin by itself
        for pragma in (*_PRAGMAS, f"synchronous={synchronous}"):
            connection.execute(f"PRAGMA {pragma}")  # pyright: ignore[reportUnknownMemberType]

    @event.listens_for(engine, "begin")
    def _(connection: Connection) -> None:  # pyright: ignore[reportUnusedFunction]
        # IMMEDIATE: read-then-write in a deferred transaction fails busy whatever the time-out.
        writes = connection.get_execution_options().get("ingestio_write", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgres(url: str) -> Engine:
    engine = create_engine(url, pool_size=16, max_overflow=32, pool_pre_ping=True)

    @event.listens_for(engine, "connect")
    def _(connection, _record) -> None:  # noqa: ANN001  # pyright: ignore[reportMissingParameterType, reportUnknownParameterType, reportUnusedFunction]
        for limit in _LIMITS:
            connection.execute(f"SET {limit}")  # pyright: ignore[reportUnknownMemberType]
        connection.commit()  # pyright: ignore[reportUnknownMemberType]

    return engine


def _is_retryable(error: DBAPIError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return state in _RETRYABLE_SQLSTATES or "database is locked" in str(error.orig)


@contextmanager
def _translated() -> Generator[None]:
    try:
        yield
    except (OperationalError, InterfaceError) as error:
        raise StoreUnavailable(_AWAY) from error
