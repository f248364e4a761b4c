"""What an e-invoice's XML inside a PDF states, checked against the pages.

Answers an invoice's fields from UN/CEFACT's Cross Industry Invoice in both its versions (ZUGFeRD,
Factur-X). Only what the pages show as well is used: XML that nobody sees is not evidence.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from ingestio.engines.local.amounts import written
from ingestio.engines.local.found import Found, narrowed
from ingestio.engines.local.words import squeezed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingestio.engines.local.study import Study

LARGEST_XML_BYTES = 2_000_000
SURE = 0.98
CONTRADICTED = 0.65
"""Page and XML differ, and the page does not show what the XML says."""
TAX_SCHEMES = frozenset({"VA", "FC"})
"""A seller's VAT number and its number at the tax office stand under the same name."""
SALUTATION = re.compile(r"(?i)^(?:herrn?|frau|firma|mr|mrs|ms|madame|monsieur|m|mme)\b\.?\s*")
TRADE = r"(?:SupplyChainTradeTransaction|SpecifiedSupplyChainTradeTransaction)"
AGREEMENT = rf"{TRADE}/(?:ApplicableHeaderTradeAgreement|ApplicableSupplyChainTradeAgreement)"
SETTLEMENT = rf"{TRADE}/(?:ApplicableHeaderTradeSettlement|ApplicableSupplyChainTradeSettlement)"
HEADER = r"(?:ExchangedDocument|HeaderExchangedDocument)"
SUMS = (
    rf"{SETTLEMENT}/(?:SpecifiedTradeSettlementHeaderMonetarySummation|"
    rf"SpecifiedTradeSettlementMonetarySummation)"
)
MEANS = rf"{SETTLEMENT}/SpecifiedTradeSettlementPaymentMeans"
PATHS: dict[str, str] = {
    "invoice_number": rf"{HEADER}/ID",
    "invoice_date": rf"{HEADER}/IssueDateTime/DateTimeString",
    "due_date": rf"{SETTLEMENT}/SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString",
    "vendor": rf"{AGREEMENT}/SellerTradeParty/Name",
    "vendor_tax_id": rf"{AGREEMENT}/SellerTradeParty/SpecifiedTaxRegistration/ID=VA",
    "customer": rf"{AGREEMENT}/BuyerTradeParty/Name",
    "customer_id": rf"{AGREEMENT}/BuyerTradeParty/ID",
    "purchase_order": rf"{AGREEMENT}/BuyerOrderReferencedDocument/(?:IssuerAssignedID|ID)",
    "subtotal": rf"{SUMS}/TaxBasisTotalAmount",
    "tax": rf"{SUMS}/TaxTotalAmount",
    "total": rf"{SUMS}/GrandTotalAmount",
    "amount_due": rf"{SUMS}/DuePayableAmount",
    "currency": rf"{SETTLEMENT}/InvoiceCurrencyCode",
    "iban": rf"{MEANS}/PayeePartyCreditorFinancialAccount/IBANID",
}
PATTERNS = {name: re.compile(path) for name, path in PATHS.items()}
DATES = frozenset({"invoice_date", "due_date"})
AMOUNTS = frozenset({"subtotal", "tax", "total", "amount_due"})


@dataclass(frozen=True, slots=True)
class EInvoice:
    """Canonical values by the field names of an invoice."""

    values: Mapping[str, str]


def parse(xml: bytes) -> EInvoice | None:
    """What the XML states; None where it is not an invoice of this family."""
    if len(xml) > LARGEST_XML_BYTES or b"<!DOCTYPE" in xml:
        return None
    try:
        root = ET.fromstring(xml)  # noqa: S314  no DTD, bounded, in a limited process
    except ET.ParseError:
        return None
    values: dict[str, str] = {}
    for path, text in _leaves(root, ""):
        for name, pattern in PATTERNS.items():
            if name not in values and pattern.fullmatch(path):
                value = _canonical(name, text)
                if value:
                    values[name] = value
    return EInvoice(values) if values.get("total") and values.get("invoice_number") else None


def checked(study: Study, stated: EInvoice, found: Mapping[str, Found | None]) -> dict[str, Found]:
    """What was found, set right: stated values that the pages show, others believed less."""
    settled: dict[str, Found] = {}
    for name, one in found.items():
        if name not in stated.values:
            continue
        shown = _on_pages(study, name, stated.values[name])
        if shown is not None:
            settled[name] = shown
        elif one is not None and one.value != stated.values[name]:
            settled[name] = one.less_sure(CONTRADICTED)
    return settled


def _leaves(element: ET.Element, path: str) -> list[tuple[str, str]]:
    leaves: list[tuple[str, str]] = []
    for child in element:
        below = f"{path}/{child.tag.rpartition('}')[2]}".lstrip("/")
        if len(child):
            leaves += _leaves(child, below)
        elif child.text and child.text.strip():
            scheme = child.get("schemeID")
            leaves.append(
                (f"{below}={scheme}" if scheme in TAX_SCHEMES else below, child.text.strip())
            )
    return leaves


def _canonical(name: str, text: str) -> str | None:
    if name in DATES:
        match = re.fullmatch(r"(\d{4})-?(\d\d)-?(\d\d).*", text)
        return "-".join(match.groups()) if match else None
    if name in AMOUNTS:
        match = re.fullmatch(r"-?\d+(?:\.\d+)?", text)
        return written(round(float(text) * 100)) if match else None
    return " ".join(text.split())


def _on_pages(study: Study, name: str, value: str) -> Found | None:
    if name in DATES:
        return _date(study, value)
    if name in AMOUNTS:
        return _amount(study, name, value)
    if name == "currency":
        seen = study.currency
        return replace(seen, confidence=SURE) if seen and seen.value == value else None
    return _words(study, value)


def _date(study: Study, value: str) -> Found | None:
    for date in study.dates:
        if date.value == value:
            return Found(value, SURE, (narrowed(date.place.segment, date.quote),), date.quote)
    return None


def _amount(study: Study, name: str, value: str) -> Found | None:
    """The amount where the page says it: at its own label, else the last time it stands there."""
    total = study.total
    if name == "total" and total and total.value == value:
        return replace(total, confidence=SURE)
    for amount in reversed(study.amounts):
        if written(amount.cents) == value.lstrip("-"):
            place = narrowed(amount.place.segment, amount.quote)
            return Found(value, SURE, (place,), amount.quote)
    return None


def _words(study: Study, value: str) -> Found | None:
    """A name or number where its words follow each other, over line ends too."""
    words = re.findall(r"\w+", SALUTATION.sub("", value))
    if not words:
        return None
    match = re.search(r"(?<!\w)" + r"\W*".join(words) + r"(?!\w)", study.prose.text, re.IGNORECASE)
    if match:
        return study.prose.found(match, 0, SURE).as_value(SALUTATION.sub("", value))
    return _squeezed(study, value)


def _squeezed(study: Study, value: str) -> Found | None:
    """The same in one segment, whatever stands between its letters."""
    wanted = squeezed(value)
    for place in study.context.places:
        text = place.segment.text.strip()
        if wanted and wanted in squeezed(text):
            return Found(value, SURE, (place.segment,), text)
    return None
