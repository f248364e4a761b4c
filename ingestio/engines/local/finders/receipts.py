"""Receipts from a till."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ingestio.domain.documents import DocumentKind as Kind
from ingestio.engines.local import name_signs as signs
from ingestio.engines.local.finders import shared
from ingestio.engines.local.finders.payments import subtotal, tax
from ingestio.engines.local.finders.shared import beside, first_of
from ingestio.engines.local.found import Found, narrowed
from ingestio.engines.local.layout import row_text
from ingestio.engines.local.values import ValueKind
from ingestio.engines.local.words import letters, squeezed

if TYPE_CHECKING:
    from ingestio.engines.local.layout import Row
    from ingestio.engines.local.study import Study

ADDRESS_ROWS = 16
LONGEST_ADDRESS_ROWS = 5
WORDS_OF_A_WHOLE_ADDRESS = 7
PHONE = (
    "tel|tel no|phone|phone no|telephone|telefon|fon|telefono|telefoon|mobile|h p|hp|contact|call|"
    "tlf|ph|tel fax|hotline"
)
ANY_PHONE = shared.pattern(r"(?P<value>\(?\b\d{3}\)?[ .-]\d{3}[ .-]\d{4}\b)", 0.8)
PAYMENT_WAYS = {
    "Visa": r"visa",
    "Mastercard": r"master ?card",
    "American Express": r"amex|american express",
    "Maestro": r"maestro",
    "EC card": r"ec[- ]?karte|girocard",
    "Debit card": r"debit(?: card)?|carte bancaire|pinpas|kartenzahlung|bancontact",
    "Credit card": (
        r"credit(?: card)?|kreditkarte|carte de credit|carta di credito|tarjeta de credito"
    ),
    "PayPal": r"paypal",
    "Apple Pay": r"apple pay", "Google Pay": r"google pay",
    "Cash": r"cash|bar|especes|contant|efectivo|contanti|tunai|bargeld",
}  # fmt: skip
PAYMENT_PATTERNS = {way: re.compile(rf"\b(?:{words})\b") for way, words in PAYMENT_WAYS.items()}
NOT_PAID_SO = re.compile(r"\b(?:cash ?(?:bill|sale|sales|ier|back)|credit note|bar ?code)\b")


def address(study: Study) -> Found | None:
    """The lines from the first that looks like an address to the first that is something else."""
    merchant = squeezed(study.issuer.value) if study.issuer else ""
    rows = [
        row
        for row in study.context.rows[:ADDRESS_ROWS]
        if row[0].page == 0 and not (merchant and merchant in squeezed(row_text(row)))
    ]
    start = next((index for index, row in enumerate(rows) if _begins_address(row_text(row))), None)
    if start is None:
        return None
    taken: list[Row] = []
    for row in rows[start : start + LONGEST_ADDRESS_ROWS]:
        text = row_text(row)
        if signs.ADDRESS_END.search(text):
            break
        taken.append(row)
        is_last = re.search(r"\b\d{5}\b.*[^\W\d_]{3}", text) and not text.rstrip().endswith(",")
        if is_last and (len(taken) > 1 or len(text.split()) > WORDS_OF_A_WHOLE_ADDRESS):
            break
    if not taken:
        return None
    quote = " ".join(row_text(row).strip() for row in taken)
    segments = tuple(segment for row in taken for segment in row)
    return Found(quote, 0.82 if len(taken) > 1 else 0.66, segments, quote)


def payment_method(study: Study) -> Found | None:
    """How it was paid, by the words beside an amount or on a line of their own."""
    for way, compiled in PAYMENT_PATTERNS.items():
        for row in study.context.rows:
            words = study.context.normal(row_text(row))
            match = compiled.search(words)
            if not match or len(words) > 50 or NOT_PAID_SO.search(words):
                continue
            segment = next(
                (s for s in row if compiled.search(study.context.normal(s.text))), row[0]
            )
            is_amount_beside = bool(re.search(r"\d[.,]\d\d", row_text(row)))
            place = narrowed(segment, segment.text.strip())
            return Found(way, 0.8 if is_amount_beside else 0.6, (place,), segment.text.strip())
    return None


def _begins_address(text: str) -> bool:
    is_address = signs.ADDRESS.search(text) or signs.HOUSE_NUMBER_FIRST.search(text)
    is_numbered = re.search(r"\d", text) or text.rstrip().endswith(",")
    is_wordy = letters(text) >= 3 and not re.search(r"\d[.,]\d\d\b", text)
    return bool(is_address and is_numbered and is_wordy and not signs.ADDRESS_END.search(text))


RECEIPT = {
    "merchant": shared.issuer,
    "address": address,
    "phone": first_of(beside(ValueKind.PHONE, PHONE), ANY_PHONE),
    "date": shared.date,
    "receipt_number": shared.number,
    "subtotal": subtotal,
    "tax": tax,
    "total": shared.total,
    "currency": shared.currency,
    "payment_method": payment_method,
}
FINDERS = {Kind.RECEIPT: RECEIPT}
