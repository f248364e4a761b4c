"""Dates on a document, as candidates for its own date.

Answers which days are written where, with day and month told apart for the whole document at once.
Which of them is wanted, `weights` decides.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import Counter
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from ingestio.engines.local.amounts import AMOUNT
from ingestio.engines.local.candidates import Candidate
from ingestio.engines.local.layout import Place, row_text
from ingestio.engines.local.vocabulary import Label
from ingestio.engines.local.words import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingestio.engines.local.context import Context

MONTH_NAMES = (
    "jan january januar janvier januari janv jaen janner jaenner enero ene gennaio gen januari",
    "feb february februar fevrier februari fev fevr febrero febbraio",
    "mar march marz mars maart mrt maerz marzo mac",
    "apr april avril avr abril abr aprile",
    "may mai mei mayo maggio mag",
    "jun june juni juin junio giugno giu",
    "jul july juli juillet juil julio luglio lug julai",
    "aug august aout augustus agosto ago ogos",
    "sep sept september septembre septiembre settembre set",
    "oct october oktober octobre okt octubre ottobre ott",
    "nov november novembre noviembre",
    "dec december dezember decembre dez diciembre dic dicembre disember",
)
MONTHS = {name: number for number, names in enumerate(MONTH_NAMES, 1) for name in names.split()}
LONG_MONTHS = tuple(name for name in MONTHS if len(name) >= 5)
_MONTH = "|".join(sorted(MONTHS, key=lambda name: (-len(name), name)))
_YEAR = r"((?:19|20)\d\d|'?\d\d)"


class Notation(Enum):
    """How a date is written, so how sure its parts are."""

    YEAR_FIRST = auto()
    DIGITS = auto()
    DAY_MONTH_NAME = auto()
    MONTH_NAME_DAY = auto()
    COMPACT = auto()


PATTERNS: tuple[tuple[Notation, re.Pattern[str]], ...] = (
    (
        Notation.YEAR_FIRST,
        re.compile(r"(?<![\d.])((?:19|20)\d\d)\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})(?!\d)"),
    ),
    (
        Notation.DIGITS,
        re.compile(
            r"(?<![\d.,/-])(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2{1,2}\s?'?((?:19|20)\d\d|"
            r"\d\d)(?![\d/]|[.,-]\d{1,3}(?![\d:]))"
        ),
    ),
    (
        Notation.DAY_MONTH_NAME,
        re.compile(
            rf"(?<!\d)(\d{{1,2}})(?:st|nd|rd|th|er|\.|º)?[ \-/.]{{0,2}}(?:(?:de|of|day of|di) "
            rf")?({_MONTH})[.,]?[ \-/.']{{0,3}}(?:(?:de|del) )?{_YEAR}(?!\d)"
        ),
    ),
    (
        Notation.MONTH_NAME_DAY,
        re.compile(
            rf"(?<![a-z])({_MONTH})[. \-]{{0,2}}(\d{{1,2}})(?:st|nd|rd|th)?\s?[., \-/]{{1,3}}\s?"
            r"((?:19|20)\d\d|'\d\d)(?!\d)"
        ),
    ),
    (Notation.COMPACT, re.compile(r"(?<!\d)(20[0-3]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?!\d)")),
)
WANTED = (
    Label.DATE_OF_DOCUMENT,
    Label.DATE,
    Label.DATE_OTHER,
    Label.NUMBER_OF_DOCUMENT,
    Label.NUMBER_OTHER,
)
EARLIEST_YEAR, LATEST_YEAR = 1990, 2045
TIME = re.compile(r"\b\d{1,2}[:.]\d\d(?:[:.]\d\d)?\s?(?:am|pm|uhr|h)?\b")
RANGE_AFTER = re.compile(r"\s?(?:-|–|—|to|bis|au|tot|al|a)\s?\d", re.IGNORECASE)
RANGE_BEFORE = re.compile(r"\d\s?(?:-|–|—|to|bis|au|tot|al|;)\s?$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Written:
    """A date as it is written: its parts before day and month are told apart."""

    place: Place
    start: int
    end: int
    notation: Notation
    day: int
    month: int
    year: int
    mark: str = ""

    @property
    def is_plausible(self) -> bool:
        """Whether there is such a day: `2022 - 31/10` is the middle of a range."""
        low, high = sorted((self.day, self.month))
        is_swapped = self.month > 12 and self.notation is not Notation.DIGITS
        return (
            EARLIEST_YEAR <= self.year <= LATEST_YEAR
            and 1 <= low <= 12
            and high <= 31
            and not is_swapped
        )

    @property
    def is_ambiguous(self) -> bool:
        """Whether day and month could change places."""
        digits = self.notation is Notation.DIGITS
        return digits and self.day <= 12 and self.month <= 12 and self.day != self.month


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A day, where it is written, and how sure the reading of its digits is."""

    value: str
    place: Place
    start: int
    end: int
    notation: Notation
    surety: float

    @property
    def quote(self) -> str:
        """As the page has it."""
        return self.place.segment.text[self.start : self.end]


def dates_in(context: Context) -> list[FoundDate]:
    """Every date of a document in reading order."""
    written = [one for place in context.places for one in _written(context, place)]
    lean = month_first_lean(context, written)
    return [found for one in written if (found := _found(one, lean))]


def date_candidates(context: Context) -> list[Candidate]:
    """Every date as a candidate for the document's own."""
    found = dates_in(context)
    counts = Counter(one.value for one in found)
    return [
        _candidate(context, one, counts[one.value], is_first=index == 0)
        for index, one in enumerate(found)
    ]


def month_first_lean(context: Context, written: list[Written]) -> float:
    """Above 0 where the document writes the month first, below 0 where the day."""
    lean = 0.0
    for one in written:
        if one.notation is not Notation.DIGITS:
            continue
        if one.day > 12 >= one.month:
            lean -= 3
        if one.month > 12 >= one.day:
            lean += 3
        if one.mark == ".":
            lean -= 2
    countries = context.countries
    day_first = sum(countries.get(code, 0.0) for code in ("MY", "EU", "GB", "IN", "AU", "SG"))
    lean += min(2.5, countries.get("US", 0.0)) - min(2.5, day_first)
    if context.language != "en":
        lean -= 3
    if "$" in context.text and not countries.get("MY"):
        lean += 1.2
    return lean + _agreement(written)


def _agreement(written: list[Written]) -> float:
    """Which reading brings the ambiguous dates nearer to the unambiguous ones."""
    sure = [
        dt.date(one.year, one.month, one.day)
        for one in written
        if one.notation not in {Notation.DIGITS, Notation.COMPACT}
        and 1 <= one.month <= 12
        and 1 <= one.day <= 28
    ]
    lean = 0.0
    for one in written:
        if not (one.is_ambiguous and sure and one.day and one.month):
            continue
        as_day = min(abs((dt.date(one.year, one.month, one.day) - day).days) for day in sure)
        as_month = min(abs((dt.date(one.year, one.day, one.month) - day).days) for day in sure)
        if as_day + 20 < as_month:
            lean -= 1
        if as_month + 20 < as_day:
            lean += 1
    return lean


def _written(context: Context, place: Place) -> Iterator[Written]:
    text = _readable(place.segment.text, is_ocr=context.is_ocr)
    taken: list[tuple[int, int]] = []
    for notation, pattern in PATTERNS:
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            one = _parts(place, notation, match)
            if one and one.is_plausible:
                taken.append(match.span())
                yield one


def _readable(text: str, *, is_ocr: bool) -> str:
    """Folded text of the same length, with OCR's O for 0 and misread month names mended."""
    plain = folded(text)
    if len(plain) != len(text):
        plain = text.lower()
    if is_ocr:
        plain = re.sub(r"[a-z0-9]{3,10}", lambda match: _month_name(match.group(0)), plain)
    return re.sub(r"(?<=\d)o(?=[\d/.-])|(?<=[/.-])o(?=\d)", "0", plain)


def _month_name(word: str) -> str:
    if word in MONTHS or len(word) < 4 or sum(char.isdigit() for char in word) > 2:
        return word
    limit = 1 if len(word) < 8 else 2
    for name in LONG_MONTHS:
        if len(name) == len(word) and Levenshtein.distance(word, name, score_cutoff=limit) <= limit:
            return name
    return word


def _parts(place: Place, notation: Notation, match: re.Match[str]) -> Written | None:
    groups = match.groups()
    mark = ""
    match notation:
        case Notation.YEAR_FIRST | Notation.COMPACT:
            year, month, day = groups
        case Notation.DAY_MONTH_NAME:
            day, month, year = groups
        case Notation.MONTH_NAME_DAY:
            month, day, year = groups
        case Notation.DIGITS:
            day, mark, month, year = groups
    number = MONTHS[month] if month in MONTHS else int(month)
    return Written(
        place, match.start(), match.end(), notation, int(day), number, _full_year(year), mark
    )


def _full_year(written: str) -> int:
    year = int(written.lstrip("'"))
    if year >= 100:
        return year
    return year + (2000 if year < 70 else 1900)


def _found(one: Written, lean: float) -> FoundDate | None:
    day, month = one.day, one.month
    if one.notation is Notation.DIGITS and (month > 12 or (lean > 0 and day <= 12)):
        day, month = month, day
    try:
        value = dt.date(one.year, month, day).isoformat()
    except ValueError:
        return None
    surety = 1 / (1 + math.exp(-1.2 * abs(lean))) if one.is_ambiguous else 1.0
    return FoundDate(value, one.place, one.start, one.end, one.notation, surety)


def _candidate(context: Context, found: FoundDate, count: int, *, is_first: bool) -> Candidate:
    place, segment = found.place, found.place.segment
    features, left, above = context.label_features(place, found.start, WANTED)
    row = context.rows[place.row]
    line, after = row_text(row), segment.text[found.end : found.end + 14]
    has_time = ":" in line and bool(TIME.search(folded(line[-40:] + after)))
    is_range = bool(RANGE_AFTER.match(after) or RANGE_BEFORE.search(segment.text[: found.start]))
    features |= {
        "top": 1 - min(1.0, place.row / context.first_page_rows),
        "first_page": float(segment.page == 0),
        "time": float(has_time),
        "range": float(is_range),
        "compact": float(found.notation is Notation.COMPACT),
        "alone": float(len(segment.text.strip()) - (found.end - found.start) <= 2),
        "row_of_amounts": float(sum(bool(AMOUNT.fullmatch(s.text.strip())) for s in row) >= 2),
        "in_text": float(len(segment.text) > 60),
        "frequency": math.log(count),
        "first": float(is_first),
    }
    return Candidate(
        found.value, segment, found.quote, features, left=left, above=above, surety=found.surety,
        start=found.start,
    )  # fmt: skip
