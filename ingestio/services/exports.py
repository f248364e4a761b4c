"""A batch's values as a file: one row a document, with confidence and review state (Spec 8).

Answers CSV, XLSX and JSON, in chunks. A cell that a spreadsheet would run as a formula stays text;
an amount stays a number.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from xlsxwriter import Workbook  # pyright: ignore[reportMissingTypeStubs]

from ingestio.db import batches, results
from ingestio.domain.documents import DocumentResult
from ingestio.domain.wording import WORDING
from ingestio.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from uuid import UUID

    from ingestio.db.engine import Database
    from ingestio.domain.accounts import Actor
    from ingestio.domain.results import Field

CHUNK_BYTES: Final = 65_536
MAX_CELL_CHARS: Final = 32_767
"""What a cell of a spreadsheet holds."""
_LEAD: Final = ("document_id", "filename", "status", "type", "pages", "review_state", "error")
_FORMULA: Final = re.compile("^[=+\\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER: Final = re.compile(r"-?\d{1,15}(\.\d+)?")
_AMOUNT: Final = re.compile(r"-?\d{1,13}\.\d{2}")


class ExportFormat(StrEnum):
    """What a batch can be exported as."""

    CSV = "csv"
    XLSX = "xlsx"
    JSON = "json"


MEDIA_TYPES: Final = {
    ExportFormat.CSV: "text/csv; charset=utf-8",
    ExportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ExportFormat.JSON: "application/json",
}


@dataclass(frozen=True, slots=True)
class Exports:
    """Writes results out."""

    database: Database

    def stream(
        self,
        actor: Actor,
        batch_id: UUID,
        export_format: ExportFormat | str,
        documents: Collection[UUID] = (),
    ) -> Iterator[bytes]:
        """A batch's documents in their order, or those of them that are named.

        Raises:
            NotFound
        """
        found = self._results(actor.user_id, batch_id)
        if documents:
            found = [one for one in found if one.document.id in documents]
        match ExportFormat(export_format):
            case ExportFormat.CSV:
                return _csv(found)
            case ExportFormat.XLSX:
                return _xlsx(found)
            case ExportFormat.JSON:
                return _json(found)

    def _results(self, owner: UUID, batch_id: UUID) -> list[DocumentResult]:
        with self.database.read(owner) as session:
            if batches.one(session, owner, batch_id) is None:
                raise NotFound
            rows = batches.documents_of(session, owner, batch_id)
            fields = results.fields_of(session, owner, [row.id for row in rows])
        return [DocumentResult(row, fields.get(row.id, ())) for row in rows]


def _csv(found: Sequence[DocumentResult]) -> Iterator[bytes]:
    names = _names(found)
    for row in (_header(names), *(_row(one, names) for one in found)):
        line = io.StringIO()
        csv.writer(line).writerow([safe_text(cell) for cell in row])
        yield line.getvalue().encode()


def safe_text(cell: str | float | None) -> str:
    """A CSV cell that no spreadsheet runs: a formula's first letter gets an apostrophe before it.

    What is a number stays one, also below zero (OWASP, ASVS v5.0.0-1.2.10).
    """
    text = "" if cell is None else str(cell)
    is_number = bool(_NUMBER.fullmatch(text))
    return f"'{text}" if _FORMULA.match(text) and not is_number else text


def _xlsx(found: Sequence[DocumentResult]) -> Iterator[bytes]:
    names = _names(found)
    with tempfile.TemporaryFile() as file:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        with Workbook(file, options) as book:
            sheet = book.add_worksheet("Documents")  # pyright: ignore[reportUnknownMemberType]
            sheet.freeze_panes(1, 2)
            bold = book.add_format({"bold": True})  # pyright: ignore[reportUnknownMemberType]
            for column, title in enumerate(_header(names)):
                sheet.write_string(0, column, title, bold)
            for number, one in enumerate(found, 1):
                for column, cell in enumerate(_row(one, names)):
                    _write(sheet, number, column, cell)
        file.seek(0)
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def _write(sheet: Any, row: int, column: int, cell: str | float | None) -> None:  # noqa: ANN401 (untyped vendor)
    if cell is None or cell == "":
        return
    if not isinstance(cell, str):
        sheet.write_number(row, column, cell)
    elif _AMOUNT.fullmatch(cell):
        sheet.write_number(row, column, float(cell))
    else:
        sheet.write_string(row, column, cell[:MAX_CELL_CHARS])


def _json(found: Sequence[DocumentResult]) -> Iterator[bytes]:
    yield b'{"documents": ['
    for number, one in enumerate(found):
        lead = dict(zip(_LEAD, _lead(one), strict=True))
        fields = {field.name: _evidence(field) for field in one.fields}
        text = json.dumps({**lead, "fields": fields}, ensure_ascii=False)
        yield (",\n" if number else "\n").encode() + text.encode()
    yield b"\n]}\n"


def _evidence(field: Field) -> dict[str, Any]:
    return {
        "value": field.value,
        "confidence": field.confidence,
        "page": field.page,
        "box": field.box.as_list() if field.box else None,
        "quote": field.quote,
    }


def _names(found: Sequence[DocumentResult]) -> list[str]:
    """Every field of any document, in the order in which they turn up."""
    return list(dict.fromkeys(field.name for one in found for field in one.fields))


def _header(names: Sequence[str]) -> list[str]:
    return [*_LEAD, *(title for name in names for title in (name, f"{name}_confidence"))]


def _row(one: DocumentResult, names: Sequence[str]) -> list[str | float | None]:
    fields = {field.name: field for field in one.fields}
    cells: list[str | float | None] = list(_lead(one))
    for name in names:
        field = fields.get(name)
        cells += [field.value, round(field.confidence, 3)] if field else [None, None]
    return cells


def _lead(one: DocumentResult) -> tuple[str | int | None, ...]:
    row = one.document
    error = WORDING.get(row.error_code, WORDING["internal"])[0] if row.error_code else None
    return (
        str(row.id),
        row.filename,
        row.status.value,
        row.kind.value if row.kind else None,
        row.pages,
        row.review_state.value,
        error,
    )
