"""Dates as they are written, before day and month are told apart.

Answers which parts of a text are a date and in what notation, in seven languages. Which number is
the day, `dates` decides for the whole document.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from ingestio.engines.local.words import folded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingestio.engines.local.context import Context
    from ingestio.engines.local.layout import Place

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
            # A short year only behind even marks: `HC03-7 - 15` is an article.
            r"(?<![\d.,/-])(\d{1,2})(\s?([-/.])\s?)(\d{1,2})"
            r"(?:\s?\3{1,2}\s?'?((?:19|20)\d\d)|\2'?(\d\d))(?![\d/]|[.,-]\d{1,3}(?![\d:]))"
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
EARLIEST_YEAR, LATEST_YEAR = 1990, 2045


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


def written_dates(context: Context, place: Place) -> Iterator[Written]:
    """The dates of one segment."""
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
            day, _, mark, month, long_year, short_year = groups
            year = long_year or short_year
    number = MONTHS[month] if month in MONTHS else int(month)
    return Written(
        place, match.start(), match.end(), notation, int(day), number, _full_year(year), mark
    )


def _full_year(written: str) -> int:
    year = int(written.lstrip("'"))
    if year >= 100:
        return year
    return year + (2000 if year < 70 else 1900)
