"""A seeded mutator: number n is always the same hostile file, so that a failure can be looked at.

Starts from real samples and from PDFs of each build: tables, object streams, encrypted, linearised.
Most changes are small: a file that is refused at its first byte proves little.
"""

from __future__ import annotations

import io
import re
import zlib
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pikepdf
from PIL import Image

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SAMPLES = Path(__file__).parent / "samples"
LARGEST_BYTES = 300_000
"""Larger seeds only take longer."""
NUMBERS = (b"0", b"-1", b"1", b"2", b"9", b"255", b"65536", b"2147483647", b"99999999999")
PNG_HEAD = b"\x89PNG\r\n\x1a\n"
DIGITS = re.compile(rb"\d+")
NAMES = re.compile(rb"/[A-Z][A-Za-z]+")


def mutated(number: int) -> tuple[str, bytes]:
    """A file name and its bytes."""
    random = Random(number)  # noqa: S311  not a secret
    name, data = random.choice(_seeds())
    suffix = Path(name).suffix
    own = {".pdf": PDF_WAYS, ".png": PNG_WAYS, ".jpg": JPEG_WAYS}[suffix]
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        data = random.choice(WAYS + own * 2)(random, data)
    if random.random() < 0.03:
        suffix = random.choice((".pdf", ".png", ".jpg", ".jpeg"))
    return f"mutation-{number}{suffix}", data


@cache
def _seeds() -> tuple[tuple[str, bytes], ...]:
    real = [
        (path.name, path.read_bytes())
        for path in sorted(SAMPLES.iterdir())
        if path.suffix in {".pdf", ".png", ".jpg"} and path.stat().st_size <= LARGEST_BYTES
    ]
    return tuple(real) + tuple(_made_pdfs()) + tuple(_made_pictures())


def _made_pdfs() -> Iterator[tuple[str, bytes]]:
    plain = pikepdf.ObjectStreamMode.disable
    packed = pikepdf.ObjectStreamMode.generate
    # The old one: newer ones salt, and no two runs would see the same file.
    locked = pikepdf.Encryption(owner="owner", user="", R=3, aes=False, metadata=False)
    for pages in (1, 3, 40):
        for how in (
            {"object_stream_mode": plain},
            {"object_stream_mode": packed},
            {"object_stream_mode": plain, "encryption": locked},
            {"object_stream_mode": packed, "linearize": True},
        ):
            with pikepdf.new() as made:
                for _ in range(pages):
                    made.add_blank_page(page_size=(200, 200))
                    made.pages[-1].Contents = made.make_stream(b"BT ET q Q\n" * 9)
                out = io.BytesIO()
                made.save(out, static_id=True, **how)
            yield "made.pdf", out.getvalue()


def _made_pictures() -> Iterator[tuple[str, bytes]]:
    shades = Image.linear_gradient("L").resize((60, 40))
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        picture = shades.convert("I").convert(mode) if mode == "I;16" else shades.convert(mode)
        yield "made.png", _saved(picture, "PNG")
    for mode in ("L", "RGB", "CMYK"):
        yield "made.jpg", _saved(shades.convert(mode), "JPEG")
    yield "made.jpg", _saved(shades.convert("RGB"), "JPEG", progressive=True)
    yield "made.jpg", _saved(shades.convert("RGB"), "MPO", append_images=[shades.convert("RGB")])
    yield "made.png", _saved(shades, "PNG", save_all=True, append_images=[shades.rotate(90)])


def _saved(picture: Image.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def _place(random: Random, data: bytes) -> int:
    return random.randrange(max(1, len(data)))


def _bytes_changed(random: Random, data: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(random.choice((1, 1, 2, 8, 64))):
        if changed:
            changed[_place(random, data)] = random.randrange(256)
    return bytes(changed)


def _bit_flipped(random: Random, data: bytes) -> bytes:
    changed = bytearray(data)
    if changed:
        changed[_place(random, data)] ^= 1 << random.randrange(8)
    return bytes(changed)


def _cut_off(random: Random, data: bytes) -> bytes:
    share = random.choice((0.999, 0.99, 0.9, random.random()))
    return data[: int(len(data) * share)]


def _slice_lost(random: Random, data: bytes) -> bytes:
    at = _place(random, data)
    return data[:at] + data[at + random.choice((1, 4, 100, 1_024)) :]


def _slice_twice(random: Random, data: bytes) -> bytes:
    at, size = _place(random, data), random.choice((1, 20, 1_000, 30_000))
    return data[: at + size] + data[at:]


def _spliced(random: Random, data: bytes) -> bytes:
    """The head of one file and the tail of another."""
    _, other = random.choice(_seeds())
    return data[: _place(random, data)] + other[_place(random, other) :]


def _followed(random: Random, data: bytes) -> bytes:
    """Two files in one."""
    return data + random.choice((random.choice(_seeds())[1], b"\n%%EOF\n", bytes(5_000)))


def _preceded(random: Random, data: bytes) -> bytes:
    return random.choice((b"\n", b"<html>", random.choice(_seeds())[1][:900])) + data


def _number_changed(random: Random, data: bytes) -> bytes:
    return _one_replaced(random, data, DIGITS, lambda: random.choice(NUMBERS))


def _name_changed(random: Random, data: bytes) -> bytes:
    names = NAMES.findall(data) or [b"/Kids"]
    return _one_replaced(random, data, NAMES, lambda: random.choice(names))


def _one_replaced(
    random: Random, data: bytes, what: re.Pattern[bytes], by: Callable[[], bytes]
) -> bytes:
    found = list(what.finditer(data))
    if not found:
        return data
    hit = random.choice(found)
    return data[: hit.start()] + by() + data[hit.end() :]


def _count_changed(random: Random, data: bytes) -> bytes:
    found = re.compile(rb"(?<=/Count )\d+")
    return _one_replaced(random, data, found, lambda: random.choice(NUMBERS))


def _chunk_changed(random: Random, data: bytes) -> bytes:
    """A PNG's chunk, with a checksum that fits again."""
    chunks = list(_chunks(data))
    if not chunks:
        return data
    at = random.randrange(len(chunks))
    kind, body = chunks[at]
    match random.randrange(4):
        case 0:
            chunks.pop(at)
        case 1:
            chunks.insert(_place(random, data) % len(chunks), (kind, body))
        case _:
            chunks[at] = (kind, _bytes_changed(random, body))
    return PNG_HEAD + b"".join(
        len(body).to_bytes(4) + kind + body + zlib.crc32(kind + body).to_bytes(4)
        for kind, body in chunks
    )


def _chunks(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(PNG_HEAD)
    while at + 12 <= len(data):
        size = int.from_bytes(data[at : at + 4])
        yield data[at + 4 : at + 8], data[at + 8 : at + 8 + size]
        at += size + 12


def _segment_changed(random: Random, data: bytes) -> bytes:
    """Somewhere in a JPEG's tables: sizes, quantisation, Huffman."""
    markers = [m.start() for m in re.finditer(rb"\xff[\xc0-\xfe]", data)]
    if not markers:
        return data
    at = min(len(data) - 1, random.choice(markers) + random.randrange(1, 24))
    return data[:at] + random.randbytes(1) + data[at + 1 :]


Way = type(_cut_off)
WAYS = (
    _bytes_changed,
    _bit_flipped,
    _cut_off,
    _slice_lost,
    _slice_twice,
    _spliced,
    _followed,
    _preceded,
)
PDF_WAYS = (_number_changed, _number_changed, _name_changed, _count_changed)
PNG_WAYS = (_chunk_changed,) * 4
JPEG_WAYS = (_segment_changed,) * 4
