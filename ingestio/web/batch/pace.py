"""How fast a batch goes, measured from its own documents. Pure."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from ingestio.domain.documents import DocumentStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ingestio.domain.documents import DocumentRow

_WORKED_OFF = frozenset({DocumentStatus.COMPLETED, DocumentStatus.FAILED})
_GOES_ON = frozenset({DocumentStatus.UPLOADED, DocumentStatus.PROCESSING})


def remaining_s(
    documents: Sequence[DocumentRow], started_at: datetime | None, now: datetime
) -> tuple[float, float] | None:
    """Seconds that the rest takes: between the pace of the whole batch and that of its later half.

    None where nothing was worked off yet, or nothing is left that can go on.
    """
    if started_at is None:
        return None
    ended = sorted(
        (one for one in documents if one.status in _WORKED_OFF and one.updated_at > started_at),
        key=lambda one: one.updated_at,
    )
    left_pages = sum(one.pages for one in documents if one.status in _GOES_ON)
    if not ended or not left_pages:
        return None
    middle = ended[len(ended) // 2 - 1].updated_at if len(ended) > 1 else started_at
    moments = [started_at, middle if middle < ended[-1].updated_at else started_at]
    low, high = sorted(_pace(ended, since, now) * left_pages for since in moments)
    return low, high


def _pace(ended: Sequence[DocumentRow], since: datetime, now: datetime) -> float:
    """Seconds a page since a moment that lies before the last end."""
    later = [one for one in ended if one.updated_at > since]
    until = max([later[-1].updated_at, *_stalls(ended, now)])
    return (until - since).total_seconds() / sum(one.pages for one in later)


def _stalls(ended: Sequence[DocumentRow], now: datetime) -> list[datetime]:
    """Now, where the present gap is longer than every gap before it."""
    gaps = [after.updated_at - before.updated_at for before, after in pairwise(ended)]
    return [now] if gaps and now - ended[-1].updated_at > max(gaps) else []
