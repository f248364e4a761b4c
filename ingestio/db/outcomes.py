"""What became of a PostgreSQL transaction whose COMMIT got no answer.

Answers `bind`, which asks for a transaction's own number as it begins, and `has_committed`, which
asks the server for that number's fate over a new connection: so an error after the COMMIT was
applied has its effect once, whatever was written. Leaves trying again to `engine`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection, Engine

_MARK: Final = "pg_current_xact_id()::text, pg_postmaster_start_time()::text"
_BIND: Final = "set_config('role', :role, true), set_config('ingestio.user_id', :owner, true)"
_BIND_SYSTEM: Final = "set_config('role', :role, true)"
_READING: Final = {True: text(f"SELECT {_BIND}"), False: text(f"SELECT {_BIND_SYSTEM}")}
_WRITING: Final = {
    True: text(f"SELECT {_BIND}, {_MARK}"),
    False: text(f"SELECT {_BIND_SYSTEM}, {_MARK}"),
}
_FATE: Final = text(
    "SELECT pg_xact_status(CAST(:number AS xid8)), pg_postmaster_start_time()::text"
)
_GONE: Final = frozenset({"57P01", "57P02", "57P03", "25P03"})
_OF_THE_FUTURE: Final = "22023"
"""A number that this server has not given out yet: it was given out before a crash, in vain."""


class Unknown(Exception):
    """Nobody can tell whether it was saved."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A transaction's number, and since when the server runs that gave it."""

    number: str
    server: str


def bind(connection: Connection, role: str, owner: str | None, *, marks: bool) -> Mark | None:
    """Bind a transaction to its role and owner until it ends, in one statement."""
    statements = _WRITING if marks else _READING
    owned = {"owner": owner} if owner else {}
    row = connection.execute(statements[owner is not None], {"role": role, **owned}).one()
    return Mark(*row[-2:]) if marks else None


def is_away(error: DBAPIError) -> bool:
    """Whether PostgreSQL or the way to it was lost: not a word about what was asked."""
    state: str | None = getattr(error.orig, "sqlstate", None)
    if state not in _GONE and not isinstance(error, OperationalError | InterfaceError):
        return False
    return error.connection_invalidated or state is None or state in _GONE or state[:2] == "08"


def has_committed(engine: Engine, mark: Mark, pauses_s: Iterable[float]) -> bool:
    """Whether that transaction took effect.

    Raises:
        Unknown: the server stays away, or it crashed and may have given the number out again.
    """
    for pause_s in pauses_s:
        match _fate(engine, mark):
            case "committed", True:
                return True
            case "committed", False:
                raise Unknown
            case "aborted", _:
                return False
            case "in progress", False:
                return False  # the number of somebody else now: ours died with the server
            case _:
                time.sleep(pause_s)
    raise Unknown


def _fate(engine: Engine, mark: Mark) -> tuple[str, bool]:
    """What the server says of it, and whether it is the same run of the server."""
    try:
        with engine.connect() as connection:
            status, server = connection.execute(_FATE, {"number": mark.number}).one()
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == _OF_THE_FUTURE:
            return "aborted", False
        if not is_away(error):
            raise
        return "away", False
    return status or "away", server == mark.server
