"""The scanner beside a real clamd: infected, away, too large for it, each with its own answer.

Needs the program `clamd`; without it these are skipped, and README says how to get it.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pikepdf
import pytest

from ingestio.adapters.clamd import AWAY, TOO_LARGE, ClamdScanner
from ingestio.domain.drafts import StagedStatus
from ingestio.errors import Infected, ScannerUnavailable, TooLargeToScan
from tests import taking
from tests.adapters.real_clamd import (
    EICAR,
    FILE_BYTES,
    FOUND,
    MISSING,
    PROGRAM,
    STREAM_BYTES,
    RealClamd,
)
from tests.e2e.served import free_port

pytestmark = pytest.mark.skipif(PROGRAM is None, reason=MISSING)


@pytest.fixture(scope="module")
def clamd():
    # Short: the path of a socket has at most 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="clamd-", dir="/tmp"))
    made = RealClamd(folder, free_port())
    made.start()
    yield made
    made.kill()
    shutil.rmtree(folder)


@pytest.fixture(params=["unix", "tcp"])
def scanner(request, clamd) -> ClamdScanner:
    return ClamdScanner(clamd.urls[request.param == "tcp"])


@pytest.fixture
def file(tmp_path):
    return tmp_path / "file"


@pytest.mark.parametrize("size_bytes", [1, 262_143, 262_144, 1_900_000])
def test_a_clean_file_passes(scanner, file, size_bytes) -> None:
    file.write_bytes(b"a" * size_bytes)

    scanner.scan(file)


@pytest.mark.parametrize("before", [0, 262_100, 1_900_000])
def test_an_infected_file_is_refused_by_its_name(scanner, file, before) -> None:
    file.write_bytes(b"a" * before + EICAR)

    with pytest.raises(Infected) as caught:
        scanner.scan(file)

    assert caught.value.message == f"This file was refused by the virus scan ({FOUND})."


@pytest.mark.parametrize("size_bytes", [FILE_BYTES + 100_000, STREAM_BYTES + 1, 40_000_000])
def test_more_than_it_takes_is_refused_as_that_every_time(scanner, file, size_bytes) -> None:
    """A hidden virus at the end: what was not looked at does not pass."""
    file.write_bytes(b"a" * size_bytes + EICAR)

    for _ in range(5):
        with pytest.raises(TooLargeToScan) as caught:
            scanner.scan(file)
        assert caught.value.message == TOO_LARGE


def infected_pdf(path: Path) -> bytes:
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(200, 200))
        made.Root.Attached = made.make_stream(EICAR)
        made.save(path, compress_streams=False)
    return path.read_bytes()


def test_the_intake_gives_each_its_own_answer_and_goes_on(
    database, tmp_path, clock, clamd, file
) -> None:
    desk = taking.build(database, tmp_path, clock, ClamdScanner(clamd.urls[0]))
    ada = desk.actor()

    infected = desk.send(ada, infected_pdf(file), "infected.pdf")
    too_large = desk.send(ada, taking.pdf(1) + b"%" * 2_500_000, "large.pdf")
    clamd.kill()
    away = desk.send(ada, taking.pdf(1), "away.pdf")
    clamd.start()
    fine = desk.send(ada, taking.pdf(1), "fine.pdf")

    said = [(f.error_code, f.error_message) for f in (infected, too_large, away)]
    assert said == [
        ("infected", f"This file was refused by the virus scan ({FOUND})."),
        ("too_large_to_scan", TOO_LARGE),
        ("scanner_unavailable", AWAY),
    ]
    assert fine.status is StagedStatus.COMPLETE
    assert len(desk.stored()) == 1
    assert desk.spooled() == []


def test_a_scanner_that_dies_while_it_scans_is_away(clamd, file) -> None:
    file.write_bytes(b"a" * 40_000_000)
    scanner = ClamdScanner(clamd.urls[0])
    clamd.kill()

    with pytest.raises(ScannerUnavailable):
        scanner.scan(file)
    clamd.start()
