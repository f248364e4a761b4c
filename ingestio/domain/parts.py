"""One result of several answers: a document that was asked about in parts.

Answers how answers are put together, and what was used for all of them. Leaves asking to the
services.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingestio.domain.results import Extraction, Field


def merged(answers: Sequence[Extraction]) -> Extraction:
    """The answers to a document's parts as one, in their order; complete where each of them is.

    Titles, parties and totals stand at the front and are summed up at the end: so a later part
    fills in what is missing, and replaces only what a person would have had to check anyway.
    """
    return reduce(_joined, answers)


def repaired(cut: Extraction, again: Sequence[Extraction]) -> Extraction:
    """A cut answer and what was asked again in its place, for what it cost together.

    What only the cut one has stays.
    """
    is_complete = all(answer.is_complete for answer in again)
    unread = (*(pages for answer in again for pages in answer.unread), *cut.unread)
    return replace(merged([*again, cut]), is_complete=is_complete, unread=unread)


def _joined(one: Extraction, other: Extraction) -> Extraction:
    fields = {field.name: field for field in one.fields}
    for field in other.fields:
        if field.name not in fields or _is_better(field, fields[field.name]):
            fields[field.name] = field
    said = one if one.confidence else other  # the front says what it is, if it could be read
    return replace(
        one,
        kind=said.kind,
        confidence=said.confidence,
        fields=tuple(fields.values()),
        missing=tuple(name for name in one.missing if name not in fields),
        is_complete=one.is_complete and other.is_complete,
        usage=one.usage + other.usage,
        model=one.model or other.model,
        unread=(),
    )


def _is_better(field: Field, than: Field) -> bool:
    return than.needs_check and not field.needs_check
