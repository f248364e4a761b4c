"""The services over the machine's own clock, for faults that need real time to pass."""

from __future__ import annotations

import time
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, TypeVar

from sqlmodel import col, func, select

from ingestio.adapters.system_clock import SystemClock
from ingestio.db.engine import SYSTEM
from ingestio.db.tables import Batch, Document, ExtractionJob, UsageEntry
from ingestio.domain.documents import DocumentStatus
from ingestio.domain.plans import PLANS, PlanName
from ingestio.domain.usage import UsageState
from tests.wiring import House, build

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from uuid import UUID

    from sqlmodel import SQLModel

    from ingestio.db.engine import Database
    from ingestio.domain.accounts import Actor
    from ingestio.domain.batches import BatchId
    from ingestio.services.processor import Processor

Kind = TypeVar("Kind", bound="Processor")
MONTH = timedelta(days=30)
FILES_A_BATCH = PLANS[PlanName.GROWTH].files_per_batch


def living(database: Database, folder: Path) -> House:
    """The house of `tests.wiring`, with a period that reaches around now.

    It begins at a midnight, so that processes beside each other mean the same one.
    """
    house = build(database, folder, clock=SystemClock())  # type: ignore[arg-type]
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    house.billing.period = (midnight - MONTH, midnight + MONTH)
    return house


def count(house: House, table: type[SQLModel], *conditions: object) -> int:
    """Rows of a table."""
    with house.database.read(SYSTEM) as session:
        return session.exec(select(func.count()).select_from(table).where(*conditions)).one()


def in_status(house: House, status: DocumentStatus) -> int:
    """Documents that stand so."""
    return count(house, Document, col(Document.status) == status)


def settled(house: House) -> int:
    """Lines of the ledger that were charged."""
    return count(house, UsageEntry, col(UsageEntry.state) == UsageState.SETTLED)


def successes(house: House) -> int:
    """Attempts that were logged as completed: one a document, or something was done twice."""
    return count(house, ExtractionJob, col(ExtractionJob.status) == DocumentStatus.COMPLETED)


def as_kind(kind: type[Kind], processor: Processor) -> Kind:
    """The same processor, of a class that also watches itself."""
    return kind(**{one.name: getattr(processor, one.name) for one in fields(processor)})


def eventually(what: Callable[[], bool], within_s: float) -> bool:
    """Whether it comes true in time."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if what():
            return True
        time.sleep(0.02)
    return False


def submit(house: House, actor: Actor, documents: int, pages: int = 1) -> list[BatchId]:
    """So many documents, in batches as large as the plan allows."""
    return [
        house.submit(actor, [pages] * min(FILES_A_BATCH, documents - begun))
        for begun in range(0, documents, FILES_A_BATCH)
    ]


def all_ended(house: House, actor: Actor, batch_ids: Sequence[UUID]) -> bool:
    """Whether nothing of these batches will move by itself."""
    return all(house.batches.detail(actor, one).batch.has_ended for one in batch_ids)


def assert_all_once(house: House, actor: Actor, documents: int, pages: int) -> None:
    """All of the only user's documents completed, charged once, logged once, told once."""
    house.check()
    assert count(house, Document) == documents
    assert in_status(house, DocumentStatus.COMPLETED) == documents
    balance = house.usage.balance(actor)
    assert (balance.used_pages, balance.reserved_pages) == (documents * pages, 0)
    assert (settled(house), successes(house)) == (documents, documents)
    house.processor().sweep()
    assert len(house.notifications.unread(actor)) == count(house, Batch)
