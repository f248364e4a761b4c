"""Files of more pages than are read at once: what was left out is said, and read if it matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ingestio.domain.documents import DocumentKind, MediaType
from ingestio.domain.results import PageRange
from ingestio.engines.local import engine
from ingestio.engines.local.reading import NeedsOcr, read
from ingestio.errors import NothingFound
from tests.engines.made_pdf import Drawing, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


PROSE = "On this page of the report there is nothing to see."


def pages_of(document) -> list[int]:
    return [page.number + 1 for page in document.pages]


@pytest.fixture
def long(tmp_path: Path) -> Callable[..., Path]:
    """A PDF of so many pages of prose, some with a line more, some with a shape instead."""

    def made(pages: int, lines: dict[int, str], drawn: range = range(0)) -> Path:
        drawings = [Drawing().text(50, 700, PROSE) for _ in range(pages)]
        for number, line in lines.items():
            drawings[number - 1].text(50, 600, line)
        for number in drawn:
            drawings[number - 1].parts = ["50 50 400 400 re f"]
        return write(tmp_path / "long.pdf", *drawings)

    return made


def test_the_middle_of_a_long_text_is_left_and_said(long: Callable[..., Path]):
    document = read(long(100, {}), MediaType.PDF, may_ocr=False)
    assert pages_of(document) == [*range(1, 61), *range(95, 101)]
    assert document.unread == (PageRange(61, 94),)


def test_a_value_in_the_middle_is_missing_until_its_part_is_read(long: Callable[..., Path]):
    path = long(100, {2: "Currency: EUR", 80: "Invoice number: RE-4711"})
    prompt = "invoice number, currency"
    first = engine.extract(read(path, MediaType.PDF, may_ocr=False), prompt, None)
    assert [field.name for field in first.fields] == ["currency"]
    assert (first.missing, first.unread) == (("invoice_number",), (PageRange(61, 94),))

    part = read(path, MediaType.PDF, first.unread[0], may_ocr=False)
    second = engine.extract(part, prompt, None)
    assert [(f.name, f.value, f.page) for f in second.fields] == [("invoice_number", "RE-4711", 80)]
    assert second.unread == ()


def test_with_all_found_the_rest_need_not_be_read(long: Callable[..., Path]):
    path = long(100, {2: "Invoice number: RE-4711"})
    found = engine.extract(read(path, MediaType.PDF, may_ocr=False), "invoice number", None)
    assert (found.missing, found.unread) == ((), ())


def test_nothing_found_is_said_of_a_whole_document_only(long: Callable[..., Path]):
    path = long(100, {})
    assert engine.extract(read(path, MediaType.PDF, may_ocr=False), "iban", None).fields == ()
    with pytest.raises(NothingFound):
        engine.extract(read(long(9, {}), MediaType.PDF, may_ocr=False), "iban", None)


def test_pages_that_want_ocr_beyond_what_is_looked_at_once_are_unread(long: Callable[..., Path]):
    path = long(30, {}, drawn=range(15, 20))
    document = read(path, MediaType.PDF, may_ocr=False)
    assert document.unread == (PageRange(15, 19),)
    with pytest.raises(NeedsOcr):
        read(path, MediaType.PDF, document.unread[0], may_ocr=False)


def test_a_part_of_many_pages_leaves_its_own_rest(long: Callable[..., Path]):
    part = read(long(200, {}), MediaType.PDF, PageRange(61, 194), may_ocr=False)
    assert part.unread == (PageRange(121, 188),)
    assert not engine.extract(part, "iban", DocumentKind.INVOICE).fields
