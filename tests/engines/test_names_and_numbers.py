"""Who issued a document, its number, and the currency of its amounts."""

from __future__ import annotations

import pytest

from ingestio.engines.local.study import Study
from tests.engines.made import document

NUMBERS = {
    "Invoice No.: INV-2041\nCustomer No.: 88123": "INV-2041",
    "Receipt #: 000418\nGST Reg No: 001800839168": "000418",
    "Rechnung Nr. 2022-118 vom 02.05.2022": "2022-118",
    "Facture n° FA-2017-0010\nN° client : 4471": "FA-2017-0010",
    "Factuurnummer: 993548900\nKvK 24330087": "993548900",
    "Numero fattura: 318/A\nPartita IVA: IT01234567890": "318/A",
    "Invoice Number | Date\nBLR-20151 | 20-10-2015": "BLR-20151",
    "Tel: 555-123-4567\nBill No: 4417": "4417",
}


@pytest.mark.parametrize(("text", "number"), NUMBERS.items(), ids=NUMBERS.values())
def test_the_documents_number_is_told_from_other_numbers(text: str, number: str) -> None:
    study = Study(document(f"Harbour Supplies Ltd\n4 Quay Street\n{text}\nTotal | 20.00"))
    assert study.number is not None
    assert study.number.value == number


def test_no_number_is_better_than_a_phone() -> None:
    study = Study(document("Harbour Cafe\nTel 03-7728 2210\nTea | 4.00\nTotal | 4.00"))
    assert study.number is None


ISSUERS = {
    "letterhead": (
        "Fjord Textiles GmbH · Seestr. 4 · 24103 Kiel\nHerrn\nUwe Lang",
        "Fjord Textiles GmbH",
    ),
    "not the customer": (
        "Bill to:\nAtlas Imports Inc.\n\nSold by: Fjord Textiles GmbH\nInvoice 7",
        "Fjord Textiles GmbH",
    ),
    "till": (
        "FJORD TEXTILES SDN BHD\n(123456-A)\n12 Jalan Ampang\n50450 Kuala Lumpur\nTAX INVOICE",
        "FJORD TEXTILES SDN BHD",
    ),
    "two lines": (
        "FJORD NORDIC TEXTILES\nTRADING SDN BHD\n12 Jalan Ampang",
        "FJORD NORDIC TEXTILES TRADING SDN BHD",
    ),
    "domain": ("# Invoice\nFjordtex\n4 Quay Street, 10115 Berlin\nwww.fjordtex.de", "Fjordtex"),
}


@pytest.mark.parametrize(("text", "name"), ISSUERS.values(), ids=ISSUERS)
def test_the_issuer_is_told_from_other_lines(text: str, name: str) -> None:
    study = Study(document(f"{text}\nDate 02.05.2022\nTotal | 20.00"))
    assert study.issuer is not None
    assert study.issuer.value == name


CURRENCIES = {
    "Total RM 20.00": "MYR",
    "Total € 20,00": "EUR",
    "Total £20.00": "GBP",
    "Währung: CHF\nTotal 20.00": "CHF",
    "Total $20.00\nAustin, TX 78701": "USD",
    "Total $20.00\nToronto, Canada M5V 2T6\nHST": "CAD",
    "Total Rs. 20.00": "INR",
}


@pytest.mark.parametrize(("text", "code"), CURRENCIES.items(), ids=CURRENCIES.values())
def test_the_currency_comes_with_its_evidence(text: str, code: str) -> None:
    study = Study(document(f"Receipt\n{text}"))
    assert study.currency is not None
    assert study.currency.value == code
    assert study.currency.quote
    assert study.currency.quote in study.context.text


def test_a_dollar_does_not_beat_malaysian_evidence() -> None:
    study = Study(document("Kedai Satu Sdn Bhd\nJalan Ampang, Selangor, Malaysia\nTotal $ 5.00"))
    assert study.currency is not None
    assert study.currency.value == "MYR"
