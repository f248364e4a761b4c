"""What is counted, what is refused, and that no file can hurt the server."""

from __future__ import annotations

import io
import os
import signal
import time
import zlib
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import forkserver
from typing import TYPE_CHECKING

import pikepdf
import pytest
from PIL import Image

from ingestio.adapters.counting import CountLimits
from ingestio.adapters.page_counter import HelperPageCounter
from ingestio.domain.documents import MediaType
from ingestio.errors import (
    DocumentRejected,
    EmptyFile,
    Encrypted,
    NoPages,
    TooBigInside,
    TooManyPages,
    Unreadable,
    UnsupportedType,
)
from tests.taking import SAMPLES, page_counter, pdf, picture

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def count(tmp_path):
    def count(data: bytes, name: str = "a.pdf"):
        path = tmp_path / "bytes.part"
        path.write_bytes(data)
        return page_counter().count(path, name)

    return count


def test_pages_of_real_documents() -> None:
    expected = {
        "invoice-en.pdf": MediaType.PDF,
        "payslip-scan.pdf": MediaType.PDF,
        "receipt.jpg": MediaType.JPEG,
        "invoice.png": MediaType.PNG,
    }

    for name, media_type in expected.items():
        counted = page_counter().count(SAMPLES / name, name)
        assert counted.media_type is media_type
        assert counted.pages >= 1
        assert counted.repaired is None


@pytest.mark.parametrize("pages", [1, 7, 1_000])
def test_each_page_counts(count, pages) -> None:
    assert count(pdf(pages)).pages == pages


def test_more_pages_than_the_limit_are_refused(count) -> None:
    with pytest.raises(TooManyPages, match="1,001 pages are over the limit of 1,000"):
        count(pdf(1_001))


def test_the_name_may_be_in_capitals(count) -> None:
    assert count(picture("JPEG"), "SCAN.JPEG").media_type is MediaType.JPEG


def test_an_empty_password_opens(count) -> None:
    assert count(_locked(user="")).pages == 1


def test_a_password_is_refused_with_what_to_do(count) -> None:
    with pytest.raises(Encrypted, match="Save a copy without it"):
        count(_locked(user="secret"))


@pytest.mark.parametrize(
    ("data", "name", "refusal"),
    [
        (b"", "a.pdf", EmptyFile),
        (b"%PDF-1.7", "a.pdf", Unreadable),
        (b"<html>hello</html>", "a.pdf", UnsupportedType),
        (b"x" * 1_024 + pdf(1), "a.pdf", UnsupportedType),
        (picture("PNG"), "a.pdf", UnsupportedType),
        (picture("PNG"), "a.jpg", UnsupportedType),
        (picture("JPEG"), "a.png", UnsupportedType),
        (pdf(1), "a.png", UnsupportedType),
        (picture("GIF"), "a.png", UnsupportedType),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "a.jpg", UnsupportedType),
        (pdf(1), "a.docx", UnsupportedType),
        (picture("JPEG", (400, 400))[:700], "a.jpg", Unreadable),
        (picture("PNG", (400, 400))[:200], "a.png", Unreadable),
    ],
)
def test_what_is_not_what_it_says_is_refused(count, data, name, refusal) -> None:
    with pytest.raises(refusal):
        count(data, name)


def test_a_pdf_without_pages_is_refused(count) -> None:
    out = io.BytesIO()
    pikepdf.new().save(out)

    with pytest.raises(NoPages):
        count(out.getvalue())


@pytest.mark.parametrize("told", [b"1", b"0", b"9", b"-50"])
def test_a_lying_page_count_is_corrected_or_refused(count, told) -> None:
    lying = pdf(50).replace(b"/Count 50", b"/Count " + told)

    try:
        counted = count(lying)
    except DocumentRejected:
        return
    assert counted.pages == 50
    assert counted.repaired is None or _pages(counted.repaired) == 50


def test_what_only_opens_after_a_repair_comes_with_the_repaired_copy(count) -> None:
    counted = count(pdf(50).replace(b"/Count 50", b"/Count 01"))

    assert counted.pages == 50
    assert counted.repaired is not None
    assert _pages(counted.repaired) == 50
    counted.repaired.unlink()


def test_several_pictures_in_one_file_are_one_page(count) -> None:
    frames = [Image.new("RGB", (8, 8), color) for color in ("red", "green", "blue")]
    for kind, name in (("PNG", "a.png"), ("MPO", "a.jpg")):
        out = io.BytesIO()
        frames[0].save(out, kind, save_all=True, append_images=frames[1:])
        assert count(out.getvalue(), name).pages == 1


@pytest.mark.parametrize("size", [(20_001, 1), (7_000, 7_000), (60_000, 60_000)])
def test_a_picture_over_the_caps_is_refused_before_it_is_decoded(count, size) -> None:
    started = time.monotonic()

    with pytest.raises(TooBigInside, match="limit"):
        count(_png_header(*size), "a.png")

    assert time.monotonic() - started < 2


def _bomb_of_object_streams() -> bytes:
    packed = zlib.compress(b" " * 400_000_000, 1)
    head = b"%%PDF-1.7\n1 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n"
    return b"".join(
        [
            head % len(packed),
            packed,
            b"\nendstream endobj\ntrailer<</Root 2 0 R/Size 3>>\n%%EOF",
        ]
    )


def _endless_tree() -> bytes:
    """Ten levels of ten references to one child: 10^10 pages in 2 KB."""
    parts = [b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"]
    for level in range(2, 12):
        kids = b" ".join([b"%d 0 R" % (level + 1)] * 10)
        parts.append(b"%d 0 obj<</Type/Pages/Count 10/Kids[%s]>>endobj\n" % (level, kids))
    parts.append(b"12 0 obj<</Type/Page/MediaBox[0 0 9 9]>>endobj\n")
    parts.append(b"trailer<</Root 1 0 R/Size 13>>\n%%EOF")
    return b"".join(parts)


@pytest.mark.parametrize("make", [_bomb_of_object_streams, _endless_tree])
def test_a_bomb_is_refused_in_time_and_the_next_file_is_fine(count, make) -> None:
    data = make()
    started = time.monotonic()

    with pytest.raises(DocumentRejected):
        count(data)

    assert time.monotonic() - started < 10
    assert count(pdf(2)).pages == 2


def test_many_threads_get_each_its_own_answer(tmp_path) -> None:
    paths = [tmp_path / f"{n}.pdf" for n in range(1, 25)]
    for n, path in enumerate(paths, 1):
        path.write_bytes(pdf(n))

    with ThreadPoolExecutor(12) as pool:
        counted = list(pool.map(lambda p: page_counter().count(p, p.name).pages, paths))

    assert counted == list(range(1, 25))


def test_a_killed_fork_server_is_replaced(count) -> None:
    assert count(pdf(1)).pages == 1
    os.kill(forkserver._forkserver._forkserver_pid, signal.SIGKILL)

    assert count(pdf(3)).pages == 3


def test_a_helper_that_hangs_is_ended(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("ingestio.adapters.page_counter.WALL_S", 0.5)
    counter = HelperPageCounter(CountLimits(10, 10, 10, tmp_path))
    pipe = tmp_path / "a.pdf"
    os.mkfifo(pipe)

    with pytest.raises(TooBigInside):
        counter.count(pipe, "a.pdf")
    counter.stop()


def _locked(user: str) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf(1))) as made:
        made.save(out, encryption=pikepdf.Encryption(owner="owner", user=user))
    return out.getvalue()


def _pages(path: Path) -> int:
    with pikepdf.open(path) as made:
        return len(made.pages)


def _png_header(width: int, height: int) -> bytes:
    """What a picture of that size begins with, and nothing of its pixels."""
    chunk = b"IHDR" + width.to_bytes(4) + height.to_bytes(4) + b"\x01\x00\x00\x00\x00"
    body = (13).to_bytes(4) + chunk + zlib.crc32(chunk).to_bytes(4)
    return b"\x89PNG\r\n\x1a\n" + body + b"\x00\x00\x00\x00IEND\xaeB`\x82"


def webp(frames: int = 1) -> bytes:
    """A WebP picture as browsers save it, still or moving."""
    made, *more = [Image.new("RGB", (60, 40), (shade * 40, 0, 0)) for shade in range(frames)]
    target = io.BytesIO()
    made.save(target, "WEBP", save_all=bool(more), append_images=more)
    return target.getvalue()


@pytest.mark.parametrize(("name", "kept_as"), [("scan.png", "PNG"), ("scan.jpg", "JPEG")])
def test_a_webp_under_a_pictures_name_is_kept_as_what_its_name_says(count, name, kept_as) -> None:
    counted = count(webp(), name)

    assert counted.pages == 1
    assert counted.repaired is not None
    with Image.open(counted.repaired) as kept:
        assert (kept.format, kept.size) == (kept_as, (60, 40))
    counted.repaired.unlink()


def test_a_webp_named_pdf_is_refused(count) -> None:
    with pytest.raises(UnsupportedType, match="Inside, this is not a PDF"):
        count(webp(), "scan.pdf")


def test_a_moving_webp_is_refused(count) -> None:
    with pytest.raises(UnsupportedType, match="an animation"):
        count(webp(frames=3), "scan.png")


def test_a_damaged_webp_is_refused(count) -> None:
    with pytest.raises(Unreadable):
        count(webp()[:60], "scan.png")
