"""The embedded engine as one function: a document that was read to its fields.

Answers a type's default fields, or the fields a prompt names. Leaves processes, limits and files to
`work` and the adapter.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestio.domain.documents import FIELDS, DocumentKind
from ingestio.domain.results import Classification, Extraction
from ingestio.engines.local import einvoice, kinds
from ingestio.engines.local.asked import find_asked
from ingestio.engines.local.finders.registry import FINDERS
from ingestio.engines.local.found import SHOWN_FROM, field_of
from ingestio.engines.local.prompts import asked_fields
from ingestio.engines.local.study import Study
from ingestio.errors import NothingFound, Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingestio.engines.local.einvoice import EInvoice
    from ingestio.engines.local.pages import ReadDocument
    from ingestio.engines.local.prompts import Asked

ENGINE = "local"
NO_WORDS = "No text could be read on this document."


def classify(document: ReadDocument, stated: EInvoice | None = None) -> Classification:
    """The document's type and how sure.

    Raises:
        Unreadable: there is not a word on its pages.
    """
    if not document.has_words:
        raise Unreadable(NO_WORDS)
    if stated is not None:
        return Classification(DocumentKind.INVOICE, 0.99)
    return kinds.classify(Study(document).context)


def extract(
    document: ReadDocument,
    prompt: str | None,
    kind: DocumentKind | None,
    stated: EInvoice | None = None,
) -> Extraction:
    """The fields of `kind`, else those that `prompt` names, else the detected type's.

    `stated` is what an e-invoice's XML says; it is believed where the pages show it.

    Raises:
        Unreadable, PromptNamesNoFields, NothingFound
    """
    asked = asked_fields(prompt) if kind is None and prompt and prompt.strip() else None
    if not document.has_words:
        return _without_words(document, kind, asked)
    study = Study(document)
    detected = _detected(study, kind, stated)
    if asked is not None:
        names = tuple(one.name for one in asked)
        found = {one.name: find_asked(study, one, detected.kind) for one in asked}
    else:
        names = FIELDS[detected.kind]
        found = {name: FINDERS[detected.kind][name](study) for name in names}
    if stated is not None:
        found |= einvoice.checked(study, stated, found)
    fields = tuple(
        field_of(name, one, document)
        for name, one in found.items()
        if one is not None and one.value and one.confidence >= SHOWN_FROM
    )
    if not fields and document.is_whole:
        wanted = ", ".join(name.replace("_", " ") for name in names)
        message = f"Nothing that was asked for stands on this document: {wanted}."
        raise NothingFound(message)
    have = {field.name for field in fields}
    missing = tuple(name for name in names if name not in have)
    return Extraction(
        detected.kind,
        detected.confidence,
        fields,
        ENGINE,
        missing=missing,
        unread=document.unread if missing else (),
    )


def _without_words(
    document: ReadDocument, kind: DocumentKind | None, asked: Sequence[Asked] | None
) -> Extraction:
    """Nothing, yet: what was asked for may stand on the other pages."""
    if document.is_whole:
        raise Unreadable(NO_WORDS)
    names = [one.name for one in asked] if asked else FIELDS[kind or DocumentKind.OTHER]
    return Extraction(
        kind or DocumentKind.OTHER, 0.0, (), ENGINE, missing=tuple(names), unread=document.unread
    )


def _detected(study: Study, kind: DocumentKind | None, stated: EInvoice | None) -> Classification:
    if kind is not None:
        return Classification(kind, 1.0)
    if stated is not None:
        return Classification(DocumentKind.INVOICE, 0.99)
    return kinds.classify(study.context)
