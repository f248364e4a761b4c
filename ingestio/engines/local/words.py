"""Words made comparable: without case, accents and punctuation, OCR's slips mended.

Answers how a phrase is spelt for looking up (`normal`). Which phrases mean what is in `lexicon`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from ingestio.engines.local.vocabulary import PARTS, WORDS

SEEN_AS = str.maketrans("0158|!6", "olsblig")
"""What OCR takes letters for."""
BY_LENGTH = {
    length: sorted(word for word in WORDS if len(word) == length)
    for length in {len(word) for word in WORDS}
}
LETTER_SPACED = re.compile(r"\b(?:[a-z] ){4,}[a-z]\b")


@lru_cache(20_000)
def folded(text: str) -> str:
    """Lower case without accents; `n°` reads `no`."""
    text = text.replace("ß", "ss").replace("n°", "no ").replace("N°", "no ").replace("nº", "no ")
    text = text.replace("N°", "no ").replace("Nº", "no ").replace("№", "no ")
    decomposed = unicodedata.normalize("NFKD", text)
    return "".join(char for char in decomposed if not unicodedata.combining(char)).lower()


@lru_cache(40_000)
def normal(text: str, *, damaged: bool = False) -> str:
    """Words of a text separated by single spaces; `#` reads `no`.

    `damaged` text came from OCR: dropped spaces come back and near misses become known words.
    """
    if damaged:
        text = _spaced(text)
    text = re.sub(r"(?<=[a-z])(?=#)", " ", folded(text))
    text = re.sub(r"[^a-z0-9#|!]+", " ", text)
    text = LETTER_SPACED.sub(lambda match: match.group(0).replace(" ", ""), text)
    words = text.split()
    if damaged:
        words = " ".join(_parted(_snapped(word)) for word in words).split()
    return " ".join("no" if word == "#" else word for word in words).replace("|", "").strip()


def squeezed(text: str) -> str:
    """Letters and digits alone, upper case: how identifiers and names are compared."""
    return re.sub(r"[^A-Z0-9]", "", folded(text).upper())


def letters(text: str) -> int:
    """How many letters a text has."""
    return sum(char.isalpha() for char in text)


def _spaced(text: str) -> str:
    """Spaces that OCR dropped: `RechnungNr`, `4711vom`."""
    text = re.sub(r"(?<=[a-zäöüß]{2})(?=[A-Z][a-z])", " ", text)
    return re.sub(r"(?<=\d)(?=(?:vom|du|from|van|of|to|bis)\b)", " ", text)


@lru_cache(20_000)
def _snapped(word: str) -> str:
    """The known word that a misread one stands for, else the word itself."""
    if word in WORDS or len(word) < 4 or not re.search(r"[a-z]", word):
        return word
    if sum(char.isdigit() for char in word) > 0.4 * len(word):
        return word
    guess = word.translate(SEEN_AS)
    if guess in WORDS:
        return guess
    return _nearest(guess) or word if guess.isalpha() else word


def _nearest(word: str) -> str | None:
    limit = 1 if len(word) < 8 else 2
    lengths = range(len(word) - limit, len(word) + limit + 1) if len(word) > 4 else (len(word),)
    near = (
        process.extractOne(
            word, BY_LENGTH.get(length, ()), scorer=Levenshtein.distance, score_cutoff=limit
        )
        for length in lengths
    )
    found = [(distance, known) for known, distance, _ in filter(None, near)]
    return min(found)[1] if found else None


@lru_cache(20_000)
def _parted(word: str) -> str:
    """Two known words that ran together: `taxinvoice`, `totalamt`."""
    if len(word) < 6 or word in WORDS or not word.isalpha():
        return word
    for cut in range(3, len(word) - 2):
        left, right = word[:cut], word[cut:]
        if left in PARTS and right in PARTS and max(len(left), len(right)) >= 4:
            return f"{left} {right}"
    return word
