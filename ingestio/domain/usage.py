"""Pages: what is left, and what a batch will use.

Answers the balance and the quote in front of Submit. Leaves reserving and settling to the usage
service, whose conditional UPDATEs are the truth.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID


class UsageState(StrEnum):
    """A ledger line's state: held while in work, then one of the other two."""

    HELD = "held"
    SETTLED = "settled"
    RELEASED = "released"


MOVES: Final[Mapping[UsageState | None, frozenset[UsageState]]] = {
    None: frozenset({UsageState.HELD}),
    UsageState.HELD: frozenset({UsageState.SETTLED, UsageState.RELEASED}),
    UsageState.RELEASED: frozenset({UsageState.HELD}),
    UsageState.SETTLED: frozenset(),
}
"""Every legal move; None is not born yet. The database refuses the others.

Released pages are held again by a later claim of the same generation; what is settled stays so.
"""


class WhenPagesRunOut(StrEnum):
    """What happens to what does not fit (Spec 5.4)."""

    WAIT = "wait"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class PageBalance:
    """A period's pages. `left_pages` is never below 0, also after a downgrade."""

    period_start: datetime
    period_end: datetime
    limit_pages: int
    used_pages: int
    reserved_pages: int

    @property
    def left_pages(self) -> int:
        """What a claim may still reserve."""
        return max(0, self.limit_pages - self.used_pages - self.reserved_pages)


@dataclass(frozen=True, slots=True)
class UsageEntry:
    """A ledger line as the pages show it."""

    document_id: UUID
    generation: int
    filename: str | None
    batch_id: UUID | None
    pages: int
    state: UsageState
    at: datetime


@dataclass(frozen=True, slots=True)
class Quote:
    """What a draft will use: all in pages and documents.

    `fits_*` goes through at once in the given order; `short_*` waits or fails.
    """

    pages: int
    left_after: int
    fits_documents: int
    short_documents: int
    short_pages: int


def fitting(document_pages: Sequence[int], left_pages: int) -> list[int]:
    """Positions of what fits, in order; a later small one still fits behind a big one."""
    left, fit = left_pages, list[int]()
    for position, pages in enumerate(document_pages):
        if pages <= left:
            left -= pages
            fit.append(position)
    return fit


def quote(document_pages: Sequence[int], left_pages: int) -> Quote:
    """What fits, first come first served, a later small one still fitting behind a big one."""
    fit = fitting(document_pages, left_pages)
    pages, fit_pages = sum(document_pages), sum(document_pages[at] for at in fit)
    return Quote(
        pages=pages,
        left_after=max(0, left_pages - fit_pages),
        fits_documents=len(fit),
        short_documents=len(document_pages) - len(fit),
        short_pages=pages - fit_pages,
    )
