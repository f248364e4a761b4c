"""Every page's address, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import quote

if TYPE_CHECKING:
    from uuid import UUID

LOGIN: Final = "/login"
DASHBOARD: Final = "/dashboard"
UPLOAD: Final = "/dashboard/batch-upload"
BATCHES: Final = "/dashboard/batches"
BATCH: Final = "/dashboard/batches/[batch_id]"
REVIEW_QUEUE: Final = "/dashboard/review"
REVIEW: Final = "/dashboard/review/[document_id]"
BILLING: Final = "/dashboard/billing"
ADMIN: Final = "/admin"


def batch(batch_id: UUID | str) -> str:
    """One batch's page."""
    return f"{BATCHES}/{batch_id}"


def review(document_id: UUID | str) -> str:
    """One document's review page."""
    return f"{REVIEW_QUEUE}/{document_id}"


def login(back_to: str) -> str:
    """Sign-in that leads back."""
    return f"{LOGIN}?next={quote(back_to, safe='')}"


def document_picture(document_id: UUID | str, page: int) -> str:
    """A page's picture, served by the API to its owner."""
    return f"/api/v1/documents/{document_id}/pages/{page}.jpg"


def document_file(document_id: UUID | str) -> str:
    """The stored file, served by the API to its owner."""
    return f"/api/v1/documents/{document_id}/file"


def export(batch_id: UUID | str, file_format: str) -> str:
    """A batch's results as csv, xlsx or json."""
    return f"/api/v1/batches/{batch_id}/export?format={file_format}"
