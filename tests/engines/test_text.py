"""Text layers: letters joined by geometry, whatever the stream looks like."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ingestio.domain.documents import MediaType
from ingestio.engines.local.layout import row_text, rows_of
from ingestio.engines.local.pages import Segment
from ingestio.engines.local.reading import NeedsOcr, read
from ingestio.engines.local.text import is_noise
from ingestio.errors import Encrypted, Unreadable
from tests.engines.made_pdf import Drawing, write

if TYPE_CHECKING:
    from pathlib import Path


def lines(path: Path) -> list[str]:
    document = read(path, MediaType.PDF, may_ocr=False)
    return [" | ".join(segment.text for segment in row) for row in rows_of(document)]


def filled(drawing: Drawing) -> Drawing:
    """With enough other text for the layer to count."""
    return drawing.text(50, 80, "Thank you for your order, it was a pleasure to serve you.")


def test_words_stay_together_and_wide_gaps_make_columns(tmp_path: Path) -> None:
    page = filled(Drawing().text(50, 700, "Invoice number").text(300, 700, "A-17"))
    assert lines(write(tmp_path / "a.pdf", page))[0] == "Invoice number | A-17"


def test_letter_spaced_text_is_read_as_words(tmp_path: Path) -> None:
    page = filled(Drawing().text(50, 700, "TOTAL AMOUNT", spacing=4))
    assert lines(write(tmp_path / "a.pdf", page))[0] == "TOTAL AMOUNT"


def test_glyphs_drawn_twice_for_bold_are_read_once(tmp_path: Path) -> None:
    page = filled(Drawing().text(50, 700, "Total 12.00").text(50.4, 700, "Total 12.00"))
    assert lines(write(tmp_path / "a.pdf", page))[0] == "Total 12.00"


def test_rows_follow_the_page_not_the_stream(tmp_path: Path) -> None:
    page = filled(Drawing().text(50, 600, "second").text(50, 700, "first").text(300, 600, "right"))
    assert lines(write(tmp_path / "a.pdf", page))[:2] == ["first", "second | right"]


def test_a_raised_ordinal_joins_its_day(tmp_path: Path) -> None:
    page = Drawing().text(50, 700, "made on the 20").text(125.5, 704, "th", size=6)
    page.text(133, 700, "day of May")
    assert "20th day of May" in lines(write(tmp_path / "a.pdf", filled(page)))[0]


@pytest.mark.parametrize("rotate", [0, 90, 180, 270])
def test_a_box_lies_where_the_viewer_shows_it(tmp_path: Path, rotate: int) -> None:
    page = Drawing().text(50, 780, "Upper left corner of the sheet of paper")
    document = read(write(tmp_path / "a.pdf", page, rotate=rotate), MediaType.PDF, may_ocr=False)
    segment = document.pages[0].segments[0]
    box = document.pages[0].box(segment.x0, segment.y0, segment.x1, segment.y1)
    centre = ((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)
    along, across = (50 + 95) / 595, 1 - 783 / 842
    shown = {
        0: (along, across),
        90: (1 - across, along),
        180: (1 - along, 1 - across),
        270: (across, 1 - along),
    }
    assert centre == pytest.approx(shown[rotate], abs=0.03)


def test_a_sheet_written_sideways_is_read_upright(tmp_path: Path) -> None:
    page = Drawing().turned(60, 100, "Bill of lading number 4411 and more words to read")
    document = read(write(tmp_path / "a.pdf", page), MediaType.PDF, may_ocr=False)
    (segment,) = document.pages[0].segments
    assert segment.text.startswith("Bill of lading number 4411")
    box = document.pages[0].box(segment.x0, segment.y0, segment.x1, segment.y1)
    assert box.x1 - box.x0 < 0.1 < box.y1 - box.y0


def test_a_page_without_text_needs_ocr(tmp_path: Path) -> None:
    page = Drawing(["0 0 100 100 re f"])
    with pytest.raises(NeedsOcr):
        read(write(tmp_path / "a.pdf", page), MediaType.PDF, may_ocr=False)


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"%PDF-1.7 and then nothing")
    with pytest.raises(Unreadable):
        read(path, MediaType.PDF, may_ocr=False)


def test_a_protected_file_says_so(tmp_path: Path) -> None:
    import pikepdf  # noqa: PLC0415

    path = write(tmp_path / "a.pdf", filled(Drawing()))
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(Encrypted):
        read(path, MediaType.PDF, may_ocr=False)


def test_lone_letters_are_noise_and_sentences_are_not() -> None:
    def segments(text: str) -> tuple[Segment, ...]:
        return tuple(Segment(word, 0, 0, 1, 1, 0.01) for word in text.split())

    assert is_noise(segments("~ l i \\ t ,, r n ; ' k e ^ w _ j | o x"))
    assert not is_noise(segments("This invoice is due within thirty days of the date above " * 2))


def test_row_text_joins_columns() -> None:
    row = (Segment("a", 0, 0, 0.1, 0.1, 0.01), Segment("b", 0.5, 0, 0.6, 0.1, 0.01))
    assert row_text(row) == "a b"
