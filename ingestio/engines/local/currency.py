"""Which currency a document's amounts are in, as candidates.

Answers which codes the marks, words and places on the pages speak for; `$` alone is weighed
against the countries that use it.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from ingestio.engines.local.candidates import Candidate
from ingestio.engines.local.context import COUNTRY_PATTERNS
from ingestio.engines.local.words import folded

if TYPE_CHECKING:
    from ingestio.engines.local.context import Context
    from ingestio.engines.local.pages import Segment

CODES = (
    "MYR", "USD", "EUR", "GBP", "CHF", "INR", "CAD", "AUD", "SGD", "JPY", "SEK", "NOK", "DKK",
    "PLN", "BRL", "MXN",
    "ZAR", "CZK", "HUF", "HKD", "NZD", "THB", "IDR", "AED", "CNY",
)  # fmt: skip
MARKS = {
    "RM": "MYR",
    "€": "EUR",
    "$": "USD",
    "US$": "USD",
    "£": "GBP",
    "¥": "JPY",
    "₹": "INR",
    "RS": "INR",
    "RS.": "INR",
    "FR.": "CHF",
    "C$": "CAD",
    "CA$": "CAD",
    "A$": "AUD",
    "AU$": "AUD",
    "S$": "SGD",
    "KR": "SEK",
    "R$": "BRL",
    "HK$": "HKD", "NZ$": "NZD", "ZŁ": "PLN",
}  # fmt: skip
MARK = re.compile(
    r"(?<![A-Za-z])(RM|"
    + "|".join(CODES)
    + r"|Rs\.?|US\$|CA?\$|AU?\$|S\$|R\$|HK\$|NZ\$|zł|€|\$|£|¥|₹)(?![A-Za-z])"
)
WORDS = {
    "EUR": r"euros?\b",
    "USD": r"\b(?:us )?dollars?\b",
    "GBP": r"\bpounds? sterling\b",
    "CHF": r"\b(?:swiss francs?|franken)\b",
    "MYR": r"\bringgit\b", "INR": r"\brupees?\b",
}  # fmt: skip
STATED = re.compile(
    r"(?i)(?:w[aä]hrung|currency|devise|valuta|moneda|rechnungsw[aä]hrung)\s*:?\s*([A-Z]{3})\b"
)
BY_COUNTRY = {
    "MY": "MYR",
    "US": "USD",
    "IN": "INR",
    "GB": "GBP",
    "CH": "CHF",
    "EU": "EUR",
    "CA": "CAD",
    "AU": "AUD",
    "SG": "SGD",
}  # fmt: skip
DOLLAR_COUNTRIES = {"CA": ("CAD", 1.0), "AU": ("AUD", 1.0), "SG": ("SGD", 1.0), "MY": ("MYR", 3.0)}
"""Countries whose money is written `$` too, with the evidence it takes to believe it."""


def code_of(mark: str) -> str:
    """The ISO 4217 code of a mark as printed."""
    return MARKS.get(mark.upper(), mark.upper())


def currency_candidates(context: Context, total: Candidate | None) -> list[Candidate]:
    """Every currency the document speaks for; `total` is the amount that was chosen, if any."""
    evidence: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    _from_marks(context, evidence)
    _from_words(context, evidence)
    for country, code in BY_COUNTRY.items():
        if context.countries.get(country):
            evidence[code]["country"] = min(4.0, context.countries[country]) / 4
    if context.language in {"de", "fr", "nl", "es", "it"}:
        evidence["EUR"]["language"] = 1.0
    return [_candidate(context, code, signs, total) for code, signs in evidence.items()]


def _from_marks(context: Context, evidence: dict[str, dict[str, float]]) -> None:
    text = context.text
    for match in MARK.finditer(text):
        if match.group(1) == "$":
            evidence["USD"]["dollar"] += 1
            for country, (code, needed) in DOLLAR_COUNTRIES.items():
                if context.countries.get(country, 0.0) >= needed:
                    evidence[code]["dollar"] += 1
            continue
        after, before = (
            text[match.end() : match.end() + 3],
            text[max(0, match.start() - 3) : match.start()],
        )
        is_near = bool(re.match(r"\s?-?\d", after) or re.search(r"\d\s?$", before))
        evidence[code_of(match.group(1))]["near" if is_near else "away"] += 1


def _from_words(context: Context, evidence: dict[str, dict[str, float]]) -> None:
    for code, pattern in WORDS.items():
        hits = len(re.findall(pattern, context.folded))
        if hits:
            evidence[code]["word"] += hits
    stated = [code.upper() for code in STATED.findall(context.text.replace("  ", " "))]
    for rank, code in enumerate(dict.fromkeys(code for code in stated if code in CODES)):
        evidence[code]["stated"] = 1.0 / (1 + rank)


def _candidate(
    context: Context, code: str, signs: dict[str, float], total: Candidate | None
) -> Candidate:
    at_total = float(
        bool(total and total.currency and total.currency != "$" and code_of(total.currency) == code)
    )
    features = {
        "dollar": float(signs["dollar"] > 0),
        "near": math.log1p(signs["near"]),
        "away": math.log1p(signs["away"]),
        "word": min(1.0, signs["word"]),
        "stated": signs["stated"],
        "country": signs["country"],
        "language": signs["language"],
        "at_total": at_total,
    }
    segment, quote = _evidence(context, code)
    return Candidate(code, segment, quote, features)


def _evidence(context: Context, code: str) -> tuple[Segment | None, str]:
    """Where the page shows the currency: its mark, or the words that stand for it."""
    marks = {code, *(mark for mark, of in MARKS.items() if of == code)}
    if code in {own for own, _ in DOLLAR_COUNTRIES.values()}:
        marks.add("$")
    pattern = re.compile(WORDS.get(code, re.escape(code)), re.IGNORECASE)
    word: tuple[Segment, str] | None = None
    for place in context.places:
        for match in MARK.finditer(place.segment.text):
            if match.group(1).upper() in marks:
                return place.segment, match.group(1)
        named = pattern.search(place.segment.text)
        if named and word is None:
            word = (place.segment, named.group(0))
    return word or _country_evidence(context, code)


def _country_evidence(context: Context, code: str) -> tuple[Segment | None, str]:
    countries = [country for country, own in BY_COUNTRY.items() if own == code]
    for place in context.places:
        for country in countries:
            match = COUNTRY_PATTERNS[country][1].search(folded(place.segment.text))
            if match:
                return place.segment, place.segment.text.strip()
    return None, ""
