"""PostgreSQL restarted hard in mid-work, and answers to COMMIT that never arrive (row 10)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from sqlmodel import col

from ingestio.db import operations
from ingestio.db.engine import SYSTEM, Database
from ingestio.db.tables import Batch, PageGrant
from ingestio.domain.batches import BatchStatus
from ingestio.domain.documents import DocumentStatus
from ingestio.errors import DocumentRejected, Refused
from tests.faults.living import all_ended, assert_all_once, count, eventually, in_status, living
from tests.faults.living import submit as submit_all
from tests.faults.wire import Wire

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from pathlib import Path
    from uuid import UUID

    from ingestio.domain.accounts import Actor
    from tests.conftest import Cluster
    from tests.faults.wire import Cut
    from tests.wiring import House

pytestmark = [pytest.mark.postgres, pytest.mark.long]
LEASE_S = 1.0
CUTS: tuple[Cut, ...] = ("answer", "question")


@pytest.fixture
def wire(postgres: Database) -> Generator[Wire]:
    """Between the product and its database."""
    made = Wire(postgres.engine.url)
    yield made
    made.close()


@pytest.fixture
def house(wire: Wire, tmp_path: Path) -> Generator[House]:
    """The product at the far end of the wire."""
    database = Database(wire.url)
    yield living(database, tmp_path)
    database.dispose()


def work_off(house: House, actor: Actor, batch_ids: Sequence[UUID], within_s: float) -> float:
    """A processor as the scheduler drives it, until all has ended; the seconds it took."""
    processor = house.processor(lease_s=LEASE_S, size=4)
    began_s = time.monotonic()

    def has_ended() -> bool:
        try:
            processor.run_once()
            return all_ended(house, actor, batch_ids)
        except Refused:
            raise
        except Exception:  # noqa: BLE001  the database is away: the scheduler's next run looks again
            return False

    try:
        assert eventually(has_ended, within_s), in_status(house, DocumentStatus.COMPLETED)
    finally:
        processor.stop(5)
    return time.monotonic() - began_s


@pytest.mark.parametrize("times", [2, pytest.param(10, marks=pytest.mark.proof)])
def test_a_restart_in_mid_work_loses_and_doubles_nothing(
    safe_cluster: Cluster, tmp_path: Path, figure: Callable[..., None], times: int
):
    documents = 60 * times
    with safe_cluster.fresh("migrated") as database:
        house = living(database, tmp_path)
        house.engine.takes_s = 0.05
        ada = house.user()
        house.usage.balance(ada)
        batches = submit_all(house, ada, documents, 2)
        processor = house.processor(lease_s=LEASE_S, size=4)
        away_s, hit = [], 0
        for _ in range(times):
            processor.run_once()
            time.sleep(0.4)
            hit += in_status(house, DocumentStatus.PROCESSING)
            away_s.append(safe_cluster.restart())
        processor.stop(5)
        took_s = work_off(house, ada, batches, 60)
        assert hit, "the restarts fell into work"
        assert_all_once(house, ada, documents, 2)
        extra = len(house.engine.asked) - documents
    figure(
        "10",
        "restarts in mid-work",
        restarts=times,
        in_work=hit,
        lost=0,
        doubled=0,
        extra_ai_calls=extra,
        away_s=round(max(away_s), 2),
        recovered_s=round(took_s, 2),
    )


@pytest.mark.parametrize("how", CUTS)
def test_a_processor_whose_commits_are_cut_loses_and_doubles_nothing(
    house: House, wire: Wire, figure: Callable[..., None], how: Cut
):
    documents = 60
    ada = house.user()
    house.usage.balance(ada)
    batches = submit_all(house, ada, documents, 2)
    wire.cut(how, 25, every=5)
    took_s = work_off(house, ada, batches, 60)
    assert wire.cuts == 25
    assert_all_once(house, ada, documents, 2)
    extra = len(house.engine.asked) - documents
    figure(
        "10",
        f"the {how} of COMMIT lost",
        cuts=wire.cuts,
        lost=0,
        doubled=0,
        extra_ai_calls=extra,
        took_s=round(took_s, 2),
    )


def submit(house: House, ada: Actor, wire: Callable[[], None]) -> None:
    draft_id = house.draft(ada, [1, 1])
    wire()
    assert house.batches.submit(ada, draft_id) == draft_id
    assert house.queue.wakes == 1
    assert house.statuses(ada, draft_id) == ["uploaded", "uploaded"]
    assert count(house, Batch) == 1


def cancel(house: House, ada: Actor, wire: Callable[[], None]) -> None:
    batch_id = house.submit(ada, [1, 1])
    wire()
    house.batches.cancel(ada, batch_id)
    assert house.statuses(ada, batch_id) == ["cancelled", "cancelled"]


def retry(house: House, ada: Actor, wire: Callable[[], None]) -> None:
    house.engine.failures = [DocumentRejected("No.")]
    batch_id = house.submit(ada, [1])
    house.work_off()
    wire()
    assert house.batches.retry_failed(ada, batch_id) == 1
    again = house.detail(ada, batch_id)
    assert (again.documents[0].generation, again.batch.round) == (2, 2)


def delete(house: House, ada: Actor, wire: Callable[[], None]) -> None:
    batch_id = house.submit(ada, [1])
    wire()
    house.batches.delete(ada, batch_id)
    assert count(house, Batch) == 0
    assert house.files.kept == set()


def claim_and_finish(house: House, ada: Actor, wire: Callable[[], None]) -> None:
    batch_id = house.submit(ada, [3])
    steps = house.steps()
    wire()
    held = steps.claim()
    assert held is not None
    answer = steps.read(held)
    wire()
    assert steps.finish(held, answer)
    assert house.detail(ada, batch_id).batch.status is BatchStatus.COMPLETED
    assert house.usage.balance(ada).used_pages == 3


def grant(house: House, ada: Actor, wire: Callable[[], None]) -> None:
    right, now = house.billing.entitlement(ada), house.clock.now()
    wire()
    house.database.write(
        SYSTEM,
        lambda session: operations.grant(
            session,
            user_id=ada.user_id,
            right=right,
            pages=100,
            reason="late delivery",
            by=ada.user_id,
            now=now,
        ),
    )
    assert count(house, PageGrant, col(PageGrant.user_id) == ada.user_id) == 1
    assert house.usage.balance(ada).limit_pages == right.plan.pages_per_month + 100


@pytest.mark.parametrize("how", CUTS)
@pytest.mark.parametrize("act", [submit, cancel, retry, delete, claim_and_finish, grant])
def test_an_act_whose_commit_is_cut_takes_effect_once_and_succeeds(
    house: House, wire: Wire, how: Cut, act: Callable[[House, Actor, Callable[[], None]], None]
):
    ada = house.user()
    house.usage.balance(ada)
    act(house, ada, lambda: wire.cut(how))
    assert wire.cuts
    house.check()
