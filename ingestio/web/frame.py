"""What the frame of every private page knows: who, what is left, what holds work up, what is new.

Answers one state, kept true by one follower. Leaves drawing it to `shell`, `meter` and `holdups`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypedDict

import reflex as rx
import structlog

from ingestio.bootstrap import call, services
from ingestio.domain import wording
from ingestio.domain.batches import BatchStatus
from ingestio.domain.providers import FOR_A_PERSON
from ingestio.errors import AIUnavailable, PaymentsUnavailable
from ingestio.web import format as fmt
from ingestio.web import live
from ingestio.web.session import SessionState
from ingestio.web.slots import assign

if TYPE_CHECKING:
    from ingestio.domain.accounts import Actor
    from ingestio.domain.batches import Pause
    from ingestio.domain.providers import Outage
    from ingestio.domain.usage import PageBalance
    from ingestio.services.notifications import NotificationRow

log = structlog.get_logger(__name__)
LOW_SHARE = 10
KNOWN, UNKNOWN = "known", "unknown"
"""Of the balance; empty until it is read."""


class Told(TypedDict):
    """A line of the bell's menu."""

    id: str
    title: str
    body: str
    href: str
    at: str


class Away(TypedDict):
    """A provider that gives no answers. `since` and `next_try` are moments: the page counts."""

    what: str
    since: str
    next_try: str
    advice: str


NOBODY_AWAY = Away(what="", since="", next_try="", advice="")


class Pages(NamedTuple):
    """A plan and what is left of it."""

    plan: str
    balance: PageBalance


class Frame(NamedTuple):
    """All that the frame shows, read in one go. No pages: the plan can't be read just now."""

    actor: Actor
    pages: Pages | None
    told: tuple[NotificationRow, ...]
    pause: Pause
    outage: Outage | None


def read_frame(actor: Actor) -> Frame:
    """Every number of the frame, owner-checked."""
    return Frame(
        actor,
        _pages(actor),
        tuple(services().notifications.unread(actor)),
        services().processor.state(),
        _outage(actor),
    )


def _pages(actor: Actor) -> Pages | None:
    try:
        entitlement = services().billing.entitlement(actor)
        return Pages(entitlement.plan.label, services().usage.balance(actor))
    except PaymentsUnavailable as error:
        log.warning("balance_unknown", user_id=str(actor.user_id), error=error.message)
        return None


def _outage(actor: Actor) -> Outage | None:
    """The provider that is away, for whom it concerns: whose documents wait, and administrators."""
    outage = services().providers.status()
    if outage is None or actor.is_admin:
        return outage
    tallies = services().batches.tallies(actor)
    goes_on = (BatchStatus.QUEUED, BatchStatus.PROCESSING)
    return outage if any(tallies.get(status) for status in goes_on) else None


class ShellState(SessionState):
    """What the frame shows."""

    email: str = ""
    is_admin: bool = False
    balance: str = ""
    plan: str = ""
    limit_pages: int = 0
    used_pages: int = 0
    reserved_pages: int = 0
    left_pages: int = 0
    renews_on: str = ""
    paused_reason: str = ""
    away: Away = NOBODY_AWAY
    told: list[Told] = []  # noqa: RUF012  Reflex copies a state's defaults

    @rx.var
    def initials(self) -> str:
        """Two letters for the account's mark."""
        return self.email[:2].upper()

    @rx.var
    def used_share(self) -> float:
        """Used pages in percent of the limit."""
        return min(100.0, 100 * self.used_pages / self.limit_pages) if self.limit_pages else 0.0

    @rx.var
    def held_share(self) -> float:
        """Held pages in percent of the limit."""
        if not self.limit_pages:
            return 0.0
        return min(100.0 - self.used_share, 100 * self.reserved_pages / self.limit_pages)

    @rx.var
    def left_words(self) -> str:
        """Left pages as a person reads them."""
        return f"{self.left_pages:,}"

    @rx.var
    def limit_words(self) -> str:
        """The limit as a person reads it."""
        return f"{self.limit_pages:,}"

    @rx.var
    def used_words(self) -> str:
        """Used pages in words."""
        return f"{self.used_pages:,} used"

    @rx.var
    def held_words(self) -> str:
        """Held pages in words."""
        return f"{self.reserved_pages:,} held"

    @rx.var
    def is_low(self) -> bool:
        """Whether under a tenth of the pages is left."""
        return self.left_pages * 100 < self.limit_pages * LOW_SHARE

    @rx.var
    def meter_words(self) -> str:
        """The meter in words, for who hears it."""
        return (
            f"{self.used_pages:,} used, {self.reserved_pages:,} held, "
            f"{self.left_pages:,} left of {self.limit_pages:,} pages"
        )

    @rx.event(background=True)
    async def follow_frame(self):
        """Keep balance and notifications true."""

        async def read(actor: Actor) -> Frame:
            return await call(read_frame, actor)

        await live.follow(self, read, self._show_frame)

    def _show_frame(self, frame: Frame) -> str | None:
        pause = frame.pause
        assign(
            self,
            email=frame.actor.email,
            is_admin=frame.actor.is_admin,
            paused_reason=(pause.reason or "maintenance").rstrip(".") if pause.is_paused else "",
            away=away_view(frame.outage, is_admin=frame.actor.is_admin),
            told=[_told(row) for row in frame.told],
        )
        if frame.pages is None:
            assign(self, balance=UNKNOWN)
            return live.LATER
        self._show_pages(frame.pages)
        return None

    def _show_pages(self, pages: Pages) -> None:
        balance = pages.balance
        assign(
            self,
            balance=KNOWN,
            plan=pages.plan,
            limit_pages=balance.limit_pages,
            used_pages=balance.used_pages,
            reserved_pages=balance.reserved_pages,
            left_pages=balance.left_pages,
            renews_on=fmt.day(balance.period_end),
        )

    @rx.event
    async def mark_read(self):
        """The bell's menu was read."""
        await call(services().notifications.mark_read, await self._actor())
        self.told = []


def away_view(outage: Outage | None, *, is_admin: bool) -> Away:
    """An outage as the page says it; what to do only to who can."""
    if outage is None:
        return NOBODY_AWAY
    is_gone = outage.reason == AIUnavailable.code
    can_act = is_admin and outage.reason in FOR_A_PERSON
    waits = "Documents wait meanwhile and go on by themselves. Nothing is charged for waiting."
    return Away(
        what="AI provider unavailable since"
        if is_gone
        else f"{wording.short(outage.reason)} Since",
        since=fmt.iso(outage.since),
        next_try="" if outage.is_being_tried else fmt.iso(outage.next_try_at),
        advice=wording.remedy(outage.reason) if can_act else waits,
    )


def _told(row: NotificationRow) -> Told:
    return Told(
        id=str(row.id), title=row.title, body=row.body, href=row.href or "", at=fmt.iso(row.at)
    )
