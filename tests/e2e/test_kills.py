"""A hundred documents in one batch end as they must, also when the server is killed meanwhile."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.scripted import Script
from tests.e2e.served import Served, build_page

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLES = Path(__file__).parents[1] / "samples"
DOCUMENTS = 100
KILLS = 5
LIMIT_S = 240
pytestmark = pytest.mark.timeout(400)  # a hundred documents, on a machine that may be busy


def hundred_files() -> list[tuple[str, bytes]]:
    """A hundred different files: text PDFs, each with a comment of its own behind its end."""
    names = ["invoice-en.pdf", "invoice-de.pdf", "invoice-fr.pdf", "receipt-en.pdf"]
    contents = [(SAMPLES / name).read_bytes() for name in names]
    return [
        (f"{number:03d}-{names[number % 4]}", contents[number % 4] + f"\n% {number}\n".encode())
        for number in range(DOCUMENTS)
    ]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Served]:
    build_page()
    served = Served(tmp_path / "data", env={"INGESTIO_LEASE_S": "2"})
    served.start()
    yield served
    served.stop()


def in_work(server: Served) -> int:
    """Documents between claim and commit, read beside the (stopped) server."""
    path = server.data_dir / "ingestio.sqlite3"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        query = "SELECT count(*) FROM documents WHERE status = 'processing'"
        return int(database.execute(query).fetchone()[0])


def kill_in_work(server: Served, random_s: random.Random) -> int:
    """Freeze the server at some moment, count what is in work, kill it, start it again."""
    assert server.process
    time.sleep(random_s.uniform(0.2, 1.2))
    os.killpg(server.process.pid, signal.SIGSTOP)
    held = in_work(server)
    os.killpg(server.process.pid, signal.SIGKILL)
    server.process.wait()
    server.start()
    return held


def test_a_hundred_documents_end_completed_and_are_charged_once(server: Served):
    script = Script.of(server, "demo@ingestio.test")
    before = script.usage()

    code, batch = script.submit(hundred_files(), name="hundred")
    assert code == 201, batch
    ended = script.wait(batch["id"], LIMIT_S)

    documents = script.documents(batch["id"])
    after = script.usage()
    assert ended["status"] == "completed"
    assert (ended["completed_count"], len(documents)) == (DOCUMENTS, DOCUMENTS)
    assert after["used_pages"] - before["used_pages"] == sum(d["pages"] for d in documents)
    assert after["reserved_pages"] == 0


@pytest.mark.long
def test_five_kills_lose_nothing_and_charge_nothing_twice(server: Served):
    script = Script.of(server, "demo@ingestio.test")
    before = script.usage()
    code, batch = script.submit(hundred_files(), name="killed")
    assert code == 201, batch
    random_s = random.Random(20_261_125)  # noqa: S311

    held = [kill_in_work(server, random_s) for _ in range(KILLS)]
    ended = script.wait(batch["id"], LIMIT_S)

    documents = script.documents(batch["id"])
    after = script.usage()
    assert sum(count > 0 for count in held) > KILLS // 2, f"kills that fell into work: {held}"
    assert ended["status"] == "completed"
    assert {d["status"] for d in documents} == {"completed"}
    assert after["used_pages"] - before["used_pages"] == sum(d["pages"] for d in documents)
    assert after["reserved_pages"] == 0
