"""Values of a kind in a piece of text: an amount, a day, an identifier, a name, a phone number.

Answers what a text next to a label says, in canonical form. Where the text comes from is
`labelled`'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from ingestio.engines.local import name_signs as signs
from ingestio.engines.local.amounts import AMOUNT, parsed, written
from ingestio.engines.local.lexicon import classes
from ingestio.engines.local.names import clean_name
from ingestio.engines.local.words import letters

if TYPE_CHECKING:
    from collections.abc import Mapping


class ValueKind(StrEnum):
    """What sort of value a field holds."""

    AMOUNT = "amount"
    DATE = "date"
    FIRST_DATE = "first_date"
    LAST_DATE = "last_date"
    IDENTIFIER = "identifier"
    ACCOUNT = "account"
    NAME = "name"
    TEXT = "text"
    TAX_ID = "tax_id"
    IBAN = "iban"
    PHONE = "phone"
    EMAIL = "email"
    WEIGHT = "weight"


@dataclass(frozen=True, slots=True)
class Value:
    """A canonical value and the text it was read from."""

    text: str
    quote: str


@dataclass(frozen=True, slots=True)
class Reader:
    """What reading a value needs of its document. `dates` maps written to ISO, longest first."""

    is_decimal_comma: bool | None
    dates: Mapping[str, str]

    def read(self, kind: ValueKind, text: str) -> Value | None:
        """The value of this kind that a text begins with or holds."""
        text = text.lstrip(" :#.=\t").rstrip(" :#=\t")
        match kind:
            case ValueKind.AMOUNT:
                return self._amount(text)
            case ValueKind.DATE | ValueKind.FIRST_DATE | ValueKind.LAST_DATE:
                return self._date(kind, text)
            case ValueKind.NAME:
                return _name(text)
            case ValueKind.TEXT:
                return _text(text)
            case _:
                return _by_pattern(kind, text)

    def _amount(self, text: str) -> Value | None:
        for match in AMOUNT.finditer(text):
            if match.group("after") == "%":
                continue
            digits = re.sub(r"(?<=[.,]) ", "", match.group("digits"))
            cents, decimals = parsed(digits, is_decimal_comma=self.is_decimal_comma)
            is_marked = match.group("before") or match.group("after") or match.group("dash")
            if decimals == 2 or is_marked:
                is_negative = "-" in match.group("minus") + match.group("minus_inside")
                value = written(-cents if is_negative else cents)
                return Value(value, match.group(0).strip(" -–(\t"))
        return None

    def _date(self, kind: ValueKind, text: str) -> Value | None:
        found = sorted(
            (text.find(quote), quote, value) for quote, value in self.dates.items() if quote in text
        )
        found = [one for i, one in enumerate(found) if not _is_inside(one, found[:i])]
        if not found or (kind is ValueKind.FIRST_DATE and len(found) < 2):
            return None
        _, quote, value = found[-1] if kind is ValueKind.LAST_DATE else found[0]
        return Value(value, quote)


PATTERNS = {
    ValueKind.IDENTIFIER: re.compile(
        r"^\W*([A-Z0-9][\w/.\-]*\d[\w/.\-]*|\d[\w/.\-]+)", re.IGNORECASE
    ),
    ValueKind.ACCOUNT: re.compile(
        r"^\W*([A-Z0-9*][\w/.\-*]*\d[\w/.\-]*(?: [\d*X]{2,}){0,6})", re.IGNORECASE
    ),
    ValueKind.TAX_ID: re.compile(
        r"\b((?:DE|FR|NL|AT|BE|GB|CHE|IT|ES|LU|PL|DK|SE)[ -]?[0-9A-Z]{2}[0-9 .]{5,13}(?:B\d\d)?|"
        r"\d{9,12}|\d{2}-\d{7})\b"
    ),
    ValueKind.IBAN: re.compile(
        r"\b([A-Z]{2}\d{2}(?: ?[0-9A-Z]{4}){2,7}(?: ?[0-9A-Z]{1,3})?|US\d{8,})\b"
    ),
    ValueKind.PHONE: re.compile(r"(\+?\(?\d[\d ()/.\-]{6,}\d)"),
    ValueKind.EMAIL: re.compile(r"([\w.+-]+@[\w-]+(?:\.[\w-]+)+)"),
    ValueKind.WEIGHT: re.compile(
        r"(\d[\d.,]*\s?(?:kgs?|lbs?|lb|t|tons?|tonnes?|pounds?|kilos?|mt)\b)", re.IGNORECASE
    ),
}
NUMBER_WORDS = re.compile(r"(?i)^\W*(?:no|nr|number|num|nummer|numero|id|code)\b\.?\s*:?")
NOT_A_NAME = re.compile(
    r"(?i)^(?:nummer|number|globale?|address|adresse|phone|location|date|name|no\b|nr\b|id\b|tel\b|"
    r"fax\b|e-?mail|details|information|contact|signature|page|total|subtotal|balance|checking|"
    r"savings|currency|the\b|and\b|of\b|this\b|to\b|n/a|(?:herrn?|frau|firma|mr|mrs|ms|madame|"
    r"monsieur|m|mme)\.?$)"
)
LABELLED_NUMBER = re.compile(r"(?i)\b(?:no|nr|number|nummer|date|datum)\b[.:]*\s*\S*\d")
A_LABEL_ITSELF = 0.95


def _is_inside(one: tuple[int, str, str], before: list[tuple[int, str, str]]) -> bool:
    return any(start <= one[0] < start + len(quote) for start, quote, _ in before)


def _name(text: str) -> Value | None:
    text = re.split(r"\s{3,}", text)[0][:80].strip()
    name = clean_name(text)
    if letters(name) < 3 or name.endswith(":") or NOT_A_NAME.match(name):
        return None
    is_prose = name[0].islower() and len(name.split()) > 3
    if is_prose or ":" in name or LABELLED_NUMBER.search(text):
        return None
    digits = sum(char.isdigit() for char in name)
    if max(classes(name).values(), default=0.0) >= A_LABEL_ITSELF:
        return None
    if digits > len(name) / 3 or signs.CONTACT.search(name) or signs.COURTESY.search(name):
        return None
    return Value(name[:60], name if name in text else text)


def _text(text: str) -> Value | None:
    text = text[:160].strip()
    return Value(text, text) if sum(char.isalnum() for char in text) >= 2 else None


def _by_pattern(kind: ValueKind, text: str) -> Value | None:
    if kind in {ValueKind.IDENTIFIER, ValueKind.ACCOUNT}:
        text = NUMBER_WORDS.sub("", text).strip(" :#.")
    match = PATTERNS[kind].search(text)
    if not match:
        return None
    quote = match.group(1).strip()
    if kind in {ValueKind.IDENTIFIER, ValueKind.ACCOUNT}:
        quote = quote.strip(".-")
    value = re.sub(r"[ .]", "", quote) if kind is ValueKind.TAX_ID else quote
    return Value(value, quote) if value else None
