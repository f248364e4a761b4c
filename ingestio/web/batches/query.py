"""What of the list is wanted, as its address says it (Spec 4.2). Pure.

Every parameter comes from outside: what is not understood is as if it were not there.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ingestio.domain.batches import PAGE_SIZES, SORTS, BatchQuery, BatchStatus
from ingestio.web import routes

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT = BatchQuery()
MAX_Q_CHARS = 100
MAX_PAGE = 100_000
LISTED = tuple(status for status in BatchStatus if status is not BatchStatus.PENDING_UPLOAD)
"""Drafts are shown only in the wizard (Spec 5.3)."""
_DOWN_FIRST = frozenset({"progress", "total_pages", "submitted_at", "completed_at"})
"""Columns whose largest or latest value is what one looks for."""


def query_of(parameters: Mapping[str, object]) -> BatchQuery:
    """The query of an address' parameters."""
    given = {name: str(value) for name, value in parameters.items()}
    status, sort = given.get("status", ""), given.get("sort", "")
    page_size = _whole(given.get("size", ""))
    return BatchQuery(
        status=BatchStatus(status) if status in LISTED else None,
        q=given.get("q", "").strip()[:MAX_Q_CHARS],
        sort=sort if sort.removeprefix("-") in SORTS else DEFAULT.sort,
        page=min(max(1, _whole(given.get("page", ""))), MAX_PAGE),
        page_size=page_size if page_size in PAGE_SIZES else DEFAULT.page_size,
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < len(str(MAX_PAGE)) else 0


def address(query: BatchQuery) -> str:
    """The list's address with this query; defaults are left out."""
    values = {
        "status": query.status.value if query.status else "",
        "q": query.q,
        "sort": query.sort if query.sort != DEFAULT.sort else "",
        "page": str(query.page) if query.page > 1 else "",
        "size": str(query.page_size) if query.page_size != DEFAULT.page_size else "",
    }
    said = urlencode({name: value for name, value in values.items() if value})
    return f"{routes.BATCHES}?{said}" if said else routes.BATCHES


def sorted_by(query: BatchQuery, column: str) -> BatchQuery:
    """Sorted by a column from its first page on; the other way round where it was already."""
    if column not in SORTS:
        return query
    up, down = column, f"-{column}"
    first, second = (down, up) if column in _DOWN_FIRST else (up, down)
    return replace(query, sort=second if query.sort == first else first, page=1)


def is_filtered(query: BatchQuery) -> bool:
    """Whether it leaves batches out."""
    return query.status is not None or query.q != ""
