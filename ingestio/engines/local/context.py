"""What holds for a whole document: its rows, language, country, decimal mark and usual type size.

Answers questions that no single segment can. Leaves candidates to the modules that propose them.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ingestio.engines.local.layout import Place, Row, above_label, left_label, rows_of
from ingestio.engines.local.lexicon import classes
from ingestio.engines.local.pages import ReadPage, Segment
from ingestio.engines.local.words import folded, normal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ingestio.engines.local.pages import ReadDocument
    from ingestio.engines.local.vocabulary import Label

LANGUAGE_WORDS = {
    "de": (
        "rechnung der die und mwst ust nr bitte von datum betrag summe kunden strasse zahlung "
        "menge umsatzsteuer lieferant gesamt"
    ),
    "fr": (
        "facture le la de du des et tva montant client total rue adresse reglement date numero "
        "payer ttc ht"
    ),
    "nl": "factuur de het een en btw van totaal bedrag klant aantal prijs nummer datum betalen",
    "es": (
        "factura el la de los y iva total cliente fecha importe cantidad precio numero calle pago"
    ),
    "it": (
        "fattura il la di del e iva totale cliente data importo quantita prezzo numero via "
        "pagamento"
    ),
    "en": (
        "invoice the and of to tax total date receipt for thank you no amount due cash change bill "
        "tel price qty"
    ),
}
US_STATES = (
    "al|ak|az|ar|ca|co|ct|de|fl|ga|hi|id|il|in|ia|ks|ky|la|ma|md|me|mi|mn|mo|ms|mt|nc|nd|ne|nh|nj|"
    "nm|nv|ny|oh|ok|or|pa|ri|sc|sd|tn|tx|ut|va|vt|wa|wi|wv|wy"
)
COUNTRY_SIGNS: dict[str, tuple[float, tuple[str, ...]]] = {
    "MY": (
        1.0,
        (
            r"sdn\.? ?bhd|malaysia|selangor|kuala lumpur|johor|petaling|penang|melaka|perak",
            r"jalan|\bjln\b|taman|\bgst (?:id|reg|no)|\brm ?\d",
        ),
    ),
    "US": (
        1.0,
        (
            rf"\b(?:{US_STATES})[ ,]{{1,2}}\d{{5}}(?:-\d{{4}})?\b|\busa\b|united states|sales tax",
            r"\b(?:new york|california|texas|florida|washington|delaware|nevada)\b",
        ),
    ),
    "IN": (1.5, (r"\bindia\b|\bpvt\b|karnataka|\bcin ?:|vat/tin|maharashtra|gstin",)),
    "GB": (
        1.0,
        (
            r"\bunited kingdom\b|\blondon\b|\bgb ?\d{9}|\bltd\b.*\buk\b",
            r"\b[a-z]{1,2}\d{1,2} \d[a-z]{2}\b",
        ),
    ),
    "CH": (1.5, (r"\bche-?\d|\bch\d\d |schweiz|suisse|switzerland|\.ch\b",)),
    "EU": (
        1.0,
        (
            r"\b(?:de|fr|nl|at|be|it|es) ?\d{9,11}\b|nl\d{9}b\d\d|partita iva|\bnif\b|siret|mwst",
            r"deutschland|\bfrance\b|nederland|\bespana\b|\bitalia\b|\bgmbh\b|\bsarl\b|b\.v\.",
            r"\biban\b|\bust\b|\btva\b|\bbtw\b",
        ),
    ),
    "CA": (1.0, (r"\bcanada\b|\b[a-z]\d[a-z] ?\d[a-z]\d\b|\bhst\b",)),
    "AU": (1.0, (r"\baustralia\b|\babn\b",)),
    "SG": (1.0, (r"\bsingapore\b|pte\.? ltd",)),
}
"""Signs of a country in folded text, and what one is worth."""
COUNTRY_PATTERNS = {
    code: (worth, re.compile("|".join(signs))) for code, (worth, signs) in COUNTRY_SIGNS.items()
}


LONGEST_HEADING = 40


@dataclass(frozen=True, slots=True)
class Context:
    """A document prepared for looking things up."""

    document: ReadDocument
    rows: tuple[Row, ...]
    places: tuple[Place, ...]
    text: str
    folded: str
    words: str
    median_height: float
    first_page_rows: int
    is_decimal_comma: bool | None
    language: str
    countries: Mapping[str, float]

    @property
    def is_ocr(self) -> bool:
        """Whether words may be misspelt."""
        return self.document.is_ocr

    def left(self, place: Place, start: int = 0) -> str:
        """The label left of a place."""
        return left_label(self.rows, place, start)

    def above(self, place: Place, start: int = 0) -> str:
        """The label above a place."""
        return above_label(self.rows, place, start)

    def classes(self, text: str) -> Mapping[Label, float]:
        """The label classes of a text of this document."""
        return classes(text, damaged=self.is_ocr)

    def normal(self, text: str) -> str:
        """A text of this document in normal words."""
        return normal(text, damaged=self.is_ocr)

    def label_features(
        self, place: Place, start: int, wanted: Sequence[Label]
    ) -> tuple[dict[str, float], str, str]:
        """`left_<class>` and `above_<class>` strengths of a place's labels, and both texts."""
        left, above = self.left(place, start), self.above(place, start)
        beside = self.classes(left)
        over = self.classes(above if len(above) < LONGEST_HEADING else "")
        features = {f"left_{label}": beside[label] for label in wanted if label in beside}
        worth = 0.5 if beside else 1.0
        features |= {f"above_{label}": worth * over[label] for label in wanted if label in over}
        return features, left, above


def context_of(document: ReadDocument) -> Context:
    """Prepare a document that was read."""
    document = _mended(document) if document.is_ocr else document
    rows = tuple(rows_of(document))
    places = tuple(
        Place(r, c, segment) for r, row in enumerate(rows) for c, segment in enumerate(row)
    )
    text = "\n".join("  ".join(segment.text for segment in row) for row in rows)
    plain = folded(text)
    heights = [place.segment.height for place in places]
    return Context(
        document=document,
        rows=rows,
        places=places,
        text=text,
        folded=plain,
        words=normal(text.replace("\n", " "), damaged=document.is_ocr),
        median_height=statistics.median(heights) if heights else 0.02,
        first_page_rows=max(1, sum(row[0].page == 0 for row in rows)),
        is_decimal_comma=_is_decimal_comma(text),
        language=_language(plain),
        countries=_countries(plain),
    )


def _is_decimal_comma(text: str) -> bool | None:
    commas = len(re.findall(r"\d,\d{2}(?!\d)", text))
    dots = len(re.findall(r"\d\.\d{2}(?![\d.])", text))
    return None if commas == dots else commas > dots


def _language(plain: str) -> str:
    counts = Counter(re.findall(r"[a-z]{2,}", plain))
    scores = {
        language: sum(min(counts[word], 5) for word in words.split())
        for language, words in LANGUAGE_WORDS.items()
    }
    return max(scores, key=lambda language: (scores[language], language == "en"))


def _countries(plain: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for code, (worth, sign) in COUNTRY_PATTERNS.items():
        hits = len(sign.findall(plain[:60_000]))
        if hits:
            found[code] = worth * min(3, hits)
    return found


def _mended(document: ReadDocument) -> ReadDocument:
    pages = tuple(
        ReadPage(
            page.number,
            page.ratio,
            tuple(_mended_segment(segment) for segment in page.segments),
            page.is_ocr,
            page.turns,
            page.skew,
        )
        if page.is_ocr
        else page
        for page in document.pages
    )
    return replace(document, pages=pages)


def _mended_segment(segment: Segment) -> Segment:
    """OCR's dropped spaces between a date and a time, a number and a word, a word and an amount."""
    text = re.sub(r"((?:19|20)\d\d)(?=[0-2]?\d:[0-5]\d)", r"\1 ", segment.text)
    text = re.sub(r"(?<=\d)(?=(?:vom|du|from|van)\b)", " ", text)
    text = re.sub(r"(?<=[A-Za-z]{3})(?=\d+[.,]\d\d\b)", " ", text)
    text = re.sub(r"(?<=\d\d/\d\d/\d\d)(?=[0-2]\d:[0-5]\d)", " ", text)
    if text == segment.text:
        return segment
    return Segment(
        text, segment.x0, segment.y0, segment.x1, segment.y1, segment.height, segment.page,
        segment.confidence, segment.is_bold,
    )  # fmt: skip
