"""Results as files: one row a document, nothing in it that a spreadsheet runs."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from ingestio.domain.results import Extraction as Result
from ingestio.domain.results import Field
from ingestio.errors import Encrypted, NotFound
from ingestio.services.exports import ExportFormat, Exports, safe_text
from ingestio.services.extraction import Extraction
from tests.fakes import StubEngine

if TYPE_CHECKING:
    from ingestio.domain.documents import DocumentKind
    from ingestio.ports import SourceDocument
    from tests.wiring import House

HOSTILE = '=HYPERLINK("http://evil.example","x")'


class Hostile(StubEngine):
    """Finds a formula, a negative amount and something with a comma and a line break."""

    def extract(
        self, document: SourceDocument, prompt: str | None, kind: DocumentKind | None
    ) -> Result:
        found = super().extract(document, prompt, kind)
        mine = (
            Field("vendor", HOSTILE, 0.9),
            Field("total", "-12.50", 0.95),
            Field("customer", 'Müller, "Söhne"\nBerlin', 0.8),
            Field("phone", "+49 30 1234", 0.8),
        )
        return replace(found, fields=mine)


def _exported(house: House, export_format: str, pages: tuple[int, ...] = (1, 2)) -> bytes:
    ada = house.user()
    engine = Hostile()
    house.extraction = Extraction(house.files, engine, engine, house.extraction.answers)
    batch_id = house.submit(ada, pages)
    house.work_off()
    return b"".join(Exports(house.database).stream(ada, batch_id, export_format))


@pytest.mark.parametrize(
    "cell",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "\uff1d1+1",
        "\uff0b1",
        "-",
        "+49",
    ],
)
def test_a_cell_that_begins_like_a_formula_stays_text(cell: str) -> None:
    assert safe_text(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["-12.50", "0.00", "-1", "1234567.89", "a=1", "", "2026-03-01"])
def test_a_number_and_a_plain_text_stay_as_they_are(cell: str) -> None:
    assert safe_text(cell) == cell


def test_csv_has_one_row_a_document(house: House) -> None:
    rows = list(csv.DictReader(io.StringIO(_exported(house, "csv").decode(), newline="")))

    assert [(row["filename"], row["pages"], row["status"]) for row in rows] == [
        ("file-0.pdf", "1", "completed"),
        ("file-1.pdf", "2", "completed"),
    ]
    first = rows[0]
    assert (first["type"], first["review_state"], first["error"]) == ("invoice", "unreviewed", "")
    assert first["vendor"] == f"'{HOSTILE}"
    assert (first["total"], first["total_confidence"]) == ("-12.50", "0.95")
    assert first["customer"] == 'Müller, "Söhne"\nBerlin'
    assert first["phone"] == "'+49 30 1234"


def test_xlsx_holds_no_formula_and_amounts_are_numbers(house: House) -> None:
    book = zipfile.ZipFile(io.BytesIO(_exported(house, "xlsx")))
    sheet = book.read("xl/worksheets/sheet1.xml").decode()

    assert "<f>" not in sheet
    assert "HYPERLINK" in sheet
    assert "hyperlinks" not in sheet
    assert "<v>-12.5</v>" in sheet
    assert len(re.findall(r"<row ", sheet)) == 3


def test_json_has_each_value_with_its_evidence(house: House) -> None:
    exported = json.loads(_exported(house, "json"))

    assert [one["filename"] for one in exported["documents"]] == ["file-0.pdf", "file-1.pdf"]
    assert exported["documents"][0]["fields"]["vendor"] == {
        "value": HOSTILE,
        "confidence": 0.9,
        "page": None,
        "box": None,
        "quote": None,
    }


def test_what_failed_is_a_row_with_its_reason(house: House) -> None:
    ada = house.user()
    house.engine.failures = [Encrypted("x")]
    batch_id = house.submit(ada)
    house.work_off()

    text = b"".join(Exports(house.database).stream(ada, batch_id, "csv")).decode()

    row = next(csv.DictReader(io.StringIO(text)))
    assert (row["status"], row["type"]) == ("failed", "")
    assert row["error"] == "Protected with a password."


def test_a_selection_is_exported(house: House) -> None:
    ada = house.user()
    batch_id = house.submit(ada, (1, 1, 1))
    house.work_off()
    second = house.batches.results(ada, batch_id)[1].document.id

    text = b"".join(Exports(house.database).stream(ada, batch_id, "csv", [second])).decode()

    assert [row["document_id"] for row in csv.DictReader(io.StringIO(text))] == [str(second)]


def test_other_peoples_batches_are_missing(house: House) -> None:
    ada, eve = house.user(), house.user("eve@example.org")
    batch_id = house.submit(ada)

    for export_format in ExportFormat:
        for missing in (batch_id, uuid4()):
            with pytest.raises(NotFound):
                Exports(house.database).stream(eve, missing, export_format)
