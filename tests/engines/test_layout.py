"""Rows and labels on pages whose segments come in any order."""

from __future__ import annotations

import random

from ingestio.engines.local.context import context_of
from ingestio.engines.local.labelled import find_labelled, labels
from ingestio.engines.local.layout import row_text
from ingestio.engines.local.pages import ReadDocument, ReadPage
from ingestio.engines.local.study import Study
from ingestio.engines.local.values import ValueKind
from ingestio.engines.local.words import normal
from tests.engines.made import document


def test_rows_do_not_depend_on_the_order_of_segments() -> None:
    read = document("Item | Qty | Price\nTea | 2 | 4.00\nCake | 1 | 3.50")
    page = read.pages[0]
    shuffled = list(page.segments)
    random.Random(7).shuffle(shuffled)  # noqa: S311  the same order every time
    mixed = ReadDocument((ReadPage(0, page.ratio, tuple(shuffled)),), 1)
    rows = [row_text(row) for row in context_of(mixed).rows]
    assert rows == ["Item Qty Price", "Tea 2 4.00", "Cake 1 3.50"]


def test_a_label_stands_left_or_above() -> None:
    context = context_of(document("Date | Number\n02.05.2022 | A-17\nDue: 01.06.2022"))
    day, number, due = (p for p in context.places if any(c.isdigit() for c in p.segment.text))
    assert context.above(day) == "Date"
    assert context.above(number) == "Number"
    assert context.left(due, due.segment.text.index("01")) == "Due"


def found(text: str, kind: ValueKind, phrases: str) -> list[str]:
    study = Study(document(text))
    return [one.value for one in find_labelled(study.context, study.reader, labels(kind, phrases))]


def test_a_value_is_taken_beside_its_label_then_below() -> None:
    assert found("Carrier: Alpen Trans KG", ValueKind.NAME, "carrier") == ["Alpen Trans KG"]
    assert found("Carrier | Alpen Trans KG", ValueKind.NAME, "carrier") == ["Alpen Trans KG"]
    assert found("Carrier | Weight\nAlpen Trans KG | 20 kg", ValueKind.NAME, "carrier") == [
        "Alpen Trans KG"
    ]


def test_a_label_is_never_taken_for_a_name() -> None:
    assert found("Customer | Account number\nCustomer ID: 17", ValueKind.NAME, "customer") == []


def test_ocr_slips_in_labels_are_mended() -> None:
    assert normal("lnvoice Numbar", damaged=True) == "invoice number"
    assert normal("TOTALAMOUNT", damaged=True) == "total amount"
    assert normal("RechnungNr", damaged=True) == "rechnung nr"
    assert normal("T O T A L  A M O U N T") == "totalamount"
