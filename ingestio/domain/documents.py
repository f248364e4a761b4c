"""One stored file on its way to data: its states, types and who may move it where.

Answers which moves are legal (`MOVES`), what a status means, and which media types come in.
Leaves batches to `batches` and results to `results`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NewType
from uuid import UUID

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from ingestio.domain.results import Field

DocumentId = NewType("DocumentId", UUID)
MAX_FILE_BYTES = 52_428_800
"""50 MB a file on all plans (Spec 3)."""
MAX_PAGES_PER_FILE = 1_000
SLUG_LENGTH = 80


class MediaType(StrEnum):
    """What is accepted (Spec 5.1)."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"


EXTENSIONS: dict[str, MediaType] = {
    ".pdf": MediaType.PDF,
    ".jpg": MediaType.JPEG,
    ".jpeg": MediaType.JPEG,
    ".png": MediaType.PNG,
}


class DocumentStatus(StrEnum):
    """Where a document stands (Spec 2)."""

    UPLOADED = "uploaded"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    WAITING_FOR_QUOTA = "waiting_for_quota"
    CANCELLED = "cancelled"


ENDED = frozenset({DocumentStatus.COMPLETED, DocumentStatus.FAILED, DocumentStatus.CANCELLED})

MOVES: Final[Mapping[DocumentStatus | None, frozenset[DocumentStatus]]] = {
    None: frozenset({DocumentStatus.UPLOADED}),
    DocumentStatus.UPLOADED: frozenset(
        {
            DocumentStatus.PROCESSING,
            DocumentStatus.WAITING_FOR_QUOTA,
            DocumentStatus.FAILED,
            DocumentStatus.CANCELLED,
        }
    ),
    DocumentStatus.PROCESSING: frozenset(
        {
            DocumentStatus.COMPLETED,
            DocumentStatus.FAILED,
            DocumentStatus.CANCELLED,
            DocumentStatus.UPLOADED,
        }
    ),
    DocumentStatus.WAITING_FOR_QUOTA: frozenset(
        {DocumentStatus.UPLOADED, DocumentStatus.CANCELLED}
    ),
    DocumentStatus.FAILED: frozenset({DocumentStatus.UPLOADED}),
    DocumentStatus.COMPLETED: frozenset(),
    DocumentStatus.CANCELLED: frozenset(),
}
"""Every legal move; None is not born yet. The database refuses the others.

From `uploaded` straight to `failed`: its pages are not left and its batch does not wait (Spec 5.4).
Out of an end only with the next generation, which is charged by itself.
"""


class ReviewState(StrEnum):
    """What a person said of a result."""

    UNREVIEWED = "unreviewed"
    APPROVED = "approved"
    REJECTED = "rejected"


class DocumentKind(StrEnum):
    """The types of Spec 7.3, in its order."""

    INVOICE = "invoice"
    RECEIPT = "receipt"
    BANK_STATEMENT = "bank_statement"
    CONTRACT = "contract"
    RESUME = "resume"
    PAYSLIP = "payslip"
    PURCHASE_ORDER = "purchase_order"
    ESTIMATE = "estimate"
    BILL_OF_LADING = "bill_of_lading"
    TAX_FORM = "tax_form"
    INSURANCE_CLAIM = "insurance_claim"
    UTILITY_BILL = "utility_bill"
    OTHER = "other"


FIELDS: dict[DocumentKind, tuple[str, ...]] = {
    DocumentKind.INVOICE: (
        "invoice_number", "invoice_date", "due_date", "vendor", "vendor_tax_id", "customer",
        "customer_id", "purchase_order", "subtotal", "tax", "total", "amount_due", "currency",
        "iban",
    ),
    DocumentKind.RECEIPT: (
        "merchant", "address", "phone", "date", "receipt_number", "subtotal", "tax", "total",
        "currency", "payment_method",
    ),
    DocumentKind.BANK_STATEMENT: (
        "bank_name", "account_holder", "account_number", "statement_date", "period_start",
        "period_end", "opening_balance", "closing_balance", "currency",
    ),
    DocumentKind.CONTRACT: (
        "title", "party_1", "party_2", "effective_date", "expiration_date", "governing_law",
        "renewal_term", "notice_period",
    ),
    DocumentKind.RESUME: (
        "name", "email", "phone", "location", "job_title", "linkedin", "latest_employer",
        "highest_degree", "skills",
    ),
    DocumentKind.PAYSLIP: (
        "employer", "employee", "period_start", "period_end", "pay_date", "gross_pay", "net_pay",
        "currency",
    ),
    DocumentKind.PURCHASE_ORDER: (
        "order_number", "order_date", "vendor", "customer", "start_date", "end_date",
        "gross_amount", "net_amount", "currency",
    ),
    DocumentKind.ESTIMATE: (
        "estimate_number", "date", "vendor", "customer", "subtotal", "tax", "total", "currency",
        "vin",
    ),
    DocumentKind.BILL_OF_LADING: (
        "bol_number", "issue_date", "ship_date", "shipper", "consignee", "carrier",
        "port_of_loading", "port_of_discharge", "weight",
    ),
    DocumentKind.TAX_FORM: (
        "form", "tax_year", "employee", "employer", "ssn", "ein", "wages", "federal_tax",
    ),
    DocumentKind.INSURANCE_CLAIM: (
        "claim_number", "policy_number", "policyholder", "insurer", "date_of_loss",
        "total_repair", "vin", "email", "currency",
    ),
    DocumentKind.UTILITY_BILL: (
        "vendor", "customer", "invoice_number", "invoice_date", "due_date", "subtotal", "tax",
        "total", "currency",
    ),
    DocumentKind.OTHER: (
        "title", "date", "reference_number", "organisation", "people", "total", "currency",
    ),
}  # fmt: skip
"""Default fields of each type (Spec 7.3)."""


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """A document as the pages and the API show it: no table row, no secret."""

    id: UUID
    batch_id: UUID | None
    filename: str
    media_type: MediaType
    size_bytes: int
    status: DocumentStatus
    pages: int
    kind: DocumentKind | None
    prompt: str | None
    prompt_source: str | None
    error_code: str | None
    review_state: ReviewState
    generation: int
    attempt: int
    updated_at: datetime
    values_to_check: int = 0
    pages_charged: int = 0


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A document's bytes: where they are and how they are called."""

    key: str
    filename: str
    media_type: MediaType
    size_bytes: int


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """A document with what was read from it; no fields while it is not completed."""

    document: DocumentRow
    fields: tuple[Field, ...]
