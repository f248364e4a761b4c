"""All finders by type and field, and the names a person may call a field by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestio.engines.local.finders import (
    banking,
    contracts,
    forms,
    invoices,
    orders,
    others,
    receipts,
    resumes,
)

if TYPE_CHECKING:
    from ingestio.domain.documents import DocumentKind
    from ingestio.engines.local.finders.shared import Finder

FINDERS: dict[DocumentKind, dict[str, Finder]] = {
    **invoices.FINDERS,
    **receipts.FINDERS,
    **banking.FINDERS,
    **contracts.FINDERS,
    **resumes.FINDERS,
    **orders.FINDERS,
    **forms.FINDERS,
    **others.FINDERS,
}


def finder_of(name: str, kind: DocumentKind) -> Finder | None:
    """The finder of a field, the document's own type first, then whichever type knows it."""
    own = FINDERS[kind].get(name)
    return own or next((table[name] for table in FINDERS.values() if name in table), None)
