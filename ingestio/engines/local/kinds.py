"""What type a document is: titles, evidence and the page's shape added up as log-odds.

Answers one of the 13 types and how sure. Invoice and receipt, which share most words, are told
apart by `invoice_or_receipt`. The words are in `kind_words`.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from ingestio.domain.documents import DocumentKind as Kind
from ingestio.domain.results import Classification
from ingestio.engines.local import invoice_or_receipt
from ingestio.engines.local.kind_words import BIAS, EVIDENCE, TITLES
from ingestio.engines.local.layout import row_text
from ingestio.engines.local.lexicon import phrase_pattern

if TYPE_CHECKING:
    from ingestio.engines.local.context import Context
    from ingestio.engines.local.layout import Place

TITLE_PATTERNS = {kind: phrase_pattern(phrases.split("|")) for kind, phrases in TITLES.items()}
TEMPERATURE = 1.1
LONGEST_TITLE_WORDS = 9
MOST_FROM_TITLE = 4.5
MOST_FROM_EVIDENCE = 4.5


def classify(context: Context) -> Classification:
    """The likeliest type and its probability."""
    scores = _scores(context)
    if max(scores, key=lambda kind: scores[kind]) in {Kind.INVOICE, Kind.RECEIPT}:
        _tell_apart(context, scores)
    top = max(scores.values())
    shares = {kind: math.exp((score - top) / TEMPERATURE) for kind, score in scores.items()}
    best = max(shares, key=lambda kind: shares[kind])
    return Classification(best, shares[best] / sum(shares.values()))


def evidence_share(context: Context, kind: Kind) -> float:
    """How much of a type's evidence the document shows, 0-1, saturating."""
    padded = f" {context.words} "
    total = sum(worth for phrase, worth in EVIDENCE[kind].items() if f" {phrase} " in padded)
    return 1 - math.exp(-total / 3.2)


def title_cover(context: Context, kind: Kind) -> float:
    """The largest share of a short first-page line that is a title of this type."""
    best = 0.0
    for place in context.places:
        words = context.normal(place.segment.text)
        if place.segment.page == 0 and 0 < len(words.split()) <= 5:
            match = TITLE_PATTERNS[kind].search(words)
            if match:
                best = max(best, (match.end() - match.start()) / len(words))
    return best


def _scores(context: Context) -> dict[Kind, float]:
    scores = dict(BIAS)
    for kind, worth in _titles(context).items():
        scores[kind] += min(MOST_FROM_TITLE, 1.3 * worth)
    for kind in scores:
        scores[kind] += MOST_FROM_EVIDENCE * evidence_share(context, kind)
    for kind, worth in _shape(context).items():
        scores[kind] += worth
    return scores


def _titles(context: Context) -> dict[Kind, float]:
    """The best title of each type on the first page."""
    best: dict[Kind, float] = {}
    for place in context.places:
        if place.segment.page != 0:
            continue
        words = context.normal(place.segment.text)
        if not 0 < len(words.split()) <= LONGEST_TITLE_WORDS:
            continue
        for kind, pattern in TITLE_PATTERNS.items():
            for match in pattern.finditer(words):
                best[kind] = max(best.get(kind, 0.0), _title_worth(context, place, words, match))
    return best


def _title_worth(context: Context, place: Place, words: str, match: re.Match[str]) -> float:
    """More for a line that is nothing else, high on the page, large, bold, or of several words."""
    segment = place.segment
    cover = (match.end() - match.start()) / max(1, len(words))
    place_down = 1 - place.row / context.first_page_rows
    larger = min(1.5, max(0.0, segment.height / context.median_height - 1))
    worth = (0.6 + 1.6 * cover) * (0.35 + 0.9 * max(0.0, place_down) ** 2) * (1 + 0.9 * larger)
    worth *= 1.15 if segment.is_bold else 1.0
    worth *= 1.0 if match.start() == 0 or cover > 0.5 else 0.6
    worth *= 1.25 if " " in match.group(0) else 1.0
    text = segment.text.strip()
    return worth * (1.1 if text == text.upper() and cover > 0.5 else 1.0)


def _shape(context: Context) -> dict[Kind, float]:
    """What page form, line length and amounts say."""
    ratio = context.document.pages[0].ratio if context.document.pages else 1.4
    widths = [len(row_text(row)) for row in context.rows]
    mean = sum(widths) / max(1, len(widths))
    first_segments = sum(place.segment.page == 0 for place in context.places)
    amounts = len(re.findall(r"\d[.,]\d\d\b", context.text))
    has_clock = re.search(r"\d{1,2}:\d\d", context.text)
    has_date = re.search(r"\d[/.-]\d\d?[/.-]\d", context.text)
    narrow = 1.0 if mean < 30 and first_segments < 140 else -1.0 if mean > 45 else 0.0
    return {
        Kind.RECEIPT: (1.2 if ratio > 1.6 else 0.0)
        + narrow
        + (0.5 if has_clock and has_date else 0.0)
        - (1.2 if context.document.total_pages > 1 else 0.0)
        - (0.0 if amounts >= 2 else 1.5),
        Kind.CONTRACT: (1.5 if mean > 60 else 0.0)
        + (0.8 if context.document.total_pages >= 4 else -0.8)
        - (1.0 if amounts > 25 else 0.0),
        Kind.INVOICE: 0.6 if amounts >= 3 else -1.0,
        Kind.OTHER: 1.2 if amounts == 0 else -0.8,
        Kind.RESUME: -2.0 if amounts >= 4 else 0.0,
    }


def _tell_apart(context: Context, scores: dict[Kind, float]) -> None:
    together = math.log(math.exp(scores[Kind.INVOICE]) + math.exp(scores[Kind.RECEIPT]))
    signs = invoice_or_receipt.Signs(
        invoice_evidence=evidence_share(context, Kind.INVOICE),
        receipt_evidence=evidence_share(context, Kind.RECEIPT),
        invoice_title=title_cover(context, Kind.INVOICE),
        receipt_title=title_cover(context, Kind.RECEIPT),
    )
    chance = invoice_or_receipt.chance_of_invoice(context, signs)
    scores[Kind.INVOICE] = together + 1.1 * math.log(max(chance, 1e-6))
    scores[Kind.RECEIPT] = together + 1.1 * math.log(max(1 - chance, 1e-6))
