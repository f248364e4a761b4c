"""A document as running text that still knows where each letter stands.

Answers sentences and patterns that run over several segments or lines: parties of a contract, an
IBAN in groups, a term of notice.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestio.engines.local.found import Found, narrowed

if TYPE_CHECKING:
    import re

    from ingestio.engines.local.context import Context
    from ingestio.engines.local.pages import Segment


@dataclass(frozen=True, slots=True)
class Prose:
    """`text` with one space between segments; `starts[i]` is where `segments[i]` begins in it."""

    text: str
    starts: tuple[int, ...]
    segments: tuple[Segment, ...]

    def found(self, match: re.Match[str], group: int | str, confidence: float) -> Found:
        """A group of a match as a value with its place."""
        start, end = match.span(group)
        quote = self.text[start:end].strip()
        return Found(" ".join(quote.split()), confidence, self.between(start, end), quote)

    def between(self, start: int, end: int) -> tuple[Segment, ...]:
        """The parts of segments that a stretch of text covers."""
        first = max(0, bisect_right(self.starts, start) - 1)
        covered: list[Segment] = []
        for index in range(first, len(self.segments)):
            begins = self.starts[index]
            if begins >= end:
                break
            segment = self.segments[index]
            part = segment.text[max(0, start - begins) : max(0, end - begins)].strip()
            if part:
                covered.append(narrowed(segment, part))
        return tuple(covered)


def prose_of(context: Context) -> Prose:
    """The document's rows in reading order as one text."""
    parts: list[str] = []
    starts: list[int] = []
    segments: list[Segment] = []
    length = 0
    for place in context.places:
        starts.append(length)
        segments.append(place.segment)
        parts.append(place.segment.text)
        length += len(place.segment.text) + 1
    return Prose(" ".join(parts), tuple(starts), tuple(segments))
