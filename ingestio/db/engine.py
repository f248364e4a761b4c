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
from typing import TYPE_CHECKING, Final, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError
from sqlmodel import Session

from ingestio import failpoints
from ingestio.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from uuid import UUID

T = TypeVar("T")
SYSTEM: Final = "system"
WEB_ROLE: Final = "ingestio_web"
SYSTEM_ROLE: Final = "ingestio_system"
_TRIES: Final = 5
_RETRYABLE_SQLSTATES: Final = frozenset({"40001", "40P01"})
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

    @property
    def engine(self) -> Engine:
        """The engine itself, for migrations and tests."""
        return self._durable

    @contextmanager
    def read(self, who: UUID | str) -> Generator[Session]:
        """A transaction that only reads."""
        with _translated(), Session(self._relaxed, expire_on_commit=False) as session:
            self._bind(session, who)
            yield session
            session.rollback()

    @contextmanager
    def snapshot(self, who: UUID | str) -> Generator[Session]:
        """The same, and all its statements see one moment: for sums that must agree.

        SQLite's transactions are like that; PostgreSQL's see what others commit between two
        statements, unless they say otherwise before the first.
        """
        with self.read(who) as session:
            if not self.is_sqlite:
                held = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"
                session.connection().execute(text(held))
            yield session

    def write(self, who: UUID | str, work: Callable[[Session], T]) -> T:
        """Run `work` in one durable transaction; again where the database says it must be."""
        return self._write(self._durable, who, work)

    def write_relaxed(self, who: UUID | str, work: Callable[[Session], T]) -> T:
        """The same, but a power cut may undo it whole: for what is simply done again."""
        return self._write(self._relaxed, who, work)

    def dispose(self) -> None:
        """Close every pooled connection."""
        self._durable.dispose()
        self._relaxed.dispose()

    def _write(self, engine: Engine, who: UUID | str, work: Callable[[Session], T]) -> T:
        for last in (*(False,) * (_TRIES - 1), True):
            try:
                return self._once(engine, who, work)
            except OperationalError as error:
                if last or not _is_retryable(error):
                    msg = "The database does not answer. Try again in a moment."
                    raise StoreUnavailable(msg) from error
                time.sleep(0.01)
        raise AssertionError

    def _once(self, engine: Engine, who: UUID | str, work: Callable[[Session], T]) -> T:
        failpoints.hit(failpoints.BEGIN)
        writer = engine.execution_options(ingestio_write=True)
        with self._turn(), Session(writer, expire_on_commit=False) as session:
            self._bind(session, who)
            result = work(session)
            failpoints.hit(failpoints.COMMIT)
            session.commit()
        failpoints.hit(failpoints.COMMITTED)
        return result

    @contextmanager
    def _turn(self) -> Generator[None]:
        if not self.is_sqlite:
            yield
            return
        with self._lock:
            yield

    def _bind(self, session: Session, who: UUID | str) -> None:
        """Bind a PostgreSQL transaction to its role and owner; both end with it."""
        if self.is_sqlite:
            return
        connection = session.connection()
        if who == SYSTEM:
            connection.execute(text(f"SET LOCAL ROLE {SYSTEM_ROLE}"))
            return
        connection.execute(text(f"SET LOCAL ROLE {WEB_ROLE}"))
        connection.execute(
            text("SELECT set_config('ingestio.user_id', :user_id, true)"), {"user_id": str(who)}
        )


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
    return create_engine(url, pool_size=16, max_overflow=32, pool_pre_ping=True)


def _is_retryable(error: OperationalError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return state in _RETRYABLE_SQLSTATES or "database is locked" in str(error.orig)


@contextmanager
def _translated() -> Generator[None]:
    try:
        yield
    except OperationalError as error:
        msg = "The database does not answer. Try again in a moment."
        raise StoreUnavailable(msg) from error
