"""At most so many documents of one user are in work, where the operator says so (Spec 6.2)."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from ingestio import failpoints
from tests.wiring import House, build

if TYPE_CHECKING:
    from pathlib import Path

    from ingestio.db.engine import Database


@pytest.fixture
def house(either_database: Database, tmp_path: Path) -> House:
    return build(either_database, tmp_path)


def test_a_user_has_at_most_so_many_documents_in_work(house: House):
    ada, bob = house.user(), house.user("bob@example.org")
    house.submit(ada, [1] * 5)
    house.submit(bob, [1] * 5)
    steps = house.steps(at_once_a_user=2)
    taken = [claim for _ in range(6) if (claim := steps.claim())]
    assert sorted(one.user_id for one in taken) == sorted([ada.user_id, bob.user_id] * 2)


def test_the_next_of_a_user_begins_as_one_of_theirs_ends(house: House):
    ada = house.user()
    house.submit(ada, [1] * 3)
    steps = house.steps(at_once_a_user=1)
    claim = steps.claim()
    assert claim is not None
    assert steps.claim() is None
    following = steps.finish_and_claim(claim, steps.read(claim))
    assert following is not None
    assert following.document_id != claim.document_id
    assert steps.claim() is None


@pytest.mark.postgres
def test_two_processors_do_not_take_a_users_last_place_together(postgres: Database, tmp_path: Path):
    house = build(postgres, tmp_path)
    ada = house.user()
    house.usage.balance(ada)
    house.submit(ada, [1] * 3)
    inside, go_on = threading.Event(), threading.Event()
    found = []

    def linger(name: str) -> None:
        """The first claim stays in its transaction, uncommitted."""
        if name == failpoints.RESERVED and not inside.is_set():
            inside.set()
            go_on.wait(10)

    def claim(me: str) -> None:
        found.append(house.steps(me, at_once_a_user=1).claim())

    failpoints.on_hit(linger)
    claiming = [threading.Thread(target=claim, args=(me,)) for me in ("one", "two")]
    try:
        claiming[0].start()
        assert inside.wait(10)
        claiming[1].start()
        claiming[1].join(0.5)
    finally:
        go_on.set()
        for thread in claiming:
            thread.join(10)
        failpoints.on_hit(None)
    assert [one is None for one in found].count(False) == 1
    house.check()
