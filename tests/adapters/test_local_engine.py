"""The embedded engine through its real helper processes, on real documents."""

from __future__ import annotations

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from ingestio.adapters.helper_processes import HelperPool
from ingestio.adapters.local_engine import LocalEngine
from ingestio.adapters.page_pictures import PdfiumPictures
from ingestio.domain.documents import EXTENSIONS, DocumentKind, MediaType
from ingestio.errors import (
    Encrypted,
    NotFound,
    PromptNamesNoFields,
    ReaderCrashed,
    TooBigInside,
    Unreadable,
)
from ingestio.ports import SourceDocument
from tests.engines.made_pdf import Drawing, write

if TYPE_CHECKING:
    from collections.abc import Generator

# Pictures are read for real, seconds each.
pytestmark = pytest.mark.long
SAMPLES = Path(__file__).parents[1] / "samples"
TEXT = "invoice-fr.pdf"
SCAN = "payslip-scan.pdf"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Generator[LocalEngine]:
    local = LocalEngine(tmp_path_factory.mktemp("data"))
    local.start()
    yield local
    local.stop()


def source(path: Path, pages: int = 1) -> SourceDocument:
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    return SourceDocument(path, EXTENSIONS[path.suffix], pages, sha256)


def helpers(of: int | None = None) -> list[int]:
    """Process ids of the spawned children of a process."""
    listed = subprocess.run(
        ["pgrep", "-P", str(of or os.getpid()), "-f", "spawn_main"],
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(pid) for pid in listed.stdout.split()]


def samples() -> list[dict[str, str]]:
    return json.loads((SAMPLES / "manifest.json").read_text())["docs"]


@pytest.mark.parametrize("sample", samples(), ids=[one["file"] for one in samples()])
def test_a_sample_gets_its_type_and_its_fields(engine: LocalEngine, sample: dict) -> None:
    document = source(SAMPLES / sample["file"], sample["pages"])
    assert engine.classify(document).kind == sample["type"]
    found = engine.extract(document, None, DocumentKind(sample["type"]))
    names = {field.name for field in found.fields}
    assert len(names & sample["fields"].keys()) >= 0.7 * len(sample["fields"])
    for field in found.fields:
        assert field.page is not None
        assert 1 <= field.page <= sample["pages"]
        assert field.box is not None
        assert 0 <= field.box.x0 < field.box.x1 <= 1
        assert field.quote


def test_reading_twice_costs_once(engine: LocalEngine) -> None:
    document = source(SAMPLES / SCAN)
    engine.classify(document)
    started = time.monotonic()
    engine.extract(document, None, DocumentKind.PAYSLIP)
    assert time.monotonic() - started < 0.5


def test_a_prompt_is_answered_or_refused_in_words(engine: LocalEngine) -> None:
    document = source(SAMPLES / TEXT)
    found = engine.extract(document, "numéro de facture, total", None)
    assert [field.name for field in found.fields] == ["invoice_number", "total"]
    with pytest.raises(PromptNamesNoFields, match="this prompt names none"):
        engine.extract(document, "Summarize this document", None)


def test_many_threads_get_their_own_answers(engine: LocalEngine) -> None:
    documents = [source(SAMPLES / name) for name in (TEXT, "invoice-de.pdf", "receipt-en.pdf")] * 6
    with ThreadPoolExecutor(6) as threads:
        found = list(threads.map(lambda d: engine.extract(d, "total", None), documents))
    assert [one.fields[0].value for one in found] == ["671.15", "529.87", "821.14"] * 6


def test_a_damaged_or_protected_file_is_refused_by_name(
    engine: LocalEngine, tmp_path: Path
) -> None:
    import pikepdf  # noqa: PLC0415

    damaged = tmp_path / "damaged.pdf"
    damaged.write_bytes(b"%PDF-1.4\nnothing")
    with pytest.raises(Unreadable):
        engine.classify(source(damaged))
    locked = write(tmp_path / "locked.pdf", Drawing().text(50, 700, "secret"))
    with pikepdf.open(locked, allow_overwriting_input=True) as pdf:
        pdf.save(locked, encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(Encrypted):
        engine.classify(source(locked))


def test_an_empty_page_is_refused_as_unreadable(engine: LocalEngine, tmp_path: Path) -> None:
    with pytest.raises(Unreadable, match="No text"):
        engine.classify(source(write(tmp_path / "empty.pdf", Drawing())))


def test_a_picture_turned_by_its_camera_is_read_and_shown_upright(
    engine: LocalEngine, tmp_path: Path
) -> None:
    turned = tmp_path / "turned.jpg"
    with Image.open(SAMPLES / "receipt.jpg") as upright:
        exif = Image.Exif()
        exif[0x0112] = 6
        upright.convert("L").rotate(90, expand=True).save(turned, exif=exif, quality=90)
        height_over_width = upright.height / upright.width
    found = engine.extract(source(turned), "total, date", DocumentKind.RECEIPT)
    assert {f.name: f.value for f in found.fields}["date"] == "2018-10-19"
    shown = PdfiumPictures(engine.text_helpers).jpeg(turned, MediaType.JPEG, 1, 400)
    with Image.open(io.BytesIO(shown)) as picture:
        assert picture.height / picture.width == pytest.approx(height_over_width, rel=0.02)


@pytest.mark.parametrize("degrees", [90, 180])
def test_a_scan_lying_on_its_side_is_read(
    engine: LocalEngine, tmp_path: Path, degrees: int
) -> None:
    turned = tmp_path / "turned.png"
    with Image.open(SAMPLES / "invoice.png") as upright:
        upright.convert("L").rotate(degrees, expand=True, fillcolor=255).save(turned)
    found = {f.name: f for f in engine.extract(source(turned), None, DocumentKind.INVOICE).fields}
    assert found["invoice_number"].value == "34278587"
    box = found["invoice_number"].box
    assert box is not None
    is_tall = box.y1 - box.y0 > (box.x1 - box.x0)
    assert is_tall == (degrees == 90)


def test_a_killed_helper_costs_one_document_and_comes_back(tmp_path: Path) -> None:
    local = LocalEngine(tmp_path)
    local.start()
    try:
        document = source(SAMPLES / TEXT)
        assert local.classify(document).kind is DocumentKind.INVOICE
        before = set(helpers())
        for pid in before:
            if Path(f"/proc/{pid}").exists():
                os.kill(pid, signal.SIGKILL)
        time.sleep(0.5)
        for attempt in range(3):
            try:
                assert local.classify(document).kind is DocumentKind.INVOICE
                break
            except ReaderCrashed:
                assert attempt < 2
    finally:
        local.stop()


def crash() -> None:
    """Die as pdfium does on a bad day."""
    os.kill(os.getpid(), signal.SIGSEGV)


def eat() -> int:
    """Ask for more memory than a helper gets."""
    return len(bytearray(6 * 1024**3))


@pytest.fixture(scope="module")
def pool(tmp_path_factory: pytest.TempPathFactory) -> Generator[HelperPool]:
    one = HelperPool(1, tmp_path_factory.mktemp("pool"))
    yield one
    one.stop()


def test_a_crash_a_hang_and_a_glutton_are_told_apart(pool: HelperPool) -> None:
    with pytest.raises(ReaderCrashed, match="stopped"):
        pool.call(20, crash)
    with pytest.raises(ReaderCrashed, match="too long"):
        pool.call(0.5, time.sleep, 30)
    with pytest.raises(TooBigInside):
        pool.call(20, eat)
    assert pool.call(20, os.getpid) != os.getpid()


def test_helpers_stay_light_and_end_with_their_parent(tmp_path: Path) -> None:
    script = tmp_path / "server.py"
    script.write_text(
        "import sys, time, pathlib\n"
        "from ingestio.adapters.local_engine import LocalEngine\n"
        "assert __name__ == '__main__', 'a helper ran the main script again'\n"
        "engine = LocalEngine(pathlib.Path(sys.argv[1]))\n"
        "engine.start()\n"
        "print(sorted(engine.text_helpers.call(20, heavy)), flush=True)\n".replace(
            "call(20, heavy)",
            "call(20, eval, \"[m for m in ('numpy', 'onnxruntime', 'reflex') "
            "if m in __import__('sys').modules]\")",
        )
        + "time.sleep(60)\n"
    )
    server = subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    try:
        assert server.stdout is not None
        assert server.stdout.readline() == "[]\n"
        children = helpers(server.pid)
        assert len(children) == 2
        server.kill()
        server.wait(10)
        deadline = time.monotonic() + 10
        while any(Path(f"/proc/{pid}").exists() for pid in children):
            assert time.monotonic() < deadline
            time.sleep(0.1)
    finally:
        server.kill()


def test_pages_are_drawn_once_and_kept(engine: LocalEngine) -> None:
    pictures = PdfiumPictures(engine.text_helpers)
    path = SAMPLES / TEXT
    drawn = pictures.jpeg(path, MediaType.PDF, 1, 600)
    with Image.open(io.BytesIO(drawn)) as picture:
        assert picture.format == "JPEG"
        assert abs(picture.width - 600) <= 1
    started = time.monotonic()
    assert pictures.jpeg(path, MediaType.PDF, 1, 600) is drawn
    assert time.monotonic() - started < 0.01


def test_a_page_that_is_not_there_is_not_found(engine: LocalEngine) -> None:
    pictures = PdfiumPictures(engine.text_helpers)
    with pytest.raises(NotFound):
        pictures.jpeg(SAMPLES / TEXT, MediaType.PDF, 99, 600)
    with pytest.raises(NotFound):
        pictures.jpeg(SAMPLES / "receipt.jpg", MediaType.JPEG, 2, 600)
