"""XML inside a PDF is believed where the pages show it too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestio.domain.documents import DocumentKind, MediaType
from ingestio.engines.local import einvoice, engine
from ingestio.engines.local.reading import read
from tests.engines.made import document
from tests.engines.made_pdf import Drawing, write

if TYPE_CHECKING:
    from pathlib import Path

XML = b"""<?xml version="1.0"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:a" xmlns:ram="urn:b" xmlns:udt="urn:c">
<rsm:ExchangedDocument><ram:ID>RE-77</ram:ID><ram:IssueDateTime>
<udt:DateTimeString format="102">20220502</udt:DateTimeString></ram:IssueDateTime>
</rsm:ExchangedDocument><rsm:SupplyChainTradeTransaction>
<ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:Name>Fjord Textiles GmbH</ram:Name>
<ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">201/113</ram:ID></ram:SpecifiedTaxRegistration>
<ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE123456789</ram:ID>
</ram:SpecifiedTaxRegistration>
</ram:SellerTradeParty></ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
<ram:SpecifiedTradeSettlementHeaderMonetarySummation>
<ram:GrandTotalAmount>119.00</ram:GrandTotalAmount>
</ram:SpecifiedTradeSettlementHeaderMonetarySummation>
</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>
"""


def test_values_are_read_by_their_path() -> None:
    stated = einvoice.parse(XML)
    assert stated is not None
    assert stated.values == {
        "invoice_number": "RE-77",
        "invoice_date": "2022-05-02",
        "vendor": "Fjord Textiles GmbH",
        "vendor_tax_id": "DE123456789",
        "currency": "EUR",
        "total": "119.00",
    }


def test_other_xml_is_no_invoice() -> None:
    assert einvoice.parse(b"<html/>") is None
    assert einvoice.parse(b"not xml") is None
    assert einvoice.parse(b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + XML) is None


def test_only_what_the_page_shows_is_taken() -> None:
    stated = einvoice.parse(XML)
    page = document("Fjord Textiles\nGmbH\nBeleg RE-77\n2 May 2022\nSumme | 119,00 €")
    values = {f.name: f for f in engine.extract(page, None, None, stated).fields}
    assert values["vendor"].value == "Fjord Textiles GmbH"
    assert values["vendor"].confidence > 0.95
    assert values["total"].value == "119.00"
    assert "vendor_tax_id" not in values


def test_a_page_that_says_otherwise_is_believed_less() -> None:
    page = document("Fjord Textiles GmbH\nRechnung RE-77\nDatum: 03.06.2022\nSumme | 119,00 €")
    alone = {f.name: f for f in engine.extract(page, "invoice date", None).fields}
    assert alone["invoice_date"].value == "2022-06-03"
    stated = einvoice.parse(XML)
    names = {f.name for f in engine.extract(page, None, None, stated).fields}
    assert "total" in names
    assert "invoice_date" not in names


def test_the_attached_file_is_found(tmp_path: Path) -> None:
    page = Drawing().text(50, 700, "Rechnung RE-77 der Fjord Textiles GmbH vom 02.05.2022")
    page.text(50, 680, "Gesamtbetrag 119,00 EUR")
    document = read(write(tmp_path / "a.pdf", page, xml=XML), MediaType.PDF, may_ocr=False)
    assert document.xml is not None
    found = engine.extract(document, None, None, einvoice.parse(document.xml))
    assert found.kind is DocumentKind.INVOICE
    assert {f.name: f.value for f in found.fields}["invoice_number"] == "RE-77"
