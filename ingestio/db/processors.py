"""Processors that run, a row each: nobody's rows, on the processor's list."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import bindparam, delete, insert, select, update

from ingestio.db import tables
from ingestio.db.claims import rows
from ingestio.domain.beats import Beat

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlmodel import Session

_processors = tables.table_of(tables.ProcessorBeat)
_TOLD: Final = ("beat_at", "in_work", "places", "trouble", "trouble_at")
_BEAT: Final = (
    update(_processors)
    .where(_processors.c.name == bindparam("of_name"))
    .values({name: bindparam(f"new_{name}") for name in _TOLD})
)


def write(session: Session, beat: Beat) -> None:
    """What it says of itself."""
    told = (beat.at, beat.in_work, beat.places, beat.trouble, beat.trouble_at)
    new = dict(zip(_TOLD, told, strict=True))
    connection = session.connection()
    given = {f"new_{name}": value for name, value in new.items()} | {"of_name": beat.name}
    if not rows(connection.execute(_BEAT, given)):
        first = {"name": beat.name, "started_at": beat.started_at, **new}
        connection.execute(insert(_processors).values(first))


def read(session: Session) -> list[Beat]:
    """All of them."""
    columns = (_processors.c[name] for name in ("name", "started_at", *_TOLD))
    return [Beat(*row) for row in session.connection().execute(select(*columns))]


def remove(session: Session, names: Collection[str]) -> None:
    """They have ended, or nobody heard of them for long."""
    query = delete(_processors).where(_processors.c.name.in_(list(names)))
    session.connection().execute(query)


def forgotten(session: Session, before: datetime) -> list[str]:
    """Who said nothing since then."""
    query = select(_processors.c.name).where(_processors.c.beat_at < before)
    return list(session.connection().execute(query).scalars())
