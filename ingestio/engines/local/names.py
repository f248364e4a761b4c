"""Names on a document, as candidates for who issued it.

Answers which lines may be a company's name and what speaks for each: its form, its place, its
size, the address below it, a domain that repeats it. Which of them is wanted, `weights` decides.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestio.engines.local import name_signs as signs
from ingestio.engines.local.candidates import Candidate
from ingestio.engines.local.context import LONGEST_HEADING
from ingestio.engines.local.currency import CODES
from ingestio.engines.local.vocabulary import Label
from ingestio.engines.local.words import folded, letters

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingestio.engines.local.context import Context
    from ingestio.engines.local.layout import Place
    from ingestio.engines.local.pages import Segment

LABELLED = re.compile(
    r"^([^\W\d_][^\W\d_ /]{2,23}|[^\W\d_][^\W\d_ /]*(?: [^\W\d_]+){1,3})\s?:\s*(.{3,})$"
)
PARTY_LABELS = frozenset(
    {
        Label.SELLER,
        Label.BUYER,
        Label.NUMBER_OF_DOCUMENT,
        Label.NUMBER_OTHER,
        Label.DATE,
        Label.DATE_OF_DOCUMENT,
    }
)
LABELS_THEMSELVES = (
    Label.TITLE, Label.BUYER, Label.SELLER, Label.NUMBER_OF_DOCUMENT, Label.DATE,
    Label.DATE_OF_DOCUMENT, Label.TOTAL, Label.UNIT, Label.TENDER, Label.SUBTOTAL, Label.TAX,
    Label.NUMBER_OTHER, Label.TOTAL_STRONG,
)  # fmt: skip
LONGEST_NAME = 60
FIRST_LINES = 3


@dataclass(frozen=True, slots=True)
class _Surroundings:
    """What the whole page says about names."""

    domains: frozenset[str]
    squeezed: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that may be a name, its place in reading order, its label, the line that goes on."""

    place: Place
    index: int
    label: str
    below: Segment | None


def name_candidates(context: Context) -> list[Candidate]:
    """Every line that could be the issuer's name."""
    around = _Surroundings(
        signs.mail_domains(context.folded), re.sub(r"[^a-z0-9]", "", context.folded)
    )
    found: list[Candidate] = []
    for index, place in enumerate(context.places):
        text = place.segment.text.strip()
        if letters(text) < 3 or (place.segment.page > 0 and not signs.COMPANY_FORM.search(text)):
            continue
        label, name = _split_label(context, text)
        line = _Line(place, index, label, _continuation(context, place))
        found += [
            _candidate(context, around, line, variant)
            for variant in _variants(context, text, name, line)
            if letters(variant.text) >= 3 and len(variant.text) <= LONGEST_NAME
        ]
    return found


@dataclass(frozen=True, slots=True)
class Variant:
    """A way to read a line as a name."""

    text: str
    is_two_lines: bool = False


def clean_name(text: str) -> str:
    """A name without what follows it on its line: an address, a register number."""
    if len(text) > 25:
        text = re.split(r"\s[-–|●•·]\s|\s{3,}", text)[0]
    text = re.sub(r"(?i)\s*\((?:co|reg|company|no|\d|rog|roc|gst)[^)]*\)?.*$", "", text)
    if re.search(r"\d", text):
        text = re.sub(r"\s*\(?\d{5,}-?[A-Z0-9]?\)?.*$", "", text)
    text = text.strip(" ,;:-*=#|'")
    if re.search(r"(?i)[a-z]\.$", text) and not re.search(
        r"(?i)(?:\b\w\.\w\.|\b(?:inc|ltd|co|corp|bhd|no|str|st|s\.?a|llc|l\.p)\.)$", text
    ):
        text = text.rstrip(".")
    return text + "." if text.lower().endswith((" b.v", " n.v")) else text


def _split_label(context: Context, text: str) -> tuple[str, str]:
    """`Vendor: Name` apart; no label where the words before the colon announce nothing."""
    match = LABELLED.match(text)
    if match and context.classes(match.group(1)).keys() & PARTY_LABELS:
        return match.group(1), match.group(2)
    return "", text


def _continuation(context: Context, place: Place) -> Segment | None:
    """The line right below in the same column and of the same size."""
    segment = place.segment
    if place.row + 1 >= len(context.rows):
        return None
    for other in context.rows[place.row + 1]:
        overlap = min(other.x1, segment.x1) - max(other.x0, segment.x0)
        is_alike = abs(other.height - segment.height) < 0.35 * segment.height
        is_close = other.y0 - segment.y1 < 0.9 * (segment.y1 - segment.y0)
        narrower = min(other.x1 - other.x0, segment.x1 - segment.x0)
        if other.page == segment.page and is_alike and is_close and overlap > 0.3 * narrower:
            return other
    return None


def _variants(context: Context, text: str, name: str, line: _Line) -> Iterator[Variant]:
    cleaned = clean_name(name)
    yield Variant(cleaned)
    if line.below and _goes_on(context, cleaned, line):
        rest = re.sub(r"\s*\(.*$", "", line.below.text).strip(" ,;:-")
        yield Variant(f"{cleaned} {rest}", is_two_lines=True)
    match = signs.COMPANY_NAME.search(text)
    if match and len(text) > len(match.group(0)) + 3 and match.group(0) != cleaned:
        yield Variant(match.group(0))


def _goes_on(context: Context, name: str, line: _Line) -> bool:
    """Whether a name is finished by the next line: a company's form, or at the top its trade."""
    below = line.below.text if line.below else ""
    announces = context.classes(name).keys() & {Label.BUYER, Label.SELLER, Label.TITLE}
    is_open = not signs.COMPANY_FORM.search(name) and len(name.split()) <= 5
    is_plain = not (signs.ADDRESS.search(below) or signs.CONTACT.search(below))
    is_trade = (
        line.index < FIRST_LINES
        and signs.TRADE.search(below)
        and not signs.TRADE.search(name)
        and not re.search(r"\d", below)
        and len(below.split()) <= 4
    )
    finishes = is_plain and (signs.COMPANY_FORM.search(below) or is_trade)
    return bool(not announces and is_open and finishes and not re.search(r"\d{3}", name))


def _candidate(context: Context, around: _Surroundings, line: _Line, variant: Variant) -> Candidate:
    segment = line.place.segment
    features = (
        _party_features(context, line)
        | _wording_features(context, variant, segment)
        | _position_features(context, line)
        | _neighbour_features(context, line)
        | _echo_features(around, variant.text)
    )
    quote = segment.text.strip()
    return Candidate(variant.text, segment, quote, features, row=line.place.row)


def _party_features(context: Context, line: _Line) -> dict[str, float]:
    place = line.place
    left, above = context.left(place), context.above(place)
    beside = line.label or (left if place.column > 0 and len(left) < 30 else "")
    beside_classes = context.classes(beside)
    above_classes = context.classes(above if len(above) < LONGEST_HEADING else "")
    return {
        "left_seller": beside_classes.get(Label.SELLER, 0.0),
        "left_buyer": beside_classes.get(Label.BUYER, 0.0),
        "above_seller": above_classes.get(Label.SELLER, 0.0),
        "above_buyer": above_classes.get(Label.BUYER, 0.0),
        "buyer_block": float(_in_block_of(context, place, Label.BUYER, reach=5)),
        "seller_block": float(_in_block_of(context, place, Label.SELLER, reach=3)),
    }


def _in_block_of(context: Context, place: Place, label: Label, *, reach: int) -> bool:
    """Whether a short line just above in the same column announces a party."""
    first = context.rows[place.row][0]
    left = first if first.text.rstrip().endswith(":") else place.segment
    for number in range(place.row - 1, max(-1, place.row - reach), -1):
        for other in context.rows[number]:
            if abs(other.x0 - left.x0) >= 0.06 or len(other.text) >= 40:
                continue
            if context.classes(other.text).get(label, 0.0) <= 0.6:
                continue
            if label is Label.BUYER or other.text.strip().endswith(":"):
                return True
    return False


def _wording_features(context: Context, variant: Variant, segment: Segment) -> dict[str, float]:
    name, line = variant.text, segment.text.strip()
    own = context.classes(name)
    return {
        "is_label": float(
            name.upper() in CODES
            or max((own.get(label, 0.0) for label in LABELS_THEMSELVES), default=0) > 0.85
        ),
        "has_title": float(own.get(Label.TITLE, 0.0) > 0.35),
        "colon": float(line.endswith(":") or ":" in name),
        "company_form": float(bool(signs.COMPANY_FORM.search(name))),
        "trade": float(bool(signs.TRADE.search(name))),
        "address": float(bool(signs.ADDRESS.search(name))),
        "contact": float(bool(signs.CONTACT.search(name))),
        "digits": min(1.0, 4 * sum(char.isdigit() for char in name) / max(1, len(name))),
        "capitals": float(name.upper() == name),
        "lower_first": float(name[:1].islower()),
        "word_count": min(1.0, abs(len(name.split()) - 3) / 5),
        "long": float(len(name) > 40),
        "letterhead": float(
            bool(re.search(r"\s[-–|●•]\s", line)) and bool(signs.ADDRESS.search(line))
        ),
        "two_lines": float(variant.is_two_lines),
        "misread": float(context.is_ocr and (len(name) < 5 or segment.confidence < 0.75)),
        "lower_case": float(bool(re.fullmatch(r"(?:[a-z]+ ?){1,3}", name))),
        "courtesy": float(bool(signs.COURTESY.search(name))),
        "confidence": segment.confidence if context.is_ocr else 1.0,
    }


def _position_features(context: Context, line: _Line) -> dict[str, float]:
    segment, row, first = line.place.segment, line.place.row, line.place.segment.page == 0
    return {
        "rank": math.exp(-line.index / 2.5) if first else 0.0,
        "first": float(line.index == 0),
        "top": max(0.0, 1 - row / max(1.0, 0.35 * context.first_page_rows)) if first else 0.0,
        "footer": float(row > 0.85 * context.first_page_rows),
        "big": min(1.5, max(-0.5, segment.height / context.median_height - 1)),
        "bold": float(segment.is_bold),
        "centred": float(abs(segment.middle_x - 0.5) < 0.12),
    }


def _neighbour_features(context: Context, line: _Line) -> dict[str, float]:
    segment, row = line.place.segment, line.place.row
    below = " ".join(
        other.text
        for number in range(row + 1, min(len(context.rows), row + 4))
        for other in context.rows[number]
        if abs(other.middle_x - segment.middle_x) < 0.25
    )
    after = line.below.text if line.below else ""
    trade_after = bool(signs.TRADE.search(after) or signs.COMPANY_FORM.search(after))
    other_after = bool(
        signs.ADDRESS.search(after) or signs.CONTACT.search(after) or re.search(r"\d", after)
    )
    registered = signs.REGISTRATION.search(below) or re.search(
        r"(?i)\(\s?\d{4,}-?[A-Z]?|\((?:co|reg)", segment.text
    )
    return {
        "address_below": float(_is_address(below) or _is_address(after)),
        "registration_below": float(bool(registered)),
        "trade_below": float(trade_after and not other_after and line.index < 4),
    }


def _is_address(text: str) -> bool:
    return bool(signs.ADDRESS.search(text) or signs.HOUSE_NUMBER_FIRST.search(text))


def _echo_features(around: _Surroundings, name: str) -> dict[str, float]:
    """Whether the name comes again on the page or in a domain."""
    core = re.sub(r"[^a-z0-9]", "", folded(signs.COMPANY_FORM.sub("", name)))
    if len(core) < 4:
        return {"frequency": 0.0, "domain": 0.0}
    domains = [domain.replace("-", "") for domain in around.domains]
    echoed = any(len(domain) >= 4 and (domain in core or core in domain) for domain in domains)
    frequency = min(1.5, math.log(max(1, around.squeezed.count(core))))
    return {"frequency": frequency, "domain": float(echoed)}
