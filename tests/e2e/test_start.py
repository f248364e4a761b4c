"""Two commands: how the server starts, refuses to start twice, and ends (Spec 9.4)."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import pytest

from tests.e2e.served import Served, build_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
