"""Two commands: how the server starts, refuses to start twice, and ends (Spec 9.4)."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.e2e.served import Served, build_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MAKE_RUN = ("make", "--silent", "run")


@pytest.fixture(scope="module", autouse=True)
def built() -> None:
    build_page()


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    server = Served(tmp_path / "data", command=MAKE_RUN)
    yield server
    server.kill()


def test_make_run_prints_one_line_with_the_address_when_it_answers(served: Served) -> None:
    served.start()

    assert served.answers()
    assert served.line == f"IngestIO is at {served.url}\n"
    served.stop()
    assert served.process.stdout.read() == ""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_everything_it_started(served: Served, how: int) -> None:
    served.start()

    assert served.stop(how) < 30
    assert served.left_over() == []


def test_a_second_start_on_the_same_records_is_quick(served: Served) -> None:
    served.start()
    served.stop()

    assert served.start() < 10
    assert served.answers()


def test_it_starts_again_after_a_kill(served: Served) -> None:
    served.start()
    served.kill()

    served.start()
    assert served.answers()


def test_a_worker_that_dies_is_replaced(tmp_path: Path) -> None:
    server = Served(tmp_path / "data")
    server.start()
    try:
        (worker,) = children(server.process.pid)
        os.kill(worker, signal.SIGKILL)

        assert eventually(lambda: children(server.process.pid) not in ([], [worker]))
        assert eventually(server.answers)
    finally:
        server.kill()


def test_nothing_outlives_the_server_when_it_alone_is_killed(tmp_path: Path) -> None:
    server = Served(tmp_path / "data")
    server.start()
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()

    assert eventually(lambda: server.left_over() == [])
    server.start()
    server.kill()


def children(of: int) -> list[int]:
    """Processes that a process started and that live."""
    listed = Path(f"/proc/{of}/task/{of}/children").read_text()
    return [int(pid) for pid in listed.split()]


def eventually(holds: Callable[[], bool], within_s: float = 30) -> bool:
    """Whether it comes to hold."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("shared", ["data folder", "port"])
def test_a_second_server_says_what_is_taken_and_ends(
    served: Served, tmp_path: Path, shared: str
) -> None:
    served.start()
    if shared == "port":
        second = Served(tmp_path / "other", port=served.port)
    else:
        second = Served(served.data_dir)
    process = second.spawn()

    out, _ = process.communicate(timeout=30)
    said = second.log.splitlines()[-1]

    assert process.returncode == 1
    assert out == ""
    assert shared in said.lower()
    assert served.answers()


def test_where_others_can_reach_it_there_are_no_demo_accounts(served: Served) -> None:
    served.env["INGESTIO_PUBLIC_URL"] = "http://ingestio.example"
    served.start()

    made = served.cli("api-key", "demo@ingestio.test")

    assert made.returncode != 0
    assert made.stdout == ""
