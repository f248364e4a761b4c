"""Makes sure that one server uses a data folder, and one a port.

Answers with a sentence that says who is in the way. Both locks belong to the process: the kernel
lets go of them however it ends, so none is ever stale.
"""

from __future__ import annotations

import errno
import fcntl
import os
import socket
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


class AlreadyRunning(Exception):
    """Somebody else has it; the message says who, in one line."""


@contextmanager
def hold_data_dir(data_dir: Path) -> Iterator[None]:
    """Make the folder, private to this user, and keep it to ourselves.

    Raises:
        AlreadyRunning: another server works on it.
    """
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (data_dir / "server.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            who = lock.read().strip() or "unknown"
            message = f"Another IngestIO (process {who}) is using the data folder {data_dir}."
            raise AlreadyRunning(message) from None
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


@contextmanager
def hold_port(host: str, port: int) -> Iterator[None]:
    """Keep a port for this server.

    The server binds with SO_REUSEPORT, so that a second one would silently get half the visitors.
    Binding without it fails where anybody listens; the name in Linux's abstract namespace closes
    the gap between this look and the server's own binding.

    Raises:
        AlreadyRunning: something listens there, or is about to.
    """
    taken = AlreadyRunning(f"Port {port} is taken. Set INGESTIO_PORT to another one.")
    with socket.socket(socket.AF_UNIX) as claim:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            if sys.platform == "linux":
                claim.bind(f"\0ingestio-port-{port}")
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((host, port))
        except OSError as exc:
            if exc.errno == errno.EADDRINUSE:
                raise taken from None
            raise AlreadyRunning(f"Can't listen on {host}:{port}: {exc.strerror}.") from None
        yield
