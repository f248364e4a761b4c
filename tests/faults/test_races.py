"""Two who press at the same moment: owners, readers and sweeps against each other (row 21)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from sqlmodel import col

from ingestio.db.tables import Document
from ingestio.domain.documents import DocumentStatus
from ingestio.errors import Conflict, DocumentRejected, NotFound, StorageUnavailable
from tests.faults import moments
from tests.faults.living import count
from tests.faults.moments import ANSWER, Scene
from tests.wiring import House, build

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ingestio.db.engine import Database

pytestmark = pytest.mark.long
OPEN = (DocumentStatus.UPLOADED, DocumentStatus.PROCESSING, DocumentStatus.WAITING_FOR_QUOTA)


def _each(act: str) -> Callable[[House, Scene], object]:
    """An act on the first document, chosen before the race."""
    return lambda _house, scene: getattr(scene.batches, f"{act}_document")(
        scene.actor, scene.first_id
    )


def _batch(act: str) -> Callable[[House, Scene], object]:
    return lambda _house, scene: getattr(scene.batches, act)(scene.actor, scene.batch_id)


CANCEL, DELETE, RETRY = _batch("cancel"), _batch("delete"), _batch("retry_failed")
CANCEL_ONE, DELETE_ONE, RETRY_ONE = _each("cancel"), _each("delete"), _each("retry")


def claim(_house: House, scene: Scene) -> object:
    return [held for held in (scene.steps.claim(), scene.steps.claim()) if held]


def finish(_house: House, scene: Scene) -> object:
    return [steps.finish(held, ANSWER) for steps, held in scene.held]


def fail(_house: House, scene: Scene) -> object:
    return [steps.fail(held, DocumentRejected("No.")) for steps, held in scene.held]


def put_back(_house: House, scene: Scene) -> object:
    return [steps.fail(held, StorageUnavailable("Away.")) for steps, held in scene.held]


def beat(_house: House, scene: Scene) -> object:
    return scene.steps.extend([held for _, held in scene.held])


def sweep(house: House, _scene: Scene) -> object:
    return house.processor().sweep()


RACES = {
    "cancel, finish": (moments.claimed, CANCEL, finish),
    "cancel, fail": (moments.claimed, CANCEL, fail),
    "cancel, put back": (moments.claimed, CANCEL, put_back),
    "cancel, heartbeat": (moments.claimed, CANCEL, beat),
    "cancel one, finish": (moments.claimed, CANCEL_ONE, finish),
    "delete, finish": (moments.claimed, DELETE, finish),
    "delete one, finish": (moments.claimed, DELETE_ONE, finish),
    "delete, put back": (moments.claimed, DELETE, put_back),
    "finish, finish": (moments.claimed, finish, finish),
    "finish, fail": (moments.claimed, finish, fail),
    "cancel, cancel": (moments.claimed, CANCEL, CANCEL),
    "cancel, cancel one": (moments.claimed, CANCEL, CANCEL_ONE),
    "cancel, delete": (moments.claimed, CANCEL, DELETE),
    "delete, delete": (moments.claimed, DELETE, DELETE),
    "delete, delete one": (moments.claimed, DELETE, DELETE_ONE),
    "delete one, delete one": (moments.claimed, DELETE_ONE, DELETE_ONE),
    "cancel, claim": (moments.queued, CANCEL, claim),
    "cancel one, claim": (moments.queued, CANCEL_ONE, claim),
    "delete, claim": (moments.queued, DELETE, claim),
    "delete one, claim": (moments.queued, DELETE_ONE, claim),
    "claim, claim": (moments.queued, claim, claim),
    "take over, finish": (moments.lease_dead, claim, finish),
    "take over, heartbeat": (moments.lease_dead, claim, beat),
    "take over, take over": (moments.lease_dead, claim, claim),
    "take over, cancel": (moments.lease_dead, claim, CANCEL),
    "take over, delete": (moments.lease_dead, claim, DELETE),
    "retry, retry": (moments.failed, RETRY, RETRY),
    "retry, retry one": (moments.failed, RETRY, RETRY_ONE),
    "retry one, retry one": (moments.failed, RETRY_ONE, RETRY_ONE),
    "retry, delete": (moments.failed, RETRY, DELETE),
    "retry, delete one": (moments.failed, RETRY, DELETE_ONE),
    "retry, claim": (moments.failed, RETRY, claim),
    "retry, late finish": (moments.failed, RETRY, finish),
    "sweep, delete": (moments.completed, sweep, DELETE),
    "sweep, delete one": (moments.completed, sweep, DELETE_ONE),
    "sweep, sweep": (moments.completed, sweep, sweep),
}


@dataclass
class Outcome:
    """What one of two came to: a value, or a refusal."""

    value: object = None
    refused: Exception | None = None


def press(barrier: threading.Barrier, act: Callable[[], object]) -> Outcome:
    barrier.wait()
    try:
        return Outcome(act())
    except (Conflict, NotFound) as error:
        return Outcome(refused=error)


@pytest.fixture
def house(either_database: Database, tmp_path: Path) -> House:
    return build(either_database, tmp_path)


def scene_of(house: House, reach: Callable[[Scene], None]) -> Scene:
    ada = house.user(f"{house.new_id().hex}@example.org")
    scene = Scene(house.steps(), house.batches, ada, house.submit(ada, [2, 3, 4]))
    reach(scene)
    scene.first_id = scene.document_ids[0]
    return scene


@pytest.mark.timeout(300)
@pytest.mark.parametrize("times", [5, pytest.param(100, marks=pytest.mark.proof)])
@pytest.mark.parametrize("name", RACES)
def test_two_at_once_leave_everything_in_order(house: House, name: str, times: int):
    reach, *acts = RACES[name]
    with ThreadPoolExecutor(2) as pool:
        for _ in range(times):
            scene, barrier = scene_of(house, reach), threading.Barrier(2)
            pressed = [
                pool.submit(press, barrier, lambda act=act, scene=scene: act(house, scene))
                for act in acts
            ]
            outcomes = [one.result(30) for one in pressed]
            house.check()
            _assert_one_won(name, outcomes)
            _assert_ends(house)


def _assert_one_won(name: str, outcomes: list[Outcome]) -> None:
    """Where both want the same, it happens once."""
    values = [one.value for one in outcomes]
    match name:
        case "finish, finish":
            assert sum(sum(one) for one in values) == 3
        case "claim, claim" | "take over, take over":
            ids = [held.document_id for one in values for held in one]
            assert len(ids) == len(set(ids))
        case "retry, retry":
            assert sorted(one or 0 for one in values) == [0, 3]
        case "retry one, retry one" | "cancel, cancel" | "delete, delete":
            assert sum(one.refused is not None for one in outcomes) == 1


def _assert_ends(house: House) -> None:
    """Time passes, and everything that is left comes to its end."""
    house.clock.pass_s(700)
    house.processor().sweep()
    house.work_off()
    house.processor().sweep()
    house.check()
    assert count(house, Document, col(Document.status).in_(OPEN)) == 0
    assert list(house.extraction.answers.folder.glob("*")) == []
