"""Whatever users, processors and the payment side do: the ledger is what a small model says.

Through the product's own services, on SQLite and on PostgreSQL. After each step every period has
used what was settled and reserves what is held, and no claim went over a limit.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import TYPE_CHECKING, ClassVar
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import delete

from ingestio.db import balances, ledger, tables
from ingestio.db.engine import SYSTEM
from ingestio.domain.documents import DocumentStatus
from ingestio.domain.plans import PLANS, PlanName
from ingestio.domain.usage import UsageState, WhenPagesRunOut
from ingestio.errors import AIUnavailable, Unreadable
from ingestio.services.admin import Admin
from ingestio.services.steps import Steps
from tests.db.ledger_model import Model, Paper
from tests.fakes import START
from tests.wiring import House, build

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from ingestio.db.claims import Claim
    from ingestio.db.engine import Database
    from ingestio.domain.accounts import Actor

MARCH = (START.replace(day=1, hour=0), START.replace(month=4, day=1, hour=0))
SET_ASIDE = frozenset({DocumentStatus.WAITING_FOR_QUOTA, DocumentStatus.FAILED})
OPEN = (DocumentStatus.UPLOADED, DocumentStatus.PROCESSING, DocumentStatus.WAITING_FOR_QUOTA)
LEASE_S = 60.0
LONG_S = 700
"""Longer than every lease and every pause before another try."""
pages = st.sampled_from([1, 40, 250, 400, 1_000])


class Ledger(RuleBasedStateMachine):
    """One user's pages in one life."""

    house: ClassVar[House]

    def __init__(self) -> None:
        super().__init__()
        self.house.clock.at, self.house.billing.period = START, MARCH
        self.user: Actor = self.house.user(f"{uuid4().hex}@example.org")
        self.boss = self.house.user(f"{uuid4().hex}@example.org", is_admin=True)
        self.admin = Admin(
            self.house.database, self.house.billing, self.house.processor(), self.house.clock
        )
        self.model = Model(MARCH[0], 0)
        self.hands: list[Claim] = []
        self.newest: dict[UUID, Claim] = {}
        self.taken: dict[datetime, int] = {}
        self.change_plan(PlanName.PLUS)

    def teardown(self) -> None:
        """Nothing of it is there for the next life to claim."""
        gone = delete(tables.User).where(tables.User.id.in_([self.user.user_id, self.boss.user_id]))
        self.house.database.write(SYSTEM, lambda session: session.connection().execute(gone))

    @initialize(sizes=st.lists(pages, min_size=2, max_size=4))
    def begin(self, sizes: list[int]) -> None:
        self.submit(sizes, WhenPagesRunOut.WAIT)

    @rule(sizes=st.lists(pages, min_size=1, max_size=3), ending=st.sampled_from(WhenPagesRunOut))
    def submit(self, sizes: list[int], ending: WhenPagesRunOut) -> None:
        self.house.limiter.hits.clear()
        plan = self.house.billing.plans[self.user.user_id]
        self.house.billing.plans[self.user.user_id] = PlanName.GROWTH
        batch_id = self.house.submit(self.user, sizes, when_pages_run_out=ending)
        self.house.billing.plans[self.user.user_id] = plan
        for row in self.house.batches.detail(self.user, batch_id).documents:
            self.model.papers[row.id] = Paper(row.id, batch_id, row.pages)

    @rule()
    def claim(self) -> None:
        self._claim_at_once(1)

    @rule()
    def claim_twice_at_once(self) -> None:
        self._claim_at_once(2)

    @precondition(lambda self: self.hands)
    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        claim = self._from_hands(data)
        steps = self.house.steps()
        is_ours = steps.finish(claim, steps.read(claim))
        self._ends(claim, DocumentStatus.COMPLETED, is_ours=is_ours)

    @precondition(lambda self: self.hands)
    @rule(data=st.data())
    def fail_for_good(self, data: st.DataObject) -> None:
        claim = self._from_hands(data)
        is_ours = self.house.steps().fail(claim, Unreadable("Damaged."))
        self._ends(claim, DocumentStatus.FAILED, is_ours=is_ours)

    @precondition(lambda self: self.hands)
    @rule(data=st.data())
    def put_back(self, data: st.DataObject) -> None:
        """Its next claim holds the same generation's pages again, in the period of then."""
        claim = self._from_hands(data)
        is_ours = self.house.steps().fail(claim, AIUnavailable("Later.", retry_after_s=5))
        self._ends(claim, DocumentStatus.UPLOADED, is_ours=is_ours)

    @precondition(lambda self: self.hands)
    @rule(data=st.data())
    def crash(self, data: st.DataObject) -> None:
        """Its lease and its hold stay until somebody takes over."""
        self._from_hands(data)

    @rule(end=st.sampled_from([ledger.settle, ledger.release]), data=st.data())
    def end_what_is_not_held(self, end: Callable[..., None], data: st.DataObject) -> None:
        """A second settle or release of one generation changes nothing."""
        over = [key for key, one in self.model.entries.items() if one.state is not UsageState.HELD]
        document_id, generation = data.draw(st.sampled_from(over)) if over else (uuid4(), 1)
        now = self.house.clock.now()
        with pytest.raises(ledger.LedgerBroken):
            self.house.database.write(
                SYSTEM, lambda session: end(session, document_id, generation, now)
            )

    @rule(seconds=st.sampled_from([1, LEASE_S + 1, LONG_S]))
    def pass_time(self, seconds: float) -> None:
        self.house.clock.pass_s(seconds)

    @rule()
    def next_period(self) -> None:
        begins = self.house.billing.period[1]
        self.house.billing.period = (begins, begins + timedelta(days=30))
        self.house.clock.at = begins + timedelta(seconds=1)
        self.model.period = begins

    @rule(plan=st.sampled_from(PlanName))
    def change_plan(self, plan: PlanName) -> None:
        """In mid-period, up or down; it counts from the next look or sweep."""
        self.house.billing.plans[self.user.user_id] = plan
        self.model.plan_pages = PLANS[plan].pages_per_month

    @rule(more=st.sampled_from([1, 300, 2_000]))
    def grant(self, more: int) -> None:
        self.admin.grant_pages(self.boss, self.user.email, more, "because")
        period = self.model.period
        self.model.granted[period] = self.model.granted.get(period, 0) + more
        self.model.looked_at()

    @rule()
    def look(self) -> None:
        balance = self.house.usage.balance(self.user)
        self.model.looked_at()
        assert balance.left_pages == max(0, self.model.left())

    @rule()
    def sweep(self) -> None:
        """What waits goes on as far as its pages are there, and no further."""
        self.house.processor().sweep()
        waited = self.model.standing(DocumentStatus.WAITING_FOR_QUOTA)
        if waited or self.model.standing(DocumentStatus.UPLOADED):
            self.model.looked_at()
        self._follow({DocumentStatus.WAITING_FOR_QUOTA: frozenset({DocumentStatus.UPLOADED})})
        resumed = [one for one in waited if one.status is DocumentStatus.UPLOADED]
        if not waited:
            return
        coming = sum(one.pages for one in self.model.standing(DocumentStatus.UPLOADED))
        assert not resumed or coming <= self.model.left()
        still = self.model.standing(DocumentStatus.WAITING_FOR_QUOTA)
        assert [one for one in still if one.pages <= self.model.left() - coming] == []

    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        if paper := self._paper(data, *OPEN):
            self.house.batches.cancel_document(self.user, paper.id)
            self.model.ended(paper, DocumentStatus.CANCELLED)

    @rule(data=st.data())
    def retry(self, data: st.DataObject) -> None:
        """A new generation, which is charged by itself."""
        if paper := self._paper(data, DocumentStatus.FAILED):
            self.house.batches.retry_document(self.user, paper.id)
            paper.status, paper.generation = DocumentStatus.UPLOADED, paper.generation + 1

    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        """What was charged stays charged."""
        if paper := self._paper(data, *DocumentStatus):
            self.house.batches.delete_document(self.user, paper.id)
            self.model.ended(paper, DocumentStatus.CANCELLED)
            del self.model.papers[paper.id]

    @invariant()
    def every_period_adds_up(self) -> None:
        self.house.check()
        with self.house.database.read(SYSTEM) as session:
            for period, limit in self.model.limits.items():
                kept = balances.current(session, self.user.user_id, period)
                assert kept is not None
                assert kept.used_pages == self.model.pages(UsageState.SETTLED, period)
                assert kept.reserved_pages == self.model.pages(UsageState.HELD, period)
                assert kept.limit_pages == limit
                taken = kept.used_pages + kept.reserved_pages
                assert taken <= max(limit, self.taken.get(period, 0))
                self.taken[period] = taken

    @invariant()
    def every_line_is_there_once(self) -> None:
        lines, total = self.house.usage.ledger(self.user, 1, 1_000)
        expected = {key: (one.pages, one.state) for key, one in self.model.entries.items()}
        assert total == len(expected)
        assert {(x.document_id, x.generation): (x.pages, x.state) for x in lines} == expected

    def _claim_at_once(self, at_once: int) -> None:
        workers = [self.house.steps(f"worker-{number}") for number in range(at_once)]
        with ThreadPoolExecutor(at_once) as pool:
            claims = list(pool.map(Steps.claim, workers))
        if self.model.period not in self.model.limits and self._has_period():
            self.model.looked_at()
        before = self.model.left() if self.model.limits.get(self.model.period) is not None else 0
        new = [claim for claim in claims if claim and self._takes(claim)]
        assert sum(claim.pages for claim in new) <= max(0, before)
        short = before - sum(claim.pages for claim in new) if at_once > 1 else before
        for paper in self._follow({DocumentStatus.UPLOADED: SET_ASIDE}):
            assert paper.pages > short

    def _takes(self, claim: Claim) -> bool:
        """Whether it holds pages that were not held before; else it is a take-over."""
        paper, now = self.model.papers[claim.document_id], self.house.clock.now()
        assert claim.generation == paper.generation
        is_new = paper.status is DocumentStatus.UPLOADED
        if is_new:
            self.model.held(claim)
        else:
            assert paper.status is DocumentStatus.PROCESSING
            assert self.newest[paper.id].claimed_at + timedelta(seconds=LEASE_S) < now
        self.newest[paper.id] = claim
        self.hands.append(claim)
        return is_new

    def _ends(self, claim: Claim, status: DocumentStatus, *, is_ours: bool) -> None:
        """Ours while nobody has taken over, cancelled or deleted; fenced otherwise."""
        paper = self.model.papers.get(claim.document_id)
        is_held = paper is not None and paper.status is DocumentStatus.PROCESSING
        assert is_ours is (is_held and self.newest[claim.document_id] is claim)
        if is_ours and paper:
            self.model.ended(paper, status)

    def _follow(self, may_move: dict[DocumentStatus, frozenset[DocumentStatus]]) -> list[Paper]:
        """Papers that the product moved by itself, which it may in these ways alone."""
        moved: list[Paper] = []
        for batch_id in {paper.batch_id for paper in self.model.papers.values()}:
            for row in self.house.batches.detail(self.user, batch_id).documents:
                paper = self.model.papers[row.id]
                if row.status is not paper.status:
                    assert row.status in may_move.get(paper.status, ())
                    paper.status = row.status
                    moved.append(paper)
        return moved

    def _has_period(self) -> bool:
        with self.house.database.read(SYSTEM) as session:
            return balances.current(session, self.user.user_id, self.model.period) is not None

    def _from_hands(self, data: st.DataObject) -> Claim:
        return self.hands.pop(data.draw(st.integers(0, len(self.hands) - 1)))

    def _paper(self, data: st.DataObject, *statuses: DocumentStatus) -> Paper | None:
        standing = self.model.standing(*statuses)
        return standing[data.draw(st.integers(0, len(standing) - 1))] if standing else None


@pytest.fixture
def machine(either_database: Database, tmp_path: Path) -> type[Ledger]:
    """The machine over one of the two databases."""
    return type("LedgerThere", (Ledger,), {"house": build(either_database, tmp_path)})


def run(machine: type[Ledger], lives: int, steps: int) -> None:
    """The same lives each time, so that whoever sees one fail sees it again.

    A life that fails is shown as it was: finding a shorter one takes many times as long.
    """
    how = settings(
        max_examples=lives,
        stateful_step_count=steps,
        derandomize=True,
        database=None,
        deadline=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=how)


@pytest.mark.long
def test_the_ledger_is_what_the_model_says(machine: type[Ledger]):
    run(machine, lives=8, steps=30)


@pytest.mark.proof
@pytest.mark.timeout(3_600)
def test_the_ledger_is_what_the_model_says_through_many_lives(machine: type[Ledger]):
    run(machine, lives=400, steps=60)
