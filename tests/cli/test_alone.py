"""One server a data folder, one a port."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from ingestio.cli.alone import AlreadyRunning, hold_data_dir, hold_port
from tests.e2e.served import free_port

if TYPE_CHECKING:
    from pathlib import Path

HOLD = (
    "import sys, pathlib; from ingestio.cli.alone import *\nwith {}: print(1, flush=True); input()"
)


def held_by_another_process(what: str) -> subprocess.Popen[str]:
    """Another process that holds it until its standard input is closed."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD.format(what)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert other.stdout
    assert other.stdout.readline() == "1\n"
    return other


def test_a_data_folder_is_held_by_one_process(tmp_path: Path) -> None:
    with (
        held_by_another_process(f"hold_data_dir(pathlib.Path({str(tmp_path)!r}))") as other,
        pytest.raises(AlreadyRunning, match=f"process {other.pid}"),
        hold_data_dir(tmp_path),
    ):
        pass


def test_a_killed_holder_leaves_no_lock(tmp_path: Path) -> None:
    other = held_by_another_process(f"hold_data_dir(pathlib.Path({str(tmp_path)!r}))")
    other.kill()
    other.wait()

    with hold_data_dir(tmp_path):
        assert (tmp_path / "server.lock").read_text() == f"{os.getpid()}\n"


def test_a_new_data_folder_is_private(tmp_path: Path) -> None:
    with hold_data_dir(tmp_path / "new" / "data"):
        mode = (tmp_path / "new" / "data").stat().st_mode

    assert stat.S_IMODE(mode) == 0o700


def test_a_port_that_shares_is_still_taken() -> None:
    """The server's own way of listening: without this look, two would share the visitors."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]

        with pytest.raises(AlreadyRunning, match=str(port)), hold_port("127.0.0.1", port):
            pass


@pytest.mark.skipif(sys.platform != "linux", reason="abstract socket names are Linux's")
def test_a_port_is_taken_before_its_server_listens() -> None:
    port = free_port()
    with (
        held_by_another_process(f"hold_port('127.0.0.1', {port})"),
        pytest.raises(AlreadyRunning),
        hold_port("127.0.0.1", port),
    ):
        pass


def test_a_free_port_is_given() -> None:
    port = free_port()
    with hold_port("127.0.0.1", port), socket.socket() as server:
        server.bind(("127.0.0.1", port))


def test_an_address_of_another_machine_is_refused_in_words() -> None:
    with (
        pytest.raises(AlreadyRunning, match="Can't listen on"),
        hold_port("192.0.2.1", free_port()),
    ):
        pass
