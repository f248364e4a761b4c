"""What people do in a life: users with their batches and plans, an administrator with the queue.

Each act is a request to some server, which may die of it; what they may be told is no violation.
"""

from __future__ import annotations

from contextlib import contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from sqlmodel import col, select

from ingestio.db.engine import SYSTEM
from ingestio.db.tables import Document
from ingestio.domain.batches import BatchQuery
from ingestio.domain.plans import PlanName, SubscriptionStatus
from ingestio.domain.prompts import PromptStrategy
from ingestio.domain.usage import WhenPagesRunOut
from ingestio.errors import (
    Conflict,
    NotFound,
    PaymentsUnavailable,
    StoreUnavailable,
    UpgradeRequired,
)
from ingestio.services.admin import Admin

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from uuid import UUID

    from ingestio.domain.accounts import Actor
    from tests.sim.fate import Fate
    from tests.sim.servers import Server, Servers
    from tests.wiring import House

T = TypeVar("T")
USERS = 3
PAGES = (1, 1, 2, 2, 3, 40, 40, 250, 600)


class People:
    """Three users and an administrator."""

    def __init__(self, house: House, fate: Fate, servers: Servers) -> None:
        self._house, self._fate, self._servers = house, fate, servers
        self.users = [house.user(f"user{number}@example.org") for number in range(USERS)]
        self.admin = house.user("admin@example.org", is_admin=True)
        for user in self.users:
            house.billing.plans[user.user_id] = PlanName.PLUS

    def submit(self) -> None:
        pages = [self._choose(PAGES) for _ in range(self._fate.rng.randint(1, 6))]
        ending = self._choose([WhenPagesRunOut.WAIT, WhenPagesRunOut.WAIT, WhenPagesRunOut.FAIL])
        asks_itself = self._fate.rng.random() < 0.3
        strategy = PromptStrategy.GLOBAL if asks_itself else PromptStrategy.AUTO
        prompt = "The total" if asks_itself else None
        self._house.limiter.hits.clear()
        with self._request():
            self._house.submit(
                self._user(), pages, when_pages_run_out=ending, strategy=strategy, prompt=prompt
            )

    def cancel(self) -> None:
        self._of_batch(self._house.batches.cancel)

    def delete(self) -> None:
        self._of_batch(self._house.batches.delete)

    def retry(self) -> None:
        self._of_batch(self._house.batches.retry_failed)

    def cancel_one(self) -> None:
        self._of_document(self._house.batches.cancel_document)

    def delete_one(self) -> None:
        self._of_document(self._house.batches.delete_document)

    def retry_one(self) -> None:
        self._of_document(self._house.batches.retry_document)

    def look(self) -> None:
        """The balance makes the period's row, or brings its limit up to date."""
        with self._request():
            self._house.usage.balance(self._user())

    def change_plan(self) -> None:
        user = self._user()
        self._house.billing.plans[user.user_id] = self._choose(list(PlanName))
        self._house.billing.statuses[user.user_id] = self._choose(
            [SubscriptionStatus.ACTIVE, SubscriptionStatus.ACTIVE, SubscriptionStatus.PAST_DUE]
        )

    def grant(self) -> None:
        pages, user = self._choose([1, 50, 300]), self._user()
        with self._request() as server:
            self._desk(server).grant_pages(self.admin, user.email, pages, "A life.")

    def pause(self) -> None:
        with self._request() as server:
            self._desk(server).pause(self.admin, "A life.")

    def resume(self) -> None:
        with self._request() as server:
            self._desk(server).resume(self.admin)

    def lose_payments(self) -> None:
        billing = self._house.billing
        billing.error = None if billing.error else PaymentsUnavailable("Away.")

    def pass_time(self) -> None:
        self.wait(self._choose([1, 5, 20, 59, 61, 130, 700]))

    def wait(self, seconds: float) -> None:
        """By every clock."""
        self._house.clock.pass_s(seconds)
        self._fate.elapsed_s += seconds

    def jump(self) -> None:
        """The clock is set wrong by an hour, or the next period begins."""
        clock, billing = self._house.clock, self._house.billing
        if self._fate.rng.random() < 0.3:
            start = billing.period[1]
            billing.period = (start, start + timedelta(days=30))
            clock.at = max(clock.at, start)
        else:
            clock.pass_s(self._choose([-3_600, 3_600]))
            self.stay_in_period()

    def stay_in_period(self) -> None:
        """The stand-in knows one period; the payment side would know the one before."""
        start, end = self._house.billing.period
        clock = self._house.clock
        clock.at = min(max(clock.at, start), end - timedelta(seconds=1))

    def calm_down(self) -> None:
        """Nothing is in the way any more; for half of the lives also enough pages."""
        self._house.billing.error = None
        if self._fate.rng.random() < 0.5:
            self._house.billing.statuses.clear()
            for user in self.users:
                self._house.billing.plans[user.user_id] = PlanName.GROWTH
        self.resume()

    def _of_batch(self, act: Callable[[Actor, UUID], object]) -> None:
        user = self._user()
        rows = self._house.batches.list(user, BatchQuery(sort="submitted_at", page_size=50)).items
        if rows:
            with self._request():
                act(user, self._choose(rows).id)

    def _of_document(self, act: Callable[[Actor, UUID], object]) -> None:
        user = self._user()
        with self._house.database.read(SYSTEM) as session:
            query = select(col(Document.id)).where(col(Document.user_id) == user.user_id)
            ids = session.exec(query.order_by(col(Document.id))).all()
        if ids:
            with self._request():
                act(user, self._choose(ids))

    def _desk(self, server: Server) -> Admin:
        house = self._house
        return Admin(house.database, house.billing, server.processor, house.clock)

    def _user(self) -> Actor:
        return self._choose(self.users)

    def _choose(self, things: Sequence[T]) -> T:
        return self._fate.rng.choice(things)

    @contextmanager
    def _request(self) -> Generator[Server]:
        with self._servers.any() as server:
            try:
                yield server
            except (Conflict, NotFound, UpgradeRequired, PaymentsUnavailable, StoreUnavailable):
                return
