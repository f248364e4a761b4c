"""Invoices and utility bills."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestio.domain.documents import DocumentKind as Kind
from ingestio.engines.local.finders import shared
from ingestio.engines.local.finders.payments import amount_due, subtotal, tax
from ingestio.engines.local.finders.shared import beside, first_of
from ingestio.engines.local.values import ValueKind

if TYPE_CHECKING:
    from ingestio.engines.local.found import Found
    from ingestio.engines.local.study import Study

DUE_DATE = (
    "due date|payment due date|payment due|invoice due date|due by|due on|pay by|payable by|date "
    "due|payment due by|please pay by|pay before|please remit until|remit until|remit by|bitte "
    "uberweisen sie bis zum|uberweisen sie bis zum|due|fallig am|zahlbar bis|falligkeit|"
    "falligkeitsdatum|uberweisen sie bis|zahlungsziel|zahlbar ohne abschlag bis|bis zum|fallig|"
    "zahlungstermin|zu zahlen bis|date d echeance|echeance|date limite de paiement|a payer avant "
    "le|a regler avant le|date limite|paiement avant le|prelevement le|date de prelevement|"
    "vervaldatum|uiterste betaaldatum|betalen voor|te betalen voor|uiterlijk|fecha de vencimiento|"
    "vencimiento|fecha limite de pago|data scadenza|scadenza|data di scadenza|scadenza pagamento|"
    "tarikh akhir bayaran"
)
CUSTOMER_ID = (
    "customer id|customer no|customer number|client id|client no|client number|account number|"
    "account no|customer code|acct no|kundennummer|kundennr|kunden nr|kunden no|kd nr|kundenkonto|"
    "no client|numero client|code client|id client|reference client|client no|no de client|ref "
    "client|klantnummer|klantnr|klant nr|debiteurnummer|numero de cliente|codigo cliente|codice "
    "cliente|cod cliente|cliente no"
)
PURCHASE_ORDER = (
    "p o number|po number|purchase order number|purchase order no|purchase order|po no|p o no|po|p "
    "o|your order no|customer po|order reference|your reference|bestellnummer|bestell nr|ihre "
    "bestellung|ihre bestellnummer|ihre bestellnr|bestellreferenz|bestellung nr|bon de commande|"
    "votre reference|votre commande|numero de commande|no de commande|commande no|no commande|"
    "bestelnummer|uw referentie|inkoopnummer|numero de pedido|pedido|ordine|numero ordine|vostro "
    "ordine"
)
TAX_ID = (
    "vat id|vat no|vat number|vat reg no|vat registration number|vat registration no|tax id|tax "
    "identification number|gst reg no|gst no|gst id|gst id no|gst registration no|gstin|tin|ein|"
    "federal tax id|abn|sst no|sst id|sales tax registration|ust id nr|ust idnr|ustid|ust id|ust "
    "idnummer|umsatzsteuer id|umsatzsteuer identifikationsnummer|uid|ust ident nr|umsatzsteuer "
    "identnummer|uid nr|mwst nr|tva intracommunautaire|no tva|numero tva|tva intra|no de tva|n tva|"
    "tva no|tva|id tva|no tva intracom|btw nummer|btw nr|btw id|btw|nif|cif|partita iva|p iva"
)


def vendor_tax_id(study: Study) -> Found | None:
    """The issuer's tax number: the labelled one that does not stand in the customer's block."""
    found = study.labelled(shared.labels(ValueKind.TAX_ID, TAX_ID))
    if not found:
        return None
    buyer = shared.customer(study)
    if buyer is None or not buyer.segments or len({one.value for one in found}) < 2:
        return found[0]
    block = buyer.segments[0]
    apart = [
        one
        for one in found
        if not (
            one.segments[0].page == block.page
            and abs(one.segments[0].x0 - block.x0) < 0.25
            and 0 < one.segments[0].middle_y - block.middle_y < 0.2
        )
    ]
    return (apart or found)[0]


IBAN = shared.pattern(
    r"\b(?P<value>(?:AD|AT|BE|CH|CZ|DE|DK|ES|FI|FR|GB|IE|IT|LI|LU|MC|NL|NO|PL|PT|SE)\d{2}(?: "
    r"?[0-9A-Z]{4}){3,7}(?: ?[0-9A-Z]{1,3})?)\b",
    0.9,
    flags=0,
)

INVOICE = {
    "invoice_number": shared.number,
    "invoice_date": shared.date,
    "due_date": beside(ValueKind.DATE, DUE_DATE),
    "vendor": shared.issuer,
    "vendor_tax_id": vendor_tax_id,
    "customer": shared.customer,
    "customer_id": beside(ValueKind.IDENTIFIER, CUSTOMER_ID),
    "purchase_order": beside(ValueKind.IDENTIFIER, PURCHASE_ORDER),
    "subtotal": subtotal,
    "tax": tax,
    "total": shared.total,
    "amount_due": amount_due,
    "currency": shared.currency,
    "iban": first_of(
        beside(ValueKind.IBAN, "iban|iban no|iban nr|kontonummer iban|account number|account"), IBAN
    ),
}
UTILITY_BILL = {
    name: INVOICE[name]
    for name in (
        "vendor", "customer", "invoice_number", "invoice_date", "due_date", "subtotal", "tax",
        "total", "currency",
    )
}  # fmt: skip
FINDERS = {Kind.INVOICE: INVOICE, Kind.UTILITY_BILL: UTILITY_BILL}
