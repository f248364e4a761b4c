"""Hostile and unusual files, made here: each by the rule it is to prove."""

from __future__ import annotations

import io
import zlib

import pikepdf
from PIL import Image

from tests.taking import pdf, picture

PAGE = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>"


def saved(image: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def rewritten(data: bytes, **how: object) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as made:
        made.save(out, **how)
    return out.getvalue()


def locked(user: str, strength: int = 6) -> bytes:
    """With a password to open it; an empty one opens by itself."""
    encryption = pikepdf.Encryption(
        owner="o", user=user, R=strength, aes=strength > 3, metadata=strength > 3
    )
    return rewritten(pdf(2), encryption=encryption)


def turned() -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf(2))) as made:
        made.pages[0].rotate(90, relative=True)
        made.save(out)
    return out.getvalue()


def png_header(width: int, height: int) -> bytes:
    """What a picture of that size begins with, and nothing of its pixels."""
    chunk = b"IHDR" + width.to_bytes(4) + height.to_bytes(4) + b"\x01\x00\x00\x00\x00"
    body = (13).to_bytes(4) + chunk + zlib.crc32(chunk).to_bytes(4)
    return b"\x89PNG\r\n\x1a\n" + body + b"\x00\x00\x00\x00IEND\xaeB`\x82"


def bomb_of_object_streams() -> bytes:
    """400 MB of blanks in 400 KB, where a reader looks for its objects."""
    packed = zlib.compress(b" " * 400_000_000, 1)
    head = b"%%PDF-1.7\n1 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n"
    tail = b"\nendstream endobj\ntrailer<</Root 2 0 R/Size 3>>\n%%EOF"
    return head % len(packed) + packed + tail


def endless_tree() -> bytes:
    """Ten levels of ten references to one child: 10^10 pages in 2 KB."""
    parts = [b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"]
    for level in range(2, 12):
        kids = b" ".join([b"%d 0 R" % (level + 1)] * 10)
        parts.append(b"%d 0 obj<</Type/Pages/Count 10/Kids[%s]>>endobj\n" % (level, kids))
    parts.append(b"12 0 obj<</Type/Page/MediaBox[0 0 9 9]>>endobj\n")
    parts.append(b"trailer<</Root 1 0 R/Size 13>>\n%%EOF")
    return b"".join(parts)


def looping_tree() -> bytes:
    """A tree of pages that is its own child."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count 1/Kids[2 0 R]>>endobj\ntrailer<</Root 1 0 R/Size 3>>\n%%EOF"
    )


def looping_xref() -> bytes:
    """A cross-reference table that names itself as the one before."""
    body = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    body += b"2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n3 0 obj" + PAGE + b"endobj\n"
    at = len(body)
    table = b"xref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 4/Prev %d>>\n" % at
    return body + table + b"startxref\n%d\n%%%%EOF" % at


def many_kids(kids: int = 100_000) -> bytes:
    listed = b"3 0 R " * kids
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Count " + str(kids).encode() + b"/Kids[" + listed + b"]>>endobj\n"
        b"3 0 obj" + PAGE + b"endobj\ntrailer<</Root 1 0 R/Size 4>>\n%%EOF"
    )


def empty_pdf() -> bytes:
    out = io.BytesIO()
    pikepdf.new().save(out)
    return out.getvalue()


GRADIENT = Image.linear_gradient("L").resize((120, 80))
FRAMES = [GRADIENT.convert("RGB"), GRADIENT.rotate(180).convert("RGB")]
TURNED_EXIF = Image.Exif()
TURNED_EXIF[0x0112] = 6
ACCEPTED = {
    "an empty user password opens": ("a.pdf", lambda: locked(""), 2),
    "an old encryption with an empty password": ("a.pdf", lambda: locked("", 3), 2),
    "pages that are turned": ("a.pdf", turned, 2),
    "a header after some bytes": ("a.pdf", lambda: b"\n" * 900 + pdf(2), 2),
    "a name in capitals": ("A.PDF", lambda: pdf(2), 2),
    "exactly as many pages as a file may have": ("a.pdf", lambda: pdf(1_000), 1_000),
    "two pictures in one JPG": (
        "a.jpg",
        lambda: saved(FRAMES[0], "MPO", save_all=True, append_images=FRAMES[1:]),
        1,
    ),
    "a moving PNG": (
        "a.png",
        lambda: saved(FRAMES[0], "PNG", save_all=True, append_images=FRAMES[1:]),
        1,
    ),
    "a JPG of four inks": ("a.jpg", lambda: saved(FRAMES[0].convert("CMYK"), "JPEG"), 1),
    "a PNG of 16 bits": ("a.png", lambda: saved(GRADIENT.convert("I;16"), "PNG"), 1),
    "a PNG with a palette": ("a.png", lambda: saved(FRAMES[0].convert("P"), "PNG"), 1),
    "a JPG that is turned": ("a.jpeg", lambda: saved(FRAMES[0], "JPEG", exif=TURNED_EXIF), 1),
    "a JPG in passes": ("a.jpg", lambda: saved(FRAMES[0], "JPEG", progressive=True), 1),
    "a JPG with a PDF behind it": ("a.jpg", lambda: saved(FRAMES[0], "JPEG") + pdf(3), 1),
}
"""What it is: its name, its bytes, the pages it is charged."""

REFUSED = {
    "a password": ("a.pdf", lambda: locked("secret"), {"encrypted"}),
    "an old encryption with a password": ("a.pdf", lambda: locked("secret", 3), {"encrypted"}),
    "no pages": ("a.pdf", empty_pdf, {"no_pages"}),
    "one page too many": ("a.pdf", lambda: pdf(1_001), {"too_many_pages"}),
    "100,000 kids": ("a.pdf", many_kids, {"too_many_pages"}),
    "a head alone": ("a.pdf", lambda: b"%PDF-1.7\n", {"unreadable"}),
    "cut off early": ("a.pdf", lambda: pdf(3)[:80], {"unreadable", "no_pages"}),
    "a JPG cut off": ("a.jpg", lambda: saved(FRAMES[0], "JPEG")[:700], {"unreadable"}),
    "a PNG cut off": ("a.png", lambda: saved(FRAMES[0], "PNG")[:200], {"unreadable"}),
    "a page instead of a PDF": ("a.pdf", lambda: b"<html>%PD</html>", {"unsupported_type"}),
    "a PDF after 1,024 bytes": ("a.pdf", lambda: b"x" * 1_024 + pdf(1), {"unsupported_type"}),
    "a picture as PDF": ("a.pdf", picture, {"unsupported_type"}),
    "a PDF as picture": ("a.png", lambda: pdf(1), {"unsupported_type"}),
    "a PNG as JPG": ("a.jpg", picture, {"unsupported_type"}),
    "a GIF as PNG": ("a.png", lambda: picture("GIF"), {"unsupported_type"}),
    "a program as PDF": ("a.pdf", lambda: b"MZ" + bytes(2_000), {"unsupported_type"}),
    "PostScript as JPG": ("a.jpg", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n", {"unsupported_type"}),
    "a picture of 3.6 billion pixels": (
        "a.png",
        lambda: png_header(60_000, 60_000),
        {"too_big_inside"},
    ),
    "a picture of 49 million pixels": (
        "a.png",
        lambda: png_header(7_000, 7_000),
        {"too_big_inside"},
    ),
    "a picture of 20,001 pixels a side": (
        "a.png",
        lambda: png_header(20_001, 1),
        {"too_big_inside"},
    ),
    "a stream of 1 to 1,000": (
        "a.pdf",
        bomb_of_object_streams,
        {"too_big_inside", "unreadable", "no_pages"},
    ),
    "an endless tree": (
        "a.pdf",
        endless_tree,
        {"too_big_inside", "too_many_pages", "page_count_disputed"},
    ),
    "a tree that is its own child": (
        "a.pdf",
        looping_tree,
        {"unreadable", "no_pages", "page_count_disputed"},
    ),
}
"""What it is: its name, its bytes, the codes that are right."""
