"""Finders that several types share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from ingestio.engines.local.found import Found
from ingestio.engines.local.labelled import labels
from ingestio.engines.local.values import ValueKind
from ingestio.engines.local.words import squeezed

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingestio.engines.local.study import Study

Finder: TypeAlias = "Callable[[Study], Found | None]"

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
VIN = re.compile(r"\b(?=[A-HJ-NPR-Z0-9]*\d)(?=[A-HJ-NPR-Z0-9]*[A-HJ-NPR-Z])[A-HJ-NPR-Z0-9]{17}\b")
A_CAPTION = re.compile(r"(?i)\b(?:number|no|nr|date|id|code|nummer|datum)\b\.?$")
CUSTOMER = labels(
    ValueKind.NAME,
    "bill to|billed to|sold to|invoice to|invoice for|customer name|customer|client name|client|"
    "bill to name|billing address|prepared for|ship to|buyer|recipient|guest name|attention|attn|"
    "deliver to|rechnungsempfanger|kaufer|kaufer leistungsempfanger|leistungsempfanger|kunde|"
    "rechnung an|rechnungsadresse|auftraggeber|versicherungsnehmer|empfanger|lieferadresse|client|"
    "facture a|adresse de facturation|destinataire|acheteur|adresse de livraison|nom de l abonne|"
    "klant|factuuradres|factureren aan|koper|afleveradres|cliente|facturar a|comprador|spettabile|"
    "destinatario|cessionario",
)


def beside(kind: ValueKind, phrases: str, *, prefers_last: bool = False) -> Finder:
    """A finder for the value beside one of these labels."""
    wanted = labels(kind, phrases, prefers_last=prefers_last)
    return lambda study: study.first_labelled(wanted)


def first_of(*finders: Finder) -> Finder:
    """The first finder that finds something."""

    def find(study: Study) -> Found | None:
        return next((found for finder in finders if (found := finder(study))), None)

    return find


def issuer(study: Study) -> Found | None:
    """Who issued the document."""
    return study.issuer


def date(study: Study) -> Found | None:
    """The document's own date."""
    return study.date


def number(study: Study) -> Found | None:
    """The document's own number."""
    return study.number


def total(study: Study) -> Found | None:
    """The total."""
    return study.total


def currency(study: Study) -> Found | None:
    """The currency of the amounts, where the page shows a sign of it."""
    found = study.currency
    return found if found and found.segments and study.amounts else None


def customer(study: Study) -> Found | None:
    """Whom it is for: by label, else the name over the second address block."""
    seller = study.issuer.value if study.issuer else ""
    for found in study.labelled(CUSTOMER):
        if found.value != seller:
            return found
    return addressee(study, seller)


def email(study: Study) -> Found | None:
    """The first e-mail address."""
    match = EMAIL.search(study.prose.text)
    return study.prose.found(match, 0, 0.9) if match else None


def vin(study: Study) -> Found | None:
    """A vehicle's 17 characters."""
    match = VIN.search(study.prose.text)
    return study.prose.found(match, 0, 0.95) if match else None


def pattern(expression: str, confidence: float, *, flags: int = re.IGNORECASE) -> Finder:
    """A finder for the group `value` of a pattern in the running text."""
    compiled = re.compile(expression, flags)

    def find(study: Study) -> Found | None:
        match = compiled.search(study.prose.text)
        return study.prose.found(match, "value", confidence) if match else None

    return find


def addressee(study: Study, seller: str) -> Found | None:
    """A short line above an address in the upper half that is not the sender's."""
    rows = study.context.first_page_rows
    for candidate in study.name_candidates:
        features, segment = candidate.features, candidate.segment
        if segment is None or segment.page != 0 or candidate.row > 0.5 * rows:
            continue
        is_clean = not any(
            features[name]
            for name in (
                "address",
                "contact",
                "is_label",
                "colon",
                "has_title",
                "courtesy",
                "letterhead",
            )
        )
        is_sender = (
            squeezed(candidate.value) == squeezed(seller)
            or features["domain"]
            or features["left_seller"]
        )
        is_clean = is_clean and not A_CAPTION.search(candidate.value)
        is_clean = is_clean and (len(candidate.value.split()) > 1 or features["company_form"] > 0)
        if is_clean and features["address_below"] and not is_sender and not features["digits"]:
            return Found(candidate.value, 0.68, (segment,), candidate.quote)
    return None
