"""The scanner's protocol, spoken with a server that follows clamd's manual."""

from __future__ import annotations

import socketserver
import struct
import threading

import pytest

from ingestio.adapters.clamd import ClamdScanner
from ingestio.adapters.no_scanner import NoScanner
from ingestio.errors import Infected, ScannerUnavailable, TooLargeToScan

EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
STREAM_LIMIT = 2_000_000


class Clamd(socketserver.StreamRequestHandler):
    """Reads a stream of chunks and answers as clamd does, its limit included."""

    def handle(self) -> None:
        command = b""
        while not command.endswith(b"\0"):
            command += self.rfile.read(1)
        if command == b"zPING\0":
            self.wfile.write(b"PONG\0")
            return
        assert command == b"zINSTREAM\0"
        data = b""
        while size := struct.unpack("!I", self.rfile.read(4))[0]:
            if len(data) + size > STREAM_LIMIT:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
            data += self.rfile.read(size)
        self.server.received = data
        said = b"Eicar-Test-Signature FOUND" if EICAR in data else b"OK"
        self.wfile.write(b"stream: " + said + b"\0")


@pytest.fixture(params=["tcp", "unix"])
def clamd(request, tmp_path):
    if request.param == "tcp":
        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Clamd)
        url = f"tcp://127.0.0.1:{server.server_address[1]}"
    else:
        server = socketserver.ThreadingUnixStreamServer(str(tmp_path / "clamd.ctl"), Clamd)
        url = f"unix://{tmp_path}/clamd.ctl"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server, ClamdScanner(url)
    server.shutdown()
    server.server_close()


@pytest.fixture
def file(tmp_path):
    return tmp_path / "file"


def test_a_clean_file_passes_and_was_seen_whole(clamd, file) -> None:
    server, scanner = clamd
    file.write_bytes(b"clean" * 200_000)

    scanner.scan(file)

    assert server.received == file.read_bytes()


def test_an_infected_file_is_refused_by_name(clamd, file) -> None:
    file.write_bytes(b"x" * 300_000 + EICAR)

    with pytest.raises(Infected) as caught:
        clamd[1].scan(file)

    assert caught.value.message == (
        "This file was refused by the virus scan (Eicar-Test-Signature)."
    )


def test_a_file_over_the_scanners_limit_does_not_pass(clamd, file) -> None:
    file.write_bytes(b"x" * 20_000_000)

    with pytest.raises(TooLargeToScan):
        clamd[1].scan(file)


def test_nothing_passes_while_the_scanner_is_away(file) -> None:
    file.write_bytes(b"clean")

    for url in ("tcp://127.0.0.1:9", "unix:///nowhere/clamd.ctl"):
        with pytest.raises(ScannerUnavailable, match="again"):
            ClamdScanner(url).scan(file)


def test_without_a_scanner_everything_passes(file) -> None:
    file.write_bytes(EICAR)

    NoScanner().scan(file)
