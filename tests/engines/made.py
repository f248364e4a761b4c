"""Pages made from plain text: a line a row, ` | ` between columns, `# ` large."""

from __future__ import annotations

from ingestio.engines.local.pages import ReadDocument, ReadPage, Segment

LEFT, LINE, CHAR, TYPE = 0.08, 0.024, 0.0078, 0.0115


def document(*pages: str, is_ocr: bool = False) -> ReadDocument:
    """A document with these pages."""
    read = tuple(_page(number, text, is_ocr=is_ocr) for number, text in enumerate(pages))
    return ReadDocument(read, len(read))


def _page(number: int, text: str, *, is_ocr: bool) -> ReadPage:
    segments: list[Segment] = []
    for row, line in enumerate(text.strip("\n").split("\n")):
        is_large = line.startswith("# ")
        scale = 1.8 if is_large else 1.0
        parts = line.removeprefix("# ").split(" | ")
        height = TYPE * scale
        step = (1 - 2 * LEFT) / max(1, len(parts))
        for column, part in enumerate(parts):
            if not part.strip():
                continue
            x0, y0 = LEFT + column * step, 0.06 + row * LINE
            width = min(len(part) * CHAR * scale, step if len(parts) > 1 else 1 - 2 * LEFT)
            y1 = y0 + 1.3 * height
            segments.append(Segment(part.strip(), x0, y0, x0 + width, y1, height, number))
    return ReadPage(number, 1.414, tuple(segments), is_ocr=is_ocr)
