"""What can go wrong, in words a user can act on.

Every error that leaves a service is one of these. Adapters translate what their vendors raise; each
door maps the family once (web to a notice, API to JSON and a status, processor to a document's
`error_code`). Anything else is a bug.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


class IngestioError(Exception):
    """The family's root. `message` is fit for the user; `code` is stable and stored."""

    code: ClassVar[str] = "internal"
    http_status: ClassVar[int] = 500
    is_retryable: ClassVar[bool] = False
    message: str

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Refused(IngestioError):
    """The person can act on it; logged at info."""

    code = "refused"
    http_status = 400


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a draft: which field, a stable code, a sentence."""

    field: str
    code: str
    message: str


class InvalidDraft(Refused):
    """A submission with problems: all of them at once (Spec 5.2)."""

    code = "invalid_draft"
    http_status = 422

    def __init__(self, problems: list[Problem] | tuple[Problem, ...]) -> None:
        super().__init__(" ".join(p.message for p in problems) or "The batch can't be submitted.")
        self.problems = tuple(problems)


class NotFound(Refused):
    """Missing, or somebody else's: the two look the same."""

    code = "not_found"
    http_status = 404

    def __init__(self, message: str = "Not found") -> None:
        super().__init__(message)


class Conflict(Refused):
    """The thing has moved on; what was asked no longer fits its state."""

    code = "conflict"
    http_status = 409


class Locked(Conflict):
    """Somebody else is writing it right now; try again in a moment."""

    code = "locked"
    http_status = 423


class ChecksumMismatch(Refused):
    """What arrived is not what was sent; nothing of that part was kept."""

    code = "checksum_mismatch"
    http_status = 460  # tus 1.0: its checksum extension


class UpgradeRequired(Refused):
    """The plan or the subscription does not allow batches (Spec 3)."""

    code = "upgrade_required"
    http_status = 403


class QuotaExceeded(Refused):
    """More pages than are left, where the user chose `fail` (Spec 5.4)."""

    code = "quota_exceeded"
    http_status = 402


class RateLimited(Refused):
    """Too many, too soon."""

    code = "rate_limited"
    http_status = 429

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class NotSignedIn(Refused):
    """Nobody, or a session that ended."""

    code = "not_signed_in"
    http_status = 401

    def __init__(self, message: str = "Sign in to go on.") -> None:
        super().__init__(message)


class NotAllowed(Refused):
    """Signed in, but not for this."""

    code = "not_allowed"
    http_status = 403


class Invalid(Refused):
    """A single value of the wrong form, outside a draft."""

    code = "invalid"
    http_status = 422


class DocumentRejected(IngestioError):
    """This document will never work as it is. Its family says why."""

    code = "unreadable"
    http_status = 422


class Unreadable(DocumentRejected):
    """Damaged, or not what its name says."""

    code = "unreadable"


class Encrypted(DocumentRejected):
    """Protected with a password."""

    code = "encrypted"


class NoPages(DocumentRejected):
    """A PDF without a page."""

    code = "no_pages"


class TooManyPages(DocumentRejected):
    """Over the page cap (Spec 3)."""

    code = "too_many_pages"


class PageCountDisputed(DocumentRejected):
    """Two readers count different pages: it can't be charged, so it is refused."""

    code = "page_count_disputed"


class TooBigInside(DocumentRejected):
    """A bomb: small on disk, more than the limits once opened."""

    code = "too_big_inside"


class EmptyFile(DocumentRejected):
    """Zero bytes."""

    code = "empty_file"


class TooLarge(DocumentRejected):
    """Over the size cap (Spec 3)."""

    code = "too_large"
    http_status = 413


class UnsupportedType(DocumentRejected):
    """Neither PDF nor JPG nor PNG."""

    code = "unsupported_type"
    http_status = 415


class Infected(DocumentRejected):
    """Refused by the virus scan (Spec 5.1)."""

    code = "infected"


class TooLargeToScan(DocumentRejected):
    """More than the virus scanner takes: not scanned, so not passed."""

    code = "too_large_to_scan"


class Duplicate(DocumentRejected):
    """The same content is in the draft already; kept once unless the user insists (Spec 4.1)."""

    code = "duplicate"


class PromptNamesNoFields(DocumentRejected):
    """The local engine looks for named fields, and the prompt names none (Spec 7.4)."""

    code = "prompt_names_no_fields"


class Declined(DocumentRejected):
    """The AI service answered that it does not take this document; asking again changes nothing."""

    code = "declined"


class NothingFound(DocumentRejected):
    """Read, but none of what was asked for stands on it: never an empty success."""

    code = "nothing_found"


class ReaderStopped(DocumentRejected):
    """Its helper process died too often while the server lived."""

    code = "reader_stopped"


class Incomplete(DocumentRejected):
    """A partial answer is not a success; what was got is kept for the reviewer."""

    code = "incomplete"


class Unavailable(IngestioError):
    """An outside thing failed; trying again later may work."""

    code = "unavailable"
    http_status = 503
    is_retryable = True

    def __init__(self, message: str, retry_after_s: float | None = None) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s


class StorageUnavailable(Unavailable):
    """The file store does not answer."""

    code = "storage_unavailable"


class StorageFull(Unavailable):
    """No space left; nothing was kept."""

    code = "storage_full"
    http_status = 507


class AIUnavailable(Unavailable):
    """The extraction engine does not answer: 5xx, a time-out, a connection that was reset."""

    code = "ai_unavailable"


class AIBusy(AIUnavailable):
    """It answers, and asks to be asked more slowly (429). Nobody's fault: costs no attempt."""

    code = "ai_busy"


class AIClosed(AIUnavailable):
    """No document can be read there now, whichever is tried: documents wait, without a loss."""


class AIStillAway(AIClosed):
    """The one document that was tried while the provider was away has found it so.

    `retry_after_s`: so long at least it is not the one that tries again.
    """


class AIOutOfCredit(AIClosed):
    """The provider's credit or spending limit is used up; the operator has to act."""

    code = "ai_out_of_credit"


class AIKeyRefused(AIClosed):
    """The provider refuses our key (401, 403); the operator has to act."""

    code = "ai_key_refused"


class AIModelUnknown(AIClosed):
    """The provider does not know our model or address (404); the operator has to act."""

    code = "ai_model_unknown"


class ReaderCrashed(Unavailable):
    """A helper process died on this document once; counted against it."""

    code = "reader_crashed"


class PaymentsUnavailable(Unavailable):
    """Stripe does not answer."""

    code = "payments_unavailable"


class StoreUnavailable(Unavailable):
    """The cache or the database does not answer."""

    code = "store_unavailable"


class NotConfigured(Unavailable):
    """A feature whose secret or address the operator has not set: off, never open."""

    code = "not_configured"
    is_retryable = False


class ScannerUnavailable(Unavailable):
    """The virus scanner does not answer; nothing passes unscanned."""

    code = "scanner_unavailable"
