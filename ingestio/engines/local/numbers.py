"""Identifiers on a document, as candidates for its own number.

Answers which tokens look like a document's number and what is said about them. Which of them is
wanted, `weights` decides.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from ingestio.engines.local.candidates import Candidate
from ingestio.engines.local.notations import PATTERNS as DATE_PATTERNS
from ingestio.engines.local.vocabulary import Label
from ingestio.engines.local.words import folded, squeezed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingestio.engines.local.context import Context
    from ingestio.engines.local.layout import Place

TOKEN = re.compile(r"(?<![\w@.])(?=[\w/.\-]*\d)[^\W\d_]{0,8}[\w]*(?:[/\-._][\w]+){0,6}(?![\w@])")
WANTED = (
    Label.NUMBER_OF_DOCUMENT,
    Label.NUMBER_OTHER,
    Label.DATE,
    Label.DATE_OF_DOCUMENT,
    Label.TOTAL,
    Label.BUYER,
    Label.UNIT,
)
NOUNS = (
    r"invoice|inv|bill|receipt|rcpt|rechnungs?|facture|factuur|factura|fattura|beleg|ticket|doc|"
    r"document|txn|trans|transaction|bon|slip|check|chk|credit note|gutschrift|dokument|cash bill|"
    r"bill"
)
NUMBER_WORDS = r"no|nr|number|num|nummer|id|numero|n|ref|reference"
ONE_WORD = (
    r"rechnungsnr|rechnungsnummer|factuurnummer|factuurnr|belegnr|belegnummer|numero de facture|no "
    r"de facture|txn|trn|trx|numero fattura|no factura|belegnummer|gutschriftsnummer"
)
EXACT = re.compile(rf"(?:(?:{NOUNS}) ?(?:{NUMBER_WORDS})|{ONE_WORD})$")
EXACT_HEADING = re.compile(
    rf"(?:\w+ )?(?:{NOUNS}) ?(?:{NUMBER_WORDS})|{ONE_WORD}|invoice|facture|rechnung|factuur"
)
ENDS_IN_TITLE = re.compile(
    r"(?:invoice|rechnung|facture|factuur|factura|fattura|receipt|bill|beleg)$"
)
LEADING = re.compile(r"(?i)(inv|re|rg|fa|fac|r|f|tx|txn|rec|cs|bill|si|iv|rn|ar|or|pos)[-_/]?\d")
CLOCK = re.compile(r"\d{1,2}[.:]?\d{2}(am|pm)|\d{1,2}(am|pm)|\d{1,2}:\d{2}")
PHONE = re.compile(r"\d{3}[-.]\d{3}[-.]\d{4}|0\d{1,3}[-/]\d{6,8}")
LETTERS_BEFORE = re.compile(r"(?:^|[:#\s])([A-Z]{2,4}) $")
NOT_A_PREFIX = frozenset(
    {"NO", "NR", "ID", "DE", "DU", "OF", "VOM", "THE", "INV", "NUM", "REF", "BILL", "DATE"}
)


def number_candidates(context: Context) -> list[Candidate]:
    """Every token that could be a document's number, on the first two pages."""
    found = [c for place in context.places if place.segment.page <= 1 for c in _of(context, place)]
    counts = Counter(squeezed(candidate.value) for candidate in found)
    return [
        replace(c, features=c.features | {"frequency": math.log(counts[squeezed(c.value)])})
        for c in found
    ]


def _of(context: Context, place: Place) -> Iterator[Candidate]:
    text = place.segment.text
    for match in TOKEN.finditer(text):
        value = match.group(0).strip("-./_")
        if not 2 <= len(value) <= 34 or sum(char.isdigit() for char in value) < 2:
            continue
        features, left, above = context.label_features(place, match.start(), WANTED)
        features |= _label_features(context, place, match.start(), left, above)
        features |= _shape_features(value)
        features |= {
            "top": 1 - min(1.0, place.row / context.first_page_rows),
            "in_text": float(len(text) > 60),
            "first_page": float(place.segment.page == 0),
            "first_token": float(not re.search(r"\d", text[: match.start()])),
        }
        before = LETTERS_BEFORE.search(text[: match.start()])
        if before and before.group(1) not in NOT_A_PREFIX:
            value = f"{before.group(1)} {value}"
        yield Candidate(value, place.segment, value, features)


def _label_features(
    context: Context, place: Place, start: int, left: str, above: str
) -> dict[str, float]:
    before, over = context.normal(left), context.normal(above)
    exact = EXACT.search(before)
    is_free = len(left) < 3 or not re.search("[a-z]", before) or len(context.rows[place.row]) > 1
    text = place.segment.text[:start]
    return {
        "exact": float(bool(exact)),
        "exact_invoice": float(
            bool(exact and re.search(r"inv|rechn|fact|bill|fatt", exact.group(0)))
        ),
        "exact_above": float(bool(EXACT_HEADING.fullmatch(over)) and is_free),
        "ends_in_title": float(bool(ENDS_IN_TITLE.search(before))),
        "direct": float(
            bool(re.search(r"[:#°]\s*#?\s*$", text))
            or (start == 0 and bool(left) and place.column > 0)
        ),
    }


def _shape_features(value: str) -> dict[str, float]:
    plain = folded(value)
    is_date = bool(re.fullmatch(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}|(19|20)\d\d", value)) or any(
        pattern.search(plain) for _, pattern in DATE_PATTERNS[:4]
    )
    return {
        "is_date": float(is_date),
        "is_phone": float(bool(PHONE.fullmatch(value))),
        "is_time": float(bool(CLOCK.fullmatch(plain))),
        "is_amount": float(bool(re.fullmatch(r"[A-Z]{0,3}\d+[.,]\d\d", value))),
        "leading_letters": float(bool(LEADING.match(value))),
        "length": min(len(value), 14) / 14,
        "short": float(len(value) < 4),
        "long": float(len(value) > 18),
        "mixed": float(bool(re.search(r"[A-Za-z]", value))),
        "lower": float(bool(re.search(r"[a-z]{2,}", value))),
        "iban": float(bool(re.fullmatch(r"[A-Z]{2}\d{9,}", value))),
    }
