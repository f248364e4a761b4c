"""What billing shows: pure, from records to words and bars."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypedDict

from ingestio.domain.usage import UsageState
from ingestio.web import format as fmt
from ingestio.web import routes
from ingestio.web.components.badges import Look
from ingestio.web.components.charts import DayBar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ingestio.domain.plans import Entitlement
    from ingestio.domain.usage import PageBalance, UsageEntry

ENTRY_LOOKS: dict[UsageState, Look] = {
    UsageState.SETTLED: Look("st ok", "circle_check", "Settled"),
    UsageState.HELD: Look("st run", "loader_circle", "Held"),
    UsageState.RELEASED: Look("st q", "rotate_ccw", "Released"),
}
_LABELLED_DAYS = 5
"""A day in so many has its number under the chart."""


class EntryView(TypedDict):
    """A line of the ledger."""

    id: str
    at: str
    name: str
    head: str
    tail: str
    href: str
    about: str
    state: str
    reserved: str
    settled: str
    released: str


class BalanceView(TypedDict):
    """The four numbers, and the line under the title."""

    about: str
    limit: str
    used: str
    held: str
    left: str


def balance_view(right: Entitlement, balance: PageBalance) -> BalanceView:
    """A user's plan and pages."""
    status = right.status.value.replace("_", " ")
    last = balance.period_end - timedelta(microseconds=1)
    price = right.plan.price_cents
    renews = f"renews on {fmt.day(balance.period_end)}"
    return BalanceView(
        about=f"{right.plan.label}, {status}. Period {fmt.day(balance.period_start)} to "
        f"{fmt.day(last)} {last.year}, {renews}{f' for ${price // 100}' if price else ''}.",
        limit=f"{balance.limit_pages:,}",
        used=f"{balance.used_pages:,}",
        held=f"{balance.reserved_pages:,}",
        left=f"{balance.left_pages:,}",
    )


def entry_view(entry: UsageEntry) -> EntryView:
    """A line: held when its document starts, then settled or released."""
    name = entry.filename or "Deleted document"
    head, tail = fmt.middle(name)
    pages = f"{entry.pages:,}"
    return EntryView(
        id=f"{entry.document_id}:{entry.generation}",
        at=fmt.iso(entry.at),
        name=name,
        head=head,
        tail=tail,
        href=routes.batch(entry.batch_id) if entry.batch_id else "",
        about=f" {fmt.count(entry.pages, 'page')}",
        state=entry.state.value,
        reserved=pages,
        settled=pages if entry.state is UsageState.SETTLED else fmt.NONE,
        released=pages if entry.state is UsageState.RELEASED else fmt.NONE,
    )


def day_bars(
    by_day: Mapping[date, tuple[int, int]], balance: PageBalance
) -> tuple[list[DayBar], str, str]:
    """Bars for every day of the period, the chart's highest number, and all of it in words."""
    first, last = balance.period_start.date(), balance.period_end.date()
    days = [first + timedelta(days=n) for n in range((last - first).days or 1)]
    top = max([sum(by_day.get(day, (0, 0))) for day in days] + [1])
    bars = [_day_bar(day, *by_day.get(day, (0, 0)), top) for day in days]
    used = sum(by_day.get(day, (0, 0))[0] for day in days)
    words = f"Pages by day from {fmt.day(balance.period_start)}, {used:,} used in all"
    return bars, f"{top:,}", words


def _day_bar(day: date, used: int, held: int, top: int) -> DayBar:
    told = f"{day.day} {day:%B}: {fmt.count(used, 'page')} used"
    is_labelled = day.day == 1 or day.day % _LABELLED_DAYS == 0
    return DayBar(
        label=str(day.day) if is_labelled else "",
        told=f"{told}, {held:,} held" if held else told,
        used=f"{100 * used / top:.1f}%",
        held=f"{100 * held / top:.1f}%",
    )
