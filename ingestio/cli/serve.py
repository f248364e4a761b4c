"""Starts the server: one instance a data folder and port, records ready before the first answer.

Answers how it starts, says where it is, and ends. Leaves what is served to the front door
(`ingestio.ingestio`) and what has to be ready to `bootstrap.prepare`.
"""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
import threading
import time
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server.mp import MPServer

from ingestio import bootstrap
from ingestio.cli.alone import AlreadyRunning, hold_data_dir, hold_port
from ingestio.config import LOCAL_HOSTS, Settings

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
APP: Final = "ingestio.ingestio:app"
PAGE: Final = Path(".web/build/client/index.html")
# The page is built beforehand: serve it from this process, compile nothing. Reflex's own names.
REFLEX_ENV: Final = {
    "REFLEX_ENV_MODE": "prod",
    "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    "__REFLEX_SKIP_COMPILE": "true",
}
# The workers get this long to finish; the processor itself lets go after 25 s (Spec 6).
KILL_AFTER_S: Final = 28
HEALTHY_WITHIN_S: Final = 120
PR_SET_PDEATHSIG: Final = 1
PR_SET_CHILD_SUBREAPER: Final = 36
REAPED_WITHIN_S: Final = 3


def serve(settings: Settings) -> int:
    """Serve until a signal says stop; the exit code."""
    if not PAGE.exists():
        return _refuse("The page is not built here. Run `make run` in the project's folder.")
    try:
        with hold_data_dir(settings.data_dir), hold_port(settings.host, settings.port):
            if not _in_a_child(bootstrap.prepare):
                return _refuse("The records could not be made ready; the reason stands above.")
            os.environ.update(REFLEX_ENV)
            _adopt_orphans()
            _AnnouncedServer(settings).serve(target_loader=_load_app, wrap_loader=False)
            _reap_orphans()
    except AlreadyRunning as refusal:
        return _refuse(str(refusal))
    return 0


def _refuse(why: str) -> int:
    sys.stderr.write(why + "\n")
    return 1


def _in_a_child(work: Callable[[], None]) -> bool:
    """Run before the server forks, without leaving it connections and threads to inherit."""
    child = multiprocessing.get_context("fork").Process(target=_end_with_parent, args=(work,))
    child.start()
    child.join()
    return child.exitcode == 0


def _end_with_parent(work: Callable[[], T]) -> T:
    """Run in a child, which the kernel ends when its parent is killed, so that nothing stays."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    return work()


def _adopt_orphans() -> None:
    """Helpers that outlive their worker by a moment become ours, so that we end last."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def _reap_orphans() -> None:
    """Wait for them to be gone: whoever looks after us finds nothing of ours left."""
    deadline = time.monotonic() + REAPED_WITHIN_S
    with suppress(ChildProcessError):
        while time.monotonic() < deadline:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.02)


def _load_app() -> Callable[..., Any]:
    """The ASGI app, made in the worker; its standard output joins the log."""
    from granian._internal import load_target  # noqa: PLC0415

    os.dup2(2, 1)
    return _end_with_parent(lambda: load_target(APP, factory=True))


class _AnnouncedServer(MPServer):
    """Granian with one worker, that says its address once it answers."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(
            APP,
            address=settings.host,
            port=settings.port,
            interface=Interfaces.ASGI,
            log_level=LogLevels.warning,
            log_dictconfig=_log_to_stderr(),
            workers_kill_timeout=KILL_AFTER_S,
            respawn_failed_workers=True,
            factory=True,
        )
        self._settings = settings

    def startup(self, spawn_target: object, target_loader: object) -> None:
        """Start as Granian does, then wait for health beside it: never a thread before the fork."""
        super().startup(spawn_target, target_loader)
        threading.Thread(target=_announce, args=(self._settings,), daemon=True).start()


def _announce(settings: Settings) -> None:
    """Print the address, alone on standard output, when the server answers."""
    host = "127.0.0.1" if settings.host in LOCAL_HOSTS | {"0.0.0.0"} else settings.host  # noqa: S104
    health = f"http://{host}:{settings.port}/api/health"
    deadline = time.monotonic() + HEALTHY_WITHIN_S
    while time.monotonic() < deadline:
        if _answers(health):
            sys.stdout.write(f"IngestIO is at {settings.origin}\n")
            sys.stdout.flush()
            return
        time.sleep(0.05)
    sys.stderr.write(f"No answer from {health} after {HEALTHY_WITHIN_S} s.\n")


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 (always http)
            return answer.status == 200  # noqa: PLR2004
    except (OSError, urllib.error.URLError):
        return False


def _log_to_stderr() -> dict[str, dict[str, dict[str, str]]]:
    return {
        "handlers": {
            name: {"formatter": "generic", "class": "logging.StreamHandler"}
            for name in ("console", "access")
        }
    }
