"""PDF files made in a test: a text layer written by hand, no library in between."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pikepdf

if TYPE_CHECKING:
    from pathlib import Path

PAGE = (595, 842)


@dataclass
class Drawing:
    """Drawing commands of one page, in PDF's own points from the bottom left."""

    parts: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, size: float = 11, spacing: float = 0) -> Drawing:
        """Text at a place; `spacing` points between letters."""
        escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
        self.parts.append(f"BT /F1 {size} Tf {spacing} Tc {x} {y} Td ({escaped}) Tj ET")
        return self

    def turned(self, x: float, y: float, text: str, size: float = 11) -> Drawing:
        """Text that runs upwards."""
        self.parts.append(f"BT /F1 {size} Tf 0 1 -1 0 {x} {y} Tm ({text}) Tj ET")
        return self


def write(path: Path, *pages: Drawing, rotate: int = 0, xml: bytes | None = None) -> Path:
    """Save pages; `rotate` is how a viewer turns them, `xml` an attached e-invoice."""
    pdf = pikepdf.new()
    font = pikepdf.Dictionary(
        Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica,
        Encoding=pikepdf.Name.WinAnsiEncoding,
    )  # fmt: skip
    for drawing in pages:
        page = pdf.add_blank_page(page_size=PAGE)
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
        page.Contents = pdf.make_stream("\n".join(drawing.parts).encode("cp1252"))
        if rotate:
            page.Rotate = rotate
    if xml is not None:
        spec = pikepdf.AttachedFileSpec(pdf, xml, filename="factur-x.xml")
        pdf.attachments["factur-x.xml"] = spec
    buffer = io.BytesIO()
    pdf.save(buffer)
    path.write_bytes(buffer.getvalue())
    return path
