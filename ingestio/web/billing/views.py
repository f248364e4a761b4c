"""What billing shows: pure, from records to words and bars."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, TypedDict

from ingestio.web import format as fmt
from ingestio.web.components.charts import DayBar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from ingestio.domain.plans import Entitlement
    from ingestio.domain.usage import PageBalance

_LABELLED_DAYS = 5
"""A day in so many has its number under the chart."""


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


def missing(pages: int) -> str:
    """How many pages all that waits lacks; empty where nothing does."""
    who = fmt.count(pages, "page is", "pages are")
    return f"{who} missing for documents that wait." if pages else ""


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
