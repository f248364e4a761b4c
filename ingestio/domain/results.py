"""What was read from a document: values, each with where it stands on the page.

Answers what a field is, which values a person should look at, and how a confidence is shown.
Leaves finding them to the engines.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingestio.domain.documents import DocumentKind

CHECK_BELOW = 0.8
"""A value with less confidence is shown as one to check."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page in shares of its width and height (0-1), origin top left."""

    x0: float
    y0: float
    x1: float
    y1: float

    def as_list(self) -> list[float]:
        """`[x0, y0, x1, y1]`, four decimals, as stored and as the API shows it."""
        return [round(v, 4) for v in (self.x0, self.y0, self.x1, self.y1)]


@dataclass(frozen=True, slots=True)
class Field:
    """One value in canonical form and the evidence for it (Spec 7.2).

    `page` counts from 1. `quote` is the text of the page that supports the value; a value whose
    quote is not on the page has `is_verified=False`.
    """

    name: str
    value: str
    confidence: float
    page: int | None = None
    box: Box | None = None
    quote: str | None = None
    is_verified: bool = True

    @property
    def needs_check(self) -> bool:
        """Whether a person should look at it."""
        return self.confidence < CHECK_BELOW or not self.is_verified


@dataclass(frozen=True, slots=True)
class Usage:
    """What an answer cost outside: tokens, and cost in millionths of a US dollar."""

    input_tokens: int = 0
    output_tokens: int = 0
    cost_microdollars: int = 0

    def __add__(self, other: Usage) -> Usage:
        """Both together."""
        return Usage(
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cost_microdollars + other.cost_microdollars,
        )


@dataclass(frozen=True, slots=True)
class Classification:
    """A document's type and how sure that is (0-1)."""

    kind: DocumentKind
    confidence: float
    usage: Usage = field(default_factory=Usage)


@dataclass(frozen=True, slots=True)
class PageRange:
    """Pages from `first` to `last`, both included, from 1."""

    first: int
    last: int

    @property
    def halves(self) -> tuple[PageRange, ...]:
        """In two, as far as it can be divided."""
        if self.first == self.last:
            return (self,)
        middle = (self.first + self.last) // 2
        return (PageRange(self.first, middle), PageRange(middle + 1, self.last))


@dataclass(frozen=True, slots=True)
class Part:
    """Of a document the pages that are asked about; a repair is asked differently than before."""

    pages: PageRange
    is_repair: bool = False


@dataclass(frozen=True, slots=True)
class Extraction:
    """The whole result of one document, or of a part: its type, its fields, what made it.

    `missing` are names that were asked for and do not stand on the document.
    `is_complete` is False where the answer was cut or contradicts its page (`incomplete`).
    `unread` are pages that it does not rest on, and where what is missing may stand.
    """

    kind: DocumentKind
    confidence: float
    fields: tuple[Field, ...]
    engine: str
    model: str | None = None
    missing: tuple[str, ...] = ()
    is_complete: bool = True
    usage: Usage = field(default_factory=Usage)
    unread: tuple[PageRange, ...] = ()
