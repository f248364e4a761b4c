"""Two processors that press at the same moment, on a real PostgreSQL: what only row locks prevent.

A simulated life takes one step at a time, so it can't see a lock that is missing. Here threads with
connections of their own claim and finish the documents of one batch, as close together as they can.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from ingestio.db import claims, rollups, tables
from ingestio.domain.batches import roll_up
from ingestio.domain.documents import DocumentStatus

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from uuid import UUID

    import pytest
    from sqlalchemy.orm import Session

    from ingestio.services.steps import Steps
    from tests.wiring import House

PROCESSORS, DOCUMENTS = 2, 6
ENOUGH = 50
_batches = tables.table_of(tables.Batch)


def skip_locked_removed(patch: pytest.MonkeyPatch) -> None:
    """The next document is chosen without taking its row."""
    statement = claims._NEXT._clone()
    statement._for_update_arg = None
    patch.setattr(claims, "_NEXT", statement)


def batch_lock_removed(patch: pytest.MonkeyPatch) -> None:
    """A batch is counted anew, and its row is only taken once the counts are known."""

    def counted(session: Session, batch_id: UUID, moves: object, now: datetime) -> None:
        del moves
        counts, pages = rollups.recount(session, batch_id)
        time.sleep(0.001)
        connection, this = session.connection(), _batches.c.id == batch_id
        of_it = {f"{name}_count": getattr(counts, name) for name in COUNTED}
        values = {**of_it, "document_count": counts.total, "total_pages": pages}
        connection.execute(
            update(_batches)
            .where(this)
            .values(**values, in_work_count=counts.in_work, waiting_count=counts.waiting)
        )
        row = connection.execute(select(_batches).where(this)).one()
        if (status := roll_up(counts)) is not row.status:
            rollups._set_status(session, batch_id, row, status, now)

    patch.setattr(rollups, "_shift_batch", counted)


COUNTED = ("completed", "failed", "cancelled")
LOCKS: tuple[Callable[[pytest.MonkeyPatch], None], ...] = (skip_locked_removed, batch_lock_removed)


def races_until_found(house: House, most: int = ENOUGH) -> tuple[int, list[str]] | None:
    """How many batches it took until something did not hold; None where all of them did."""
    for number in range(most):
        if wrong := race(house, f"user{number}@example.org"):
            return number + 1, wrong
    return None


def race(house: House, email: str) -> list[str]:
    """One batch of a new user, worked off by everybody at once; what did not hold."""
    owner = house.user(email)
    house.usage.balance(owner)
    batch_id = house.submit(owner, [1] * DOCUMENTS)
    together, wrong = threading.Barrier(PROCESSORS, timeout=10), list[str]()
    threads = [
        threading.Thread(target=_work_off, args=(house.steps(f"{email} {number}"), together, wrong))
        for number in range(PROCESSORS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    documents = house.batches.detail(owner, batch_id).documents
    lost = [one.filename for one in documents if one.status is not DocumentStatus.COMPLETED]
    return wrong + house.processor().check_invariants() + lost


def _work_off(steps: Steps, together: threading.Barrier, wrong: list[str]) -> None:
    try:
        for _ in range(DOCUMENTS // PROCESSORS):
            together.wait()
            claim = steps.claim()
            together.wait()
            if claim:
                steps.finish(claim, steps.read(claim))
    except Exception as error:  # noqa: BLE001  a thread's error is what the race has found
        wrong.append(repr(error))
        together.abort()
