"""What the page shows of a document, and which of them in what order: pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from ingestio.domain.documents import DocumentStatus, ReviewState
from ingestio.domain.prompts import PromptSource, PromptStrategy
from ingestio.domain.wording import WORDING
from ingestio.errors import Incomplete
from ingestio.web import format as fmt
from ingestio.web import routes
from ingestio.web.batch.views import COUNTER_OF
from ingestio.web.kinds import KIND_LABELS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ingestio.domain.batches import BatchRow
    from ingestio.domain.documents import DocumentRow

ALL = "all"
SORTS: dict[str, Callable[[DocumentRow], str]] = {
    "name": lambda document: document.filename.casefold(),
    "status": lambda document: str(list(DocumentStatus).index(document.status)),
    "updated": lambda document: document.updated_at.isoformat(),
}


class DocumentView(TypedDict):
    """A row of the table."""

    id: str
    name: str
    head: str
    tail: str
    is_picture: bool
    status: str
    pages: str
    pages_words: str
    line: str
    is_bad: bool
    advice: str
    code: str
    source: str
    prompt: str
    updated: str
    review_href: str
    file_href: str
    part_href: str
    may_review: bool
    may_retry: bool
    may_cancel: bool


def document_view(document: DocumentRow, batch: BatchRow, left_pages: int) -> DocumentView:
    """A document as its row shows it."""
    head, tail = fmt.middle(document.filename)
    status, code = document.status, document.error_code or ""
    is_bad = status is DocumentStatus.FAILED
    source, prompt = prompt_words(document, batch)
    return DocumentView(
        id=str(document.id),
        name=document.filename,
        head=head,
        tail=tail,
        is_picture=fmt.is_picture(document.filename),
        status=status.value,
        pages=f"{document.pages:,}",
        pages_words=f"{fmt.count(document.pages, 'page')} · ",
        line=line(document, left_pages),
        is_bad=is_bad,
        advice=wording(code)[1] if is_bad else "",
        code=code if is_bad else "",
        source=source,
        prompt=prompt,
        updated=fmt.iso(document.updated_at),
        review_href=routes.review(document.id),
        file_href=routes.document_file(document.id),
        part_href=routes.review(document.id) if is_bad and code == Incomplete.code else "",
        may_review=status is DocumentStatus.COMPLETED,
        may_retry=is_bad,
        may_cancel=COUNTER_OF[status] in {"pending", "waiting", "in_work"},
    )


def line(document: DocumentRow, left_pages: int) -> str:
    """One line of truth under the name."""
    match document.status:
        case DocumentStatus.COMPLETED:
            return _completed_line(document)
        case DocumentStatus.FAILED:
            return wording(document.error_code or "")[0]
        case DocumentStatus.WAITING_FOR_QUOTA:
            return f"Needs {fmt.count(document.pages, 'page')}, {left_pages:,} are left"
        case DocumentStatus.PROCESSING:
            return "Reading pages" if document.attempt <= 1 else f"Attempt {document.attempt}"
        case DocumentStatus.UPLOADED:
            return "Waits to be tried again" if document.attempt else "Next in line"
        case DocumentStatus.CANCELLED:
            return "Nothing charged"


def _completed_line(document: DocumentRow) -> str:
    match document.review_state:
        case ReviewState.APPROVED:
            return "Approved"
        case ReviewState.REJECTED:
            return "Rejected in review"
        case ReviewState.UNREVIEWED if document.values_to_check:
            return f"{fmt.count(document.values_to_check, 'value')} to check"
        case ReviewState.UNREVIEWED:
            return "Nothing to check"


def wording(code: str) -> tuple[str, str]:
    """What happened and what to do, for a document's error code."""
    return WORDING.get(code, WORDING["internal"])


def prompt_words(document: DocumentRow, batch: BatchRow) -> tuple[str, str]:
    """Where a document's prompt comes from, and its full text."""
    source = document.prompt_source or _EXPECTED[batch.strategy]
    if source == PromptSource.BATCH:
        return "Global", document.prompt or batch.prompt or ""
    if source == PromptSource.DOCUMENT:
        return "Per-document", document.prompt or ""
    if document.kind is None:
        return "Auto", "Type not detected yet"
    return f"Auto: {KIND_LABELS[document.kind]}", document.prompt or ""


_EXPECTED: dict[PromptStrategy, PromptSource] = {
    PromptStrategy.GLOBAL: PromptSource.BATCH,
    PromptStrategy.PER_DOCUMENT: PromptSource.DOCUMENT,
    PromptStrategy.AUTO: PromptSource.DETECTED,
}


def chosen(documents: Sequence[DocumentRow], counter: str, sort: str) -> list[DocumentRow]:
    """The documents of one counter (or `all`), sorted (`-` for the other way round)."""
    found = [d for d in documents if counter == ALL or COUNTER_OF[d.status] == counter]
    key = SORTS.get(sort.removeprefix("-"))
    return sorted(found, key=key, reverse=sort.startswith("-")) if key else found
