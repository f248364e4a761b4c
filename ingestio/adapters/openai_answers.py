"""A model's answer as our result: its values with their evidence, and whether it is whole.

Answers what can be kept of a cut or malformed answer as well, marked as not complete. Leaves asking
to `openai_engine`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import ValidationError

from ingestio.adapters import openai_questions as questions
from ingestio.adapters.openai_pages import SentPage, find_quote
from ingestio.domain.documents import FIELDS, DocumentKind
from ingestio.domain.results import Classification, Extraction, Field, PageRange, Usage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingestio.adapters.openai_questions import Answer, FieldAnswer

UNVERIFIED_AT_MOST: Final = 0.5
"""The confidence of a value whose quote is not on its page."""


@dataclass(frozen=True, slots=True)
class Said:
    """What came back. `content` is empty where nothing did; `is_cut`: the model was stopped."""

    content: str
    is_cut: bool
    model: str
    usage: Usage


def kind_of(said: Said) -> Classification:
    """A type, or `other` and not sure at all where the answer can't be used."""
    try:
        answer = questions.KindAnswer.model_validate_json(said.content)
    except ValidationError:
        return Classification(DocumentKind.OTHER, 0.0, said.usage)
    return Classification(answer.kind, _share(answer.confidence), said.usage)


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked about which pages; `unread` were left for another question."""

    engine: str
    kind: DocumentKind | None
    pages: Sequence[SentPage]
    unread: tuple[PageRange, ...]
    is_part: bool


def result_of(said: Said, question: Question) -> Extraction:
    """The result, with what could be read of it where it came cut or malformed."""
    kind = question.kind
    answer, is_whole = _read(said, kind)
    fields = _fields(answer, question)
    names = {field.name for field in fields}
    missing = tuple(name for name in FIELDS[kind] if name not in names) if kind else ()
    is_found = bool(kind) and not missing
    return Extraction(
        kind=kind or answer.kind,
        confidence=1.0 if kind else _share(answer.kind_confidence),
        fields=fields,
        engine=question.engine,
        model=said.model,
        missing=missing,
        is_complete=is_whole and _lists_all_rows(answer),
        usage=said.usage,
        unread=() if is_found else question.unread,
    )


def _read(said: Said, kind: DocumentKind | None) -> tuple[Answer, bool]:
    if not said.is_cut:
        try:
            answer = questions.Answer.model_validate_json(said.content)
        except ValidationError:
            pass
        else:
            return answer, len(answer.fields) <= questions.MAX_FIELDS
    return questions.salvaged(said.content, kind), False


def _lists_all_rows(answer: Answer) -> bool:
    """Whether each table that was asked for has as many rows as the answer itself counts.

    Counting and listing are two tasks: a model that grows tired of listing still counts right.
    """
    listed = {field.row for field in answer.fields if field.row is not None}
    return len(listed) >= (answer.rows_shown or 0)


def _fields(answer: Answer, question: Question) -> tuple[Field, ...]:
    """The answer's values with their evidence, each name once."""
    by_number = {page.number: page for page in question.pages}
    found: dict[str, Field] = {}
    for said in answer.fields[: questions.MAX_FIELDS]:
        name = _name(said, question)
        is_ours = question.kind is None or name in FIELDS[question.kind]
        if name and is_ours and said.value.strip() and name not in found:
            found[name] = _field(name, said, by_number)
    return tuple(found.values())


def _name(said: FieldAnswer, question: Question) -> str:
    """A row's values carry its number; those of a part its first page too, to be told apart."""
    name = questions.field_name(said.name)
    if said.row is None or question.kind is not None or not name:
        return name
    of_part = f"_p{question.pages[0].number}" if question.is_part and question.pages else ""
    return f"{name}{of_part}_{said.row}"


def _field(name: str, said: FieldAnswer, pages: dict[int, SentPage]) -> Field:
    page = pages.get(said.page or 0)
    box = find_quote(page, said.quote or "") if page else None
    confidence = _share(said.confidence)
    return Field(
        name,
        said.value.strip(),
        confidence if box else min(confidence, UNVERIFIED_AT_MOST),
        page.number if page else None,
        box,
        said.quote,
        is_verified=box is not None,
    )


def _share(number: float) -> float:
    return min(1.0, max(0.0, number))
