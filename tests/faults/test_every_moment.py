"""Cancel, retry and delete at every moment of a document's life (row 21)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ingestio.db.tables import Batch, Document
from ingestio.domain.batches import BatchStatus
from ingestio.errors import Conflict, NotFound
from tests.faults.living import count
from tests.faults.moments import ACTS, MOMENTS, Comes, Scene, put_back
from tests.wiring import House, build

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ingestio.db.engine import Database

PAGES = (2, 3)


@pytest.fixture
def house(either_database: Database, tmp_path: Path) -> House:
    return build(either_database, tmp_path)


def at(house: House, reach: Callable[[Scene], None]) -> Scene:
    """A batch of two, at that moment."""
    ada = house.user(f"{house.new_id().hex}@example.org")
    scene = Scene(house.steps(), house.batches, ada, house.submit(ada, PAGES))
    reach(scene)
    for steps, claim in scene.held:  # an answer that was paid for and is not saved yet
        steps.read(claim)
    return scene


def of_batch(scene: Scene, act: str) -> Callable[[], object]:
    name = {"retry": "retry_failed"}.get(act, act)
    return lambda: getattr(scene.batches, name)(scene.actor, scene.batch_id)


def of_each(scene: Scene, act: str) -> Callable[[], object]:
    ids = scene.document_ids

    def all_of_them() -> None:
        for one in ids:
            getattr(scene.batches, f"{act}_document")(scene.actor, one)

    return all_of_them


DOORS = {"batch": of_batch, "each document": of_each}
CASES = [
    pytest.param(reach, act, comes, id=f"{act} when {reach.__name__}")
    for reach, outcomes in MOMENTS.items()
    for act, comes in zip(ACTS, outcomes, strict=True)
]


@pytest.mark.parametrize(("reach", "act", "comes"), CASES)
def test_an_act_comes_to_what_the_table_says_and_nothing_leaks(
    house: House, reach: Callable[[Scene], None], act: str, comes: Comes
):
    for kind, door in DOORS.items():
        scene = at(house, reach)
        before = house.statuses(scene.actor, scene.batch_id)
        press = door(scene, act)
        if comes is Comes.CONFLICT:
            with pytest.raises(Conflict):
                press()
            assert house.statuses(scene.actor, scene.batch_id) == before
            house.batches.delete(scene.actor, scene.batch_id)
        else:
            press()
            _assert_came(house, scene, comes, kind)
            assert not any(scene.come_late()), "late writers are fenced"
            _assert_came(house, scene, comes, kind)
            _assert_no_leaks(house, scene, comes)
        house.work_off()
        house.check()


def _assert_came(house: House, scene: Scene, comes: Comes, kind: str) -> None:
    house.check()
    balance = house.usage.balance(scene.actor)
    assert balance.reserved_pages == 0
    if comes is Comes.GONE:
        assert (count(house, Document), house.files.kept) == (0, set())
        if kind == "batch":
            assert count(house, Batch) == 0
        return
    detail = house.detail(scene.actor, scene.batch_id)
    if comes is Comes.CANCELLED:
        assert detail.batch.status is BatchStatus.CANCELLED
    else:
        assert detail.batch.status is BatchStatus.QUEUED
        assert {one.generation for one in detail.documents} == {2}


def _assert_no_leaks(house: House, scene: Scene, comes: Comes) -> None:
    assert list(house.extraction.answers.folder.glob("*")) == []
    if comes is Comes.CANCELLED:
        house.batches.delete(scene.actor, scene.batch_id)
    house.files.kept.clear()


@pytest.mark.parametrize("act", ACTS)
def test_what_waits_for_pages_can_be_cancelled_and_deleted_and_not_retried(house: House, act: str):
    for door in DOORS.values():
        ada = house.user(f"{house.new_id().hex}@example.org")
        spent = house.submit(ada, [house.usage.balance(ada).limit_pages])
        assert house.work_off() == 1
        house.batches.delete(ada, spent)
        scene = Scene(house.steps(), house.batches, ada, house.submit(ada, PAGES))
        assert scene.steps.claim() is None
        assert house.statuses(ada, scene.batch_id) == ["waiting_for_quota"] * 2
        press = door(scene, act)
        if act == "retry":
            with pytest.raises(Conflict):
                press()
        else:
            press()
        house.check()
        assert house.usage.balance(ada).reserved_pages == 0
        if act != "delete":
            house.batches.delete(ada, scene.batch_id)


@pytest.mark.parametrize("act", ACTS)
def test_what_was_deleted_is_not_found(house: House, act: str):
    scene = at(house, put_back)
    presses = [of_batch(scene, act), of_each(scene, act)]
    house.batches.delete(scene.actor, scene.batch_id)
    for press in presses:
        with pytest.raises(NotFound):
            press()
