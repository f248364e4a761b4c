"""Seeded lives of the whole processor: the real services and the real SQL, everything else faked.

Two processors take their steps one at a time, in an order that a seed decides, and crash between
any two and inside any transaction; users submit, cancel, delete, retry and change their plans; the
clock jumps; the engine and the storage fail. After each step everything in `db/invariants` holds.
A seed gives the same life to the letter: ids, times and faults all come from its generator.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING
from uuid import UUID

from sqlmodel import col, select

from ingestio import failpoints
from ingestio.db import invariants
from ingestio.db.engine import SYSTEM, Database
from ingestio.db.tables import Document, PageGrant, UsagePeriod
from ingestio.domain.batches import BatchQuery
from ingestio.domain.plans import PlanName
from ingestio.domain.usage import WhenPagesRunOut
from ingestio.errors import (
    AIUnavailable,
    Conflict,
    NotFound,
    PaymentsUnavailable,
    ReaderCrashed,
    StorageUnavailable,
    Unreadable,
    UpgradeRequired,
)
from tests.sim.rest import unfinished
from tests.wiring import House, build

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from ingestio.db.claims import Claim
    from ingestio.domain.accounts import Actor
    from ingestio.ports import SourceDocument
    from ingestio.services.answers import Answer
    from ingestio.services.steps import Steps

LEASE_S = 60.0
USERS = 3


class Crashed(BaseException):
    """The process dies here. Not an Exception: nothing in the product may catch it."""


@dataclass
class Work:
    """A claim in a processor's hands, and the answer once it has one."""

    claim: Claim
    answer: Answer | None = None
    error: Exception | None = None


@dataclass
class Server:
    """One processor's process; its memory is what a crash loses."""

    number: int
    steps: Steps
    life: int = 1
    hands: list[Work] = field(default_factory=list)


class Violation(AssertionError):
    """Something does not hold; says of which seed and after which step."""


class World:
    """One life."""

    def __init__(self, seed: int, database: Database, folder: Path) -> None:
        self.seed = seed
        self.rng = Random(seed)  # noqa: S311  a life must repeat to the letter
        self.trace: list[str] = []
        self.has_faults = True
        self.house: House = build(database, folder)
        self.house.new_id = lambda: UUID(int=self.rng.getrandbits(128), version=4)
        self.house.engine.before = self._engine_fault
        self.house.billing.plans = {}
        self.users: list[Actor] = [
            self.house.user(f"user{number}@example.org") for number in range(USERS)
        ]
        self.servers = [Server(number, self._steps(number, 1)) for number in range(2)]
        self.completed: set[tuple[UUID, int]] = set()
        self.highest: dict[tuple[UUID, str], int] = {}
        for user in self.users:
            self.house.billing.plans[user.user_id] = PlanName.PLUS

    def live(self, steps: int) -> None:
        """Take so many steps, then let the faults stop and everything come to its end."""
        with self._crashes():
            for _ in range(steps):
                self._step()
        self.has_faults = False
        self._settle_down()

    def _step(self) -> None:
        verbs, weights = zip(*self._verbs().items(), strict=True)
        verb = self.rng.choices(verbs, weights)[0]
        self._note(verb.__name__)
        verb()
        self._check()

    def _verbs(self) -> dict[Callable[[], None], int]:
        return {
            self.claim: 30,
            self.read: 24,
            self.finish: 24,
            self.heartbeat: 4,
            self.sweep: 8,
            self.crash: 2,
            self.stop: 1,
            self.pass_time: 12,
            self.jump: 1,
            self.submit: 7,
            self.cancel: 2,
            self.cancel_one: 3,
            self.delete: 1,
            self.delete_one: 2,
            self.retry: 3,
            self.retry_one: 3,
            self.change_plan: 2,
            self.grant: 1,
            self.lose_payments: 1,
        }

    def claim(self) -> None:
        server = self.rng.choice(self.servers)
        with self._dying(server):
            if claim := server.steps.claim():
                server.hands.append(Work(claim))
                self._note(f"{server.steps.me} has {claim.document_id} {claim.token}")

    def read(self) -> None:
        todo = self._works(lambda work: not (work.answer or work.error))
        if not todo:
            return
        server, work = self.rng.choice(todo)
        with self._dying(server):
            try:
                work.answer = server.steps.read(work.claim)
            except Exception as error:  # noqa: BLE001  the crew catches all of them too
                work.error = error

    def finish(self) -> None:
        done = self._works(lambda work: bool(work.answer or work.error))
        if not done:
            return
        server, work = self.rng.choice(done)
        newest, is_ours = self._token(work.claim), False
        with self._dying(server):
            server.hands.remove(work)
            if work.error is not None:
                is_ours = server.steps.fail(work.claim, work.error)
                self._note(f"failed {is_ours}")
            elif work.answer is not None:
                is_ours = server.steps.finish(work.claim, work.answer)
                self._note(f"finished {is_ours}")
                if is_ours and work.answer.extraction.is_complete:
                    self._count(work.claim)
            if is_ours and newest != work.claim.token:
                self._violated([f"a late writer got through: {work.claim.document_id}"])

    def heartbeat(self) -> None:
        server = self.rng.choice(self.servers)
        server.steps.extend([work.claim for work in server.hands])

    def sweep(self) -> None:
        self.house.processor().sweep()

    def crash(self) -> None:
        self._die(self.rng.choice(self.servers))

    def stop(self) -> None:
        """SIGTERM: what is in work goes back."""
        server = self.rng.choice(self.servers)
        with self._dying(server):
            for work in server.hands:
                server.steps.release(work.claim)
        self._die(server)

    def pass_time(self) -> None:
        self.house.clock.pass_s(self.rng.choice([1, 5, 20, 59, 61, 130, 700]))

    def jump(self) -> None:
        """The clock is set wrong by an hour, or the next period begins."""
        if self.rng.random() < 0.3:
            start = self.house.billing.period[1]
            self.house.billing.period = (start, start + timedelta(days=30))
            self.house.clock.at = max(self.house.clock.at, start)
        else:
            self.house.clock.pass_s(self.rng.choice([-3_600, 3_600]))
            self._stay_in_period()

    def submit(self) -> None:
        pages = [self.rng.choice([1, 2, 3, 40, 250, 600]) for _ in range(self.rng.randint(1, 6))]
        ending = self.rng.choice([WhenPagesRunOut.WAIT, WhenPagesRunOut.WAIT, WhenPagesRunOut.FAIL])
        self.house.limiter.hits.clear()
        with _refused():
            self.house.submit(self._user(), pages, when_pages_run_out=ending)

    def cancel(self) -> None:
        self._of_batch(self.house.batches.cancel)

    def delete(self) -> None:
        self._of_batch(self.house.batches.delete)

    def retry(self) -> None:
        self._of_batch(self.house.batches.retry_failed)

    def cancel_one(self) -> None:
        self._of_document(self.house.batches.cancel_document)

    def delete_one(self) -> None:
        self._of_document(self.house.batches.delete_document)

    def retry_one(self) -> None:
        self._of_document(self.house.batches.retry_document)

    def change_plan(self) -> None:
        plan = self.rng.choice([PlanName.PLUS, PlanName.GROWTH, PlanName.STARTER])
        self.house.billing.plans[self._user().user_id] = plan

    def grant(self) -> None:
        user = self._user()
        row = PageGrant(
            user_id=user.user_id,
            period_starts_at=self.house.billing.period[0],
            pages=self.rng.choice([1, 50, 300]),
            reason="a life",
            granted_by=user.user_id,
            created_at=self.house.clock.now(),
        )
        self.house.database.write(SYSTEM, lambda session: session.add(row))

    def lose_payments(self) -> None:
        is_away = self.house.billing.error is not None
        self.house.billing.error = None if is_away else PaymentsUnavailable("Away.")

    def _token(self, claim: Claim) -> int | None:
        """The newest lease's token of a document; None where it is gone."""
        with self.house.database.read(SYSTEM) as session:
            of_it = col(Document.id) == claim.document_id
            return session.exec(select(col(Document.lease_token)).where(of_it)).first()

    def _works(self, wanted: Callable[[Work], bool]) -> list[tuple[Server, Work]]:
        return [(server, work) for server in self.servers for work in server.hands if wanted(work)]

    def _user(self) -> Actor:
        return self.rng.choice(self.users)

    def _of_batch(self, act: Callable[[Actor, UUID], object]) -> None:
        user = self._user()
        rows = self.house.batches.list(user, BatchQuery(sort="submitted_at", page_size=50)).items
        if rows:
            with _refused():
                act(user, self.rng.choice(rows).id)

    def _of_document(self, act: Callable[[Actor, UUID], object]) -> None:
        user = self._user()
        with self.house.database.read(SYSTEM) as session:
            query = select(col(Document.id)).where(col(Document.user_id) == user.user_id)
            ids = list(session.exec(query.order_by(col(Document.id))))
        if ids:
            with _refused():
                act(user, self.rng.choice(ids))

    def _steps(self, number: int, life: int) -> Steps:
        steps = self.house.steps(f"p{number}.{life}", lease_s=LEASE_S)
        object.__setattr__(steps, "jitter", self.rng.random)
        return steps

    def _engine_fault(self, document: SourceDocument) -> None:
        del document
        self.house.engine.is_complete = True
        if not self.has_faults or self.rng.random() > 0.35:
            return
        self.house.engine.is_complete = self.rng.random() > 0.3
        error = self.rng.choice(
            [
                None,
                AIUnavailable("Away."),
                AIUnavailable("Slow down.", retry_after_s=7),
                ReaderCrashed("It stopped."),
                Unreadable("Damaged."),
                StorageUnavailable("Away."),
                ZeroDivisionError(),
            ]
        )
        if error:
            raise error

    @contextmanager
    def _crashes(self) -> Generator[None]:
        """Every named place may be the last, with its transaction half done."""
        failpoints.on_hit(self._maybe_die)
        try:
            yield
        finally:
            failpoints.on_hit(None)

    def _maybe_die(self, name: str) -> None:
        if name in failpoints.NAMES and self.rng.random() < 0.06:
            self._note(f"dies at {name}")
            raise Crashed

    @contextmanager
    def _dying(self, server: Server) -> Generator[None]:
        try:
            yield
        except Crashed:
            self._die(server)

    def _die(self, server: Server) -> None:
        server.hands, server.life = [], server.life + 1
        server.steps = self._steps(server.number, server.life)

    def _stay_in_period(self) -> None:
        """The stand-in knows one period; the payment side would know the one before."""
        start, end = self.house.billing.period
        self.house.clock.at = min(max(self.house.clock.at, start), end - timedelta(seconds=1))

    def _count(self, claim: Claim) -> None:
        key = (claim.document_id, claim.generation)
        if key in self.completed:
            self._violated([f"finished twice: {key}"])
        self.completed.add(key)

    def _note(self, text: str) -> None:
        self.trace.append(f"{self.house.clock.now().isoformat()} {text}")

    def _check(self) -> None:
        with self.house.database.read(SYSTEM) as session:
            broken = self._broken(session)
        if broken:
            self._violated(broken)

    def _broken(self, session) -> list[str]:
        broken = invariants.broken(session)
        for period in session.exec(select(UsagePeriod)):
            key = (period.user_id, str(period.starts_at))
            highest = max(self.highest.get(key, 0), period.limit_pages)
            self.highest[key] = highest
            if period.used_pages + period.reserved_pages > highest:
                broken.append(f"more pages than ever were allowed: {period.user_id}")
        return broken

    def _violated(self, broken: list[str]) -> None:
        last = "\n  ".join(self.trace[-12:])
        raise Violation(f"seed {self.seed}, step {len(self.trace)}: {broken}\n  {last}")

    def _settle_down(self) -> None:
        """No faults any more: everything that can end, ends."""
        self.house.billing.error = None
        for user in self.users:
            self.house.billing.plans[user.user_id] = PlanName.GROWTH
        for server in self.servers:
            self._die(server)
        for _ in range(20):
            self.house.clock.pass_s(700)
            self._stay_in_period()
            self.house.processor().sweep()
            self.house.work_off()
            self._check()
        with self.house.database.read(SYSTEM) as session:
            left = unfinished(session, self.users, self.house.clock.now())
        if left:
            self._violated(left)


@contextmanager
def _refused() -> Generator[None]:
    """What users may be told."""
    try:
        yield
    except (Conflict, NotFound, UpgradeRequired, PaymentsUnavailable):
        return
