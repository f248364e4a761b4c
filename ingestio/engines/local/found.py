"""A value that was taken, its confidence, and where the page shows it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingestio.domain.results import Field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingestio.engines.local.pages import ReadDocument, Segment
    from ingestio.engines.local.weights import Choice

SHOWN_FROM = 0.65
"""A value with less confidence is left out: an empty field says more than a guess."""


@dataclass(frozen=True, slots=True)
class Found:
    """A canonical value with the segments that show it; none where nothing on the page does."""

    value: str
    confidence: float
    segments: tuple[Segment, ...]
    quote: str

    def less_sure(self, factor: float) -> Found:
        """The same value, believed less."""
        return replace(self, confidence=self.confidence * factor)

    def as_value(self, value: str) -> Found:
        """The same evidence for another form of the value."""
        return replace(self, value=value)


def from_choice(choice: Choice) -> Found:
    """What the weights chose."""
    taken = choice.candidate
    if taken.segment is None:
        return Found(taken.value, choice.confidence, (), taken.quote)
    segment = narrowed(taken.segment, taken.quote)
    return Found(taken.value, choice.confidence, (segment,), taken.quote)


def narrowed(segment: Segment, quote: str) -> Segment:
    """The part of a segment that a quote covers, by its share of the letters."""
    start = segment.text.find(quote)
    if start < 0 or not quote:
        return segment
    width, length = segment.x1 - segment.x0, max(1, len(segment.text))
    return replace(
        segment,
        text=quote,
        x0=segment.x0 + width * start / length,
        x1=segment.x0 + width * (start + len(quote)) / length,
    )


def field_of(name: str, found: Found, document: ReadDocument) -> Field:
    """The field of a result: page from 1, box in shares of the page as it is shown."""
    confidence = round(min(1.0, max(0.0, found.confidence)), 3)
    if not found.segments:
        quote = found.quote or None
        return Field(name, found.value, confidence, quote=quote, is_verified=bool(quote))
    page = document.page(found.segments[0].page)
    on_page = [segment for segment in found.segments if segment.page == page.number]
    return Field(
        name, found.value, confidence, page.number + 1, page.box(*_around(on_page)), found.quote
    )


def _around(segments: Sequence[Segment]) -> tuple[float, float, float, float]:
    return (
        min(s.x0 for s in segments),
        min(s.y0 for s in segments),
        max(s.x1 for s in segments),
        max(s.y1 for s in segments),
    )
