"""Another process holds SQLite's write lock for seconds: all wait, nobody fails (row 9)."""

from __future__ import annotations

import sqlite3
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from tests.e2e.scripted import Script
from tests.e2e.test_kills import hundred_files
from tests.faults import figures, records

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.served import Served

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(300)]
LOCKED_S = 3.0
READS = ("/api/v1/batches", "/api/v1/usage", "/api/ready", "/dashboard")


def hold_the_lock(server: Served, times: int) -> None:
    """As a backup tool or a shell does that forgot to commit."""
    path = server.data_dir / "ingestio.sqlite3"
    connection = sqlite3.connect(path, timeout=30, isolation_level=None)
    for _ in range(times):
        connection.execute("BEGIN IMMEDIATE")
        time.sleep(LOCKED_S)
        connection.execute("ROLLBACK")
        time.sleep(0.2)
    connection.close()


def ask(script: Script, method: str, path: str, until: threading.Event) -> list[tuple[int, float]]:
    """The same call again and again: status and seconds of each."""
    answers = []
    while not until.is_set():
        began_s = time.monotonic()
        code, _ = script.call(method, path)
        answers.append((code, time.monotonic() - began_s))
        time.sleep(0.05)
    return answers


@pytest.mark.parametrize("times", [1, pytest.param(10, marks=pytest.mark.proof)])
def test_a_lock_of_three_seconds_makes_wait_and_fails_nothing(
    serve: Callable[..., Served], figure: Callable[..., None], times: int
):
    server = serve()
    script = Script.of(server, "demo@ingestio.test")
    documents = 40
    code, batch = script.submit(hundred_files()[:documents])
    assert code == 201, batch
    until = threading.Event()
    calls = [("GET", path) for path in READS] + [("POST", "/api/v1/drafts")]
    with ThreadPoolExecutor(len(calls)) as pool:
        asking = [pool.submit(ask, script, *call, until) for call in calls]
        time.sleep(0.3)
        hold_the_lock(server, times)
        time.sleep(0.5)
        until.set()
        answers = [one.result(60) for one in asking]
    ended = script.wait(batch["id"], 120)

    reads = [seconds for some in answers[:-1] for _, seconds in some]
    writes = [seconds for _, seconds in answers[-1]]
    errors = [code for some in answers for code, _ in some if code >= 400]
    figure(
        "9",
        f"write lock held {times} times for 3 s",
        asked=len(reads) + len(writes),
        errors=len(errors),
        reads_p99_s=round(figures.p99(reads), 2),
        writes_p99_s=round(figures.p99(writes), 2),
    )
    assert errors == []
    assert (ended["status"], ended["completed_count"]) == ("completed", documents)
    assert records.held(server) == 0
    assert max(writes) < LOCKED_S + 3
