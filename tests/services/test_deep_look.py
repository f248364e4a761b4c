"""`doctor --deep` beside a server at work: no false alarm, and no sentence left out."""

from __future__ import annotations

import threading
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from ingestio.db import tables
from ingestio.db.engine import SYSTEM
from ingestio.errors import Conflict

if TYPE_CHECKING:
    from sqlmodel import Session

    from tests.wiring import House

LOOKS = 30


def work_until(house: House, is_over: threading.Event) -> None:
    """Submit, read, cancel, retry and delete for as long as somebody looks."""
    ada = house.user(f"{threading.get_ident()}@example.org")
    while not is_over.is_set():
        batch_id = house.submit(ada, (1, 2, 3))
        house.work_off(2)
        with suppress(Conflict):  # the others may have ended it
            house.batches.cancel(ada, batch_id)
        house.notifications.ring()
        house.batches.delete(ada, batch_id)


def test_looking_while_work_goes_on_gives_no_false_alarm(house: House) -> None:
    is_over = threading.Event()
    workers = [threading.Thread(target=work_until, args=(house, is_over)) for _ in range(3)]
    processor = house.processor("looker")
    for worker in workers:
        worker.start()
    try:
        looks = [processor.check_invariants() for _ in range(LOOKS)]
    finally:
        is_over.set()
        for worker in workers:
            worker.join(30)

    assert looks == [[]] * LOOKS


@pytest.mark.parametrize(
    ("table", "values", "sentence"),
    [
        (tables.UsagePeriod, {"used_pages": 99}, "used pages are the sum of what was settled"),
        (tables.UsagePeriod, {"reserved_pages": 9}, "reserved pages are the sum of what is held"),
        (tables.UserLoad, {"documents_waiting": 5}, "a user's load is what is in work"),
        (tables.Batch, {"completed_count": 0}, "the counts are the documents'"),
    ],
)
def test_what_does_not_hold_is_said(
    house: House, table: type, values: dict[str, int], sentence: str
) -> None:
    house.submit(house.user(), (1, 2))
    house.work_off()

    def damage(session: Session) -> None:
        session.connection().execute(update(tables.table_of(table)).values(**values))

    house.database.write(SYSTEM, damage)

    assert any(said.startswith(sentence) for said in house.processor().check_invariants())
