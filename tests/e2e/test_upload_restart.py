"""A restart in mid-upload (reliability, row 23): offsets are true, and no byte is sent twice."""

from __future__ import annotations

import base64
import hashlib
import signal
import threading
import time
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.e2e.served import Served, build_page
from tests.taking import pdf

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

EMAIL = "demo@ingestio.test"
DATA = pdf(3) + b"\n% padding" * 2_000_000  # 20 MB
CHUNK_BYTES = 65_536
TUS = {"Tus-Resumable": "1.0.0"}
BODY = {"Content-Type": "application/offset+octet-stream"}


@pytest.fixture
def server(tmp_path) -> Generator[Served]:
    build_page()
    made = Served(tmp_path / "data")
    made.start()
    yield made
    made.stop()


class Sender:
    """Sends one file, and counts each byte that it sent."""

    def __init__(self, server: Served) -> None:
        self.server = server
        key = server.cli("api-key", EMAIL).stdout.strip()
        headers = TUS | {"Authorization": f"Bearer {key}"}
        self.client = httpx.Client(base_url=server.url, headers=headers, timeout=60)
        self.sent_bytes = 0

    def begin(self) -> str:
        name = base64.b64encode(b"large.pdf").decode()
        told = {"Upload-Length": str(len(DATA)), "Upload-Metadata": f"filename {name}"}
        return self.client.post("/api/v1/uploads", headers=told).headers["Location"]

    def offset(self, where: str) -> int:
        return int(self.client.head(where).headers["Upload-Offset"])

    def send(self, where: str, offset: int, until: int, at_half: threading.Event) -> int:
        def body() -> Iterator[bytes]:
            for at in range(offset, until, CHUNK_BYTES):
                chunk = DATA[at : min(at + CHUNK_BYTES, until)]
                self.sent_bytes += len(chunk)
                yield chunk
                if at > until // 2:
                    at_half.set()
                    time.sleep(0.005)  # the server is to be ended in the middle

        told = BODY | {"Upload-Offset": str(offset)}
        return self.client.patch(where, headers=told, content=body()).status_code

    def settled(self) -> dict:
        until = time.monotonic() + 60
        while time.monotonic() < until:
            (draft,) = self.client.get("/api/v1/drafts").json()["items"]
            (file,) = draft["files"]
            if file["status"] not in {"receiving", "inspecting"}:
                return file
            time.sleep(0.1)
        raise AssertionError(file)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_an_upload_goes_on_from_its_true_offset_after_a_restart(server, how) -> None:
    sender, at_half = Sender(server), threading.Event()
    where = sender.begin()

    def first_half() -> None:
        try:
            sender.send(where, 0, len(DATA), at_half)
        except httpx.HTTPError:
            return  # as a page sees it: the connection is gone

    sending = threading.Thread(target=first_half)
    sending.start()
    assert at_half.wait(60)
    server.stop(how)
    sending.join()
    server.start()

    offset = sender.offset(where)
    if how is signal.SIGKILL:  # else it may have taken what was under way to its end
        lying = server.data_dir / "spool" / f"{where.split('/')[-1]}.part"
        assert lying.read_bytes() == DATA[:offset]
        assert 0 < offset < len(DATA)
    sender.sent_bytes = 0
    if offset < len(DATA):
        assert sender.send(where, offset, len(DATA), threading.Event()) == 204

    assert sender.sent_bytes == len(DATA) - offset
    assert (sender.settled()["status"], sender.settled()["pages"]) == ("complete", 3)
    kept = [p for p in (server.data_dir / "files").rglob("*") if p.is_file()]
    assert [hashlib.sha256(path.read_bytes()).hexdigest() for path in kept] == [
        hashlib.sha256(DATA).hexdigest()
    ]
    assert list((server.data_dir / "spool").iterdir()) == []


def test_a_kill_after_the_last_byte_loses_nothing(server) -> None:
    """The bytes are all here, and nobody has looked at them yet: the next start does."""
    sender = Sender(server)
    where = sender.begin()
    assert sender.send(where, 0, len(DATA), threading.Event()) == 204
    server.kill()
    server.start()

    assert (sender.settled()["status"], sender.settled()["pages"]) == ("complete", 3)
    assert sender.offset(where) == len(DATA)
