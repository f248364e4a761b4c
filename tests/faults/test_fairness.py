"""Nobody is starved: not by a thousand documents, not by poison, not by a locked row (Spec 6.2)."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest

from ingestio import failpoints
from ingestio.errors import ReaderCrashed
from tests.faults.living import all_ended, eventually, living, submit
from tests.wiring import House, build

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ingestio.db.engine import Database

SIZE = 4


@pytest.fixture
def house(either_database: Database, tmp_path: Path) -> House:
    return living(either_database, tmp_path)


class Watch:
    """How many documents are read at the same time: of everybody, and of each user."""

    def __init__(self, house: House) -> None:
        self.most, self.now = 0, 0
        self._lock = threading.Lock()
        inner = house.engine.extract

        def watched(document, prompt, kind):
            with self._lock:
                self.now += 1
                self.most = max(self.most, self.now)
            try:
                return inner(document, prompt, kind)
            finally:
                with self._lock:
                    self.now -= 1

        house.engine.extract = watched


@pytest.mark.long
def test_ten_documents_do_not_wait_behind_a_thousand(house: House, figure: Callable[..., None]):
    house.engine.takes_s = 0.02
    watch = Watch(house)
    ada, bob = house.user(), house.user("bob@example.org")
    thousand = submit(house, ada, 1_000)
    processor = house.processor(size=SIZE)
    processor.run_once()
    time.sleep(0.3)
    ten = house.submit(bob, [1] * 10)
    began_s = time.monotonic()
    try:
        assert eventually(lambda: all_ended(house, bob, [ten]), 20)
        took_s = time.monotonic() - began_s
        assert not all_ended(house, ada, thousand)
    finally:
        processor.stop(10)
    alone_s = 10 * house.engine.takes_s / (SIZE / 2)
    figure(
        "fairness",
        f"10 documents behind 1,000, {house.database.engine.dialect.name}",
        took_s=round(took_s, 3),
        alone_with_half_of_the_slots_s=alone_s,
        most_at_once=watch.most,
    )
    assert watch.most <= SIZE
    assert took_s < 5 * alone_s + 0.5


@pytest.mark.long
def test_one_users_poison_does_not_starve_the_other(house: House, figure: Callable[..., None]):
    house.engine.takes_s = 0.02
    eve, bob = house.user("eve@example.org"), house.user("bob@example.org")
    poison = house.submit(eve, [1] * 50)
    for number in range(50):
        sha256 = f"{poison.hex[:24]}{number:08}"
        house.engine.failing[sha256] = ReaderCrashed("It died.")
    processor = house.processor(size=SIZE)
    processor.run_once()
    good = house.submit(bob, [1] * 50)
    began_s = time.monotonic()
    try:
        assert eventually(lambda: all_ended(house, bob, [good]), 20)
        took_s = time.monotonic() - began_s
    finally:
        processor.stop(10)
    figure(
        "fairness",
        f"50 good beside 50 poisoned, {house.database.engine.dialect.name}",
        took_s=round(took_s, 2),
        good_completed=house.batches.detail(bob, good).batch.counts.completed,
    )
    assert took_s < 10


def test_a_users_load_decides_and_not_who_came_first(house: House):
    ada, bob = house.user(), house.user("bob@example.org")
    house.submit(ada, [5] * 10)
    house.submit(bob, [1] * 10)
    steps = house.steps()
    first = [steps.claim() for _ in range(12)]
    pages = {
        user.user_id: sum(one.pages for one in first if one and one.user_id == user.user_id)
        for user in (ada, bob)
    }
    assert pages[bob.user_id] == 10, "the one with the least pages in work is always next"
    assert pages[ada.user_id] == 10


@pytest.mark.postgres
def test_a_document_that_is_just_being_claimed_hides_no_other_users(
    postgres: Database, tmp_path: Path
):
    """Two processors choose the same user; the second must not go home with nothing."""
    house = build(postgres, tmp_path)
    ada, bob = house.user(), house.user("bob@example.org")
    house.usage.balance(ada)
    house.usage.balance(bob)
    house.submit(ada, [1])
    house.submit(bob, [1])
    inside, go_on = threading.Event(), threading.Event()

    def linger(name: str) -> None:
        """The first claim stays in its transaction, with its document's row locked."""
        if name == failpoints.RESERVED and not inside.is_set():
            inside.set()
            go_on.wait(10)

    failpoints.on_hit(linger)
    slow = threading.Thread(target=house.steps("one").claim)
    slow.start()
    try:
        assert inside.wait(10)
        other = house.steps("two").claim()
    finally:
        go_on.set()
        slow.join()
        failpoints.on_hit(None)
    assert other is not None
    assert other.user_id in {ada.user_id, bob.user_id}
