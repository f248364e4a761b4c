"""What goes wrong inside a helper, as functions that it can import."""

from __future__ import annotations

import os
import signal

from ingestio.errors import Encrypted, NothingFound


def raises(kind: type[Exception]) -> None:
    raise kind("a bug")


def refuses() -> None:
    raise Encrypted("Locked.")


def finds_nothing() -> None:
    raise NothingFound("Nothing.")


def runs_out_of_memory() -> None:
    raise MemoryError


def dies() -> None:
    os.kill(os.getpid(), signal.SIGKILL)
