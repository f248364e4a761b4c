"""Invoice or receipt: a till's evidence against a business letter's, by a small logistic.

Answers the one question keywords get wrong ("Tax Invoice" heads most Malaysian receipts). The
weights were fitted on made and real documents together and are few enough to read.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingestio.engines.local.layout import row_text

if TYPE_CHECKING:
    from ingestio.engines.local.context import Context
    from ingestio.engines.local.layout import Row


@dataclass(frozen=True, slots=True)
class Signs:
    """What the keyword tables say of the two types, each 0-1."""

    invoice_evidence: float
    receipt_evidence: float
    invoice_title: float
    receipt_title: float


INTERCEPT = 0.126
SHAPE_WEIGHTS = {
    "line_length": 0.456,
    "tall": -1.111,
    "rows": 0.168,
    "date_with_time": -0.958,
    "several_pages": 0.219,
    "columns": 0.304,
}
PHRASES: tuple[tuple[float, str], ...] = (
    (
        -0.571,
        (
            r"\b(cash|tendered|visa|card|contant|bar|gegeben|especes|pin|mastercard|ec karte|cb|"
            r"efectivo|contanti|tunai)\b"
        ),
    ),
    (-0.756, r"\b(change|ruckgeld|rendu|wisselgeld|cambio|resto|kembali)\b"),
    (0.713, r"\biban\b|\bbic\b|\bswift\b"),
    (
        0.524,
        (
            r"\b(due date|payment due|fallig|zahlbar|echeance|vervaldatum|payment terms|within \d+ "
            r"days|binnen \d+ dagen|innerhalb|vencimiento|scadenza)\b"
        ),
    ),
    (
        0.81,
        (
            r"\b(bill to|billed to|sold to|ship to|invoice for|invoice to|rechnung an|kaufer|klant|"
            r"client|factuuradres|billing address|dear|sehr geehrte|facturar a|spettabile)\b"
        ),
    ),
    (
        0.552,
        (
            r"\b(customer (no|id|number)|kunden ?n|klantn|client no|account number|order (no|id|"
            r"number)|po number|bestell|ordernummer)"
        ),
    ),
    (-0.325, r"\brounding\b"),
    (
        -0.279,
        (
            r"\b(cashier|kasse|register|counter|pos|operator|server|table|bediener|caisse|sales "
            r"associate)\b"
        ),
    ),
    (-0.302, r"\btax invoice\b"),
)
PATTERNS = tuple((re.compile(pattern), weight) for weight, pattern in PHRASES)
DATE_WITH_TIME = re.compile(r"\d[/.-]\d\d?[/.-]\d+.{0,12}\d\d?:\d\d")


def chance_of_invoice(context: Context, signs: Signs) -> float:
    """The probability of invoice, where it is one of the two."""
    first = [row for row in context.rows if row[0].page == 0]
    score = INTERCEPT + sum(
        SHAPE_WEIGHTS[name] * value for name, value in _shape(context, first).items()
    )
    score += 0.61 * signs.invoice_evidence - 0.686 * signs.receipt_evidence
    score += 0.44 * signs.invoice_title - 0.355 * signs.receipt_title
    score += sum(weight for pattern, weight in PATTERNS if pattern.search(context.words))
    return 1 / (1 + math.exp(-score))


def _shape(context: Context, first: list[Row]) -> dict[str, float]:
    lines = [row_text(row) for row in first]
    mean = sum(map(len, lines)) / max(1, len(lines))
    ratio = context.document.pages[0].ratio if context.document.pages else 1.4
    return {
        "line_length": min(2.0, mean / 30),
        "tall": min(3.0, ratio) - 1.4,
        "rows": math.log(len(first) + 1) - 3.3,
        "date_with_time": float(any(DATE_WITH_TIME.search(line) for line in lines)),
        "several_pages": float(context.document.total_pages > 1),
        "columns": sum(len(row) >= 4 for row in first) / max(1, len(first)),
    }
