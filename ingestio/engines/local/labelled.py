"""Values by the label beside or above them.

Answers "what stands next to one of these phrases", ranked: a label that is the whole segment, a
value right beside it and a phrase early in the list count for more.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestio.engines.local.found import Found, narrowed
from ingestio.engines.local.layout import CURRENCY_WORDS
from ingestio.engines.local.lexicon import phrase_pattern
from ingestio.engines.local.values import Reader, Value, ValueKind
from ingestio.engines.local.words import letters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingestio.engines.local.context import Context
    from ingestio.engines.local.layout import Place, Row
    from ingestio.engines.local.pages import Segment

REACH_DOWN = 0.085
ROWS_DOWN = 5
ENUMERATOR = 2
"""A form numbers its boxes: `c Employer's name`."""
REACH_IN_CELL = 0.045
WIDEST_CELL = 0.2
WORD_KINDS = frozenset({ValueKind.NAME, ValueKind.TEXT})
NUMBER_FOLLOWS = re.compile(
    r" (?:id|no|nr|num|number|nummer|code|date|email|e mail|phone|tel|fax|reference|ref|type|vat|"
    r"tax|signature|since|service|copy|state|city|zip)\b"
)
A_SUBLABEL = re.compile(r"(?i)^(?:name|company|company name|firma|nom|naam|nombre|nome)\s*:?$")
SURE_KINDS = frozenset(
    {ValueKind.AMOUNT, ValueKind.DATE, ValueKind.IBAN, ValueKind.TAX_ID, ValueKind.EMAIL}
)


@dataclass(frozen=True, slots=True)
class Labels:
    """The phrases that announce a field, best first, as `words.normal` writes them."""

    kind: ValueKind
    phrases: tuple[str, ...]
    pattern: re.Pattern[str]
    prefers_last: bool = False

    def rank(self, phrase: str) -> int:
        """How far down the list a phrase is."""
        return self.phrases.index(phrase)


def labels(kind: ValueKind, phrases: str, *, prefers_last: bool = False) -> Labels:
    """Labels from `a|b|c`."""
    listed = tuple(phrases.split("|"))
    return Labels(kind, listed, phrase_pattern(listed), prefers_last)


@dataclass(frozen=True, slots=True)
class _Hit:
    """A label on the page: how good it is, and the raw text behind it in its own segment."""

    place: Place
    worth: float
    rest: str


@dataclass(frozen=True, slots=True)
class _Spot:
    """A text that may hold the value and what its distance costs."""

    text: str
    segment: Segment
    cost: float


def find_labelled(context: Context, reader: Reader, wanted: Labels) -> list[Found]:
    """Every value beside one of the labels, best first."""
    ranked: list[tuple[float, int, Found]] = []
    for hit in _hits(context, wanted):
        taken = _value_near(context, reader, wanted.kind, hit)
        if taken is None:
            continue
        value, spot = taken
        score = hit.worth - spot.cost
        order = hit.place.row if wanted.prefers_last else -hit.place.row
        found = Found(
            value.text,
            _confidence(score, wanted.kind, spot.segment.confidence),
            (narrowed(spot.segment, value.quote),),
            value.quote,
        )
        ranked.append((round(score, 2), order, found))
    ranked.sort(key=lambda one: (one[0], one[1]), reverse=True)
    return [found for _, _, found in ranked]


def _hits(context: Context, wanted: Labels) -> Iterator[_Hit]:
    for place in context.places:
        words = context.normal(place.segment.text)
        match = wanted.pattern.search(words)
        if not match or (len(words) > 90 and match.start() > 30):
            continue
        if wanted.kind in WORD_KINDS and not _may_announce_words(place.segment.text, words, match):
            continue
        rest = _rest(context, place.segment.text, match.end())
        length = _label_length(context, place, match.end(), rest)
        cover = min(1.0, (match.end() - match.start()) / max(1, length))
        worth = 1.0 - 0.05 * min(8, wanted.rank(match.group(0))) + 0.5 * cover
        worth += 0.25 if match.start() == 0 else -0.1
        yield _Hit(place, worth, rest)


def _may_announce_words(text: str, words: str, match: re.Match[str]) -> bool:
    """Not `Customer ID`, nor the `Company` inside a company's name."""
    if NUMBER_FOLLOWS.match(words[match.end() :]):
        return False
    return match.start() <= ENUMERATOR or match.end() == len(words) or ":" in text


def _label_length(context: Context, place: Place, end: int, rest: str) -> int:
    """Letters of the label: up to a colon, to the value in the same segment, or all of it."""
    before, colon, _ = place.segment.text.partition(":")
    if colon:
        return len(context.normal(before))
    return end if re.search(r"\d", rest) else len(context.normal(place.segment.text))


def _rest(context: Context, text: str, label_end: int) -> str:
    """The raw text behind a label that ends at `label_end` of the normal text."""
    end = len(text)
    for token in re.finditer(r"[^\s:#]+[:#]*", text):
        if len(context.normal(text[: token.end()])) >= label_end:
            end = token.end()
            break
    rest = text[end:]
    before, colon, after = rest.partition(":")
    is_more_label = colon and len(before) < 25 and not re.search(r"\d", before)
    return after if is_more_label else rest


def _value_near(
    context: Context, reader: Reader, kind: ValueKind, hit: _Hit
) -> tuple[Value, _Spot] | None:
    for spot in _spots(context, hit, kind):
        value = reader.read(kind, spot.text)
        if value is not None:
            return value, spot
    return None


def _spots(context: Context, hit: _Hit, kind: ValueKind) -> Iterator[_Spot]:
    place, row = hit.place, context.rows[hit.place.row]
    if re.search(r"\w", hit.rest):
        yield _Spot(hit.rest, place.segment, 0.0)
    for step, other in enumerate(row[place.column + 1 : place.column + 4]):
        if kind in WORD_KINDS and (other.text.rstrip().endswith(":") or step > 0):
            break
        yield _Spot(other.text, other, 0.1 + 0.1 * step)
        if letters(CURRENCY_WORDS.sub("", other.text)) >= 3 and not re.search(r"\d", other.text):
            break  # another label: what follows is its own
    below = 0
    for number in range(place.row + 1, min(len(context.rows), place.row + 1 + ROWS_DOWN)):
        for column, other in enumerate(context.rows[number]):
            if _is_below(place.segment, other):
                cost = 0.22
            elif _is_in_cell(place.segment, _cell_end(row, place.column), other):
                cost = 0.3
            elif kind in WORD_KINDS and _is_under_heading(place.segment, other):
                cost = 0.35
            else:
                continue
            is_sublabel = A_SUBLABEL.match(other.text) and column + 1 < len(context.rows[number])
            spot = context.rows[number][column + 1] if is_sublabel else other
            yield _Spot(spot.text, spot, cost + 0.06 * below)
            below += 1


def _cell_end(row: Row, column: int) -> float:
    """Where the next thing on the row begins: a form's box may reach so far."""
    return row[column + 1].x0 if column + 1 < len(row) else row[column].x1 + WIDEST_CELL


def _is_in_cell(label: Segment, cell_end: float, other: Segment) -> bool:
    """Right-aligned in the box under its caption."""
    is_inside = label.x0 - 0.02 < other.x0 and other.x1 < cell_end + 0.01
    is_near = 0 < other.middle_y - label.middle_y < REACH_IN_CELL
    return other.page == label.page and is_inside and is_near


def _is_under_heading(label: Segment, other: Segment) -> bool:
    """Left-aligned under a centred heading that it nearly reaches."""
    reaches = other.x0 <= label.x0 and other.x1 >= label.x0 - 0.03
    is_near = 0 < other.middle_y - label.middle_y < REACH_IN_CELL
    return other.page == label.page and reaches and is_near


def _is_below(label: Segment, other: Segment) -> bool:
    if other.page != label.page or other.middle_y - label.middle_y > REACH_DOWN:
        return False
    overlap = min(other.x1, label.x1) - max(other.x0, label.x0)
    narrower = min(other.x1 - other.x0, label.x1 - label.x0)
    return abs(other.x0 - label.x0) < 0.05 or overlap > 0.5 * narrower


def _confidence(score: float, kind: ValueKind, read: float) -> float:
    """A score (about 0.5 to 1.75) as the chance of being right."""
    chance = 0.5 + 0.27 * (score - 0.6) / 0.6
    chance += 0.05 if kind in SURE_KINDS else -0.03 if kind in WORD_KINDS else 0.0
    return min(0.95, max(0.2, chance)) * (0.85 + 0.15 * read)
