"""The product as a user starts it: a server of its own with its own port and data folder."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
STARTS_WITHIN_S = 60
ENDS_WITHIN_S = 30


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def build_page() -> None:
    """Build the pages unless they are as the sources say."""
    made = subprocess.run(
        ["make", "--silent", ".web/.built"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr[-3_000:]


@dataclass
class Served:
    """A server: `start`, `stop`, `kill`, start again on the same data."""

    data_dir: Path
    port: int = field(default_factory=free_port)
    env: dict[str, str] = field(default_factory=dict)
    command: tuple[str, ...] = (str(BIN / "ingestio"), "serve")
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What it and its command line are started with; nothing of this machine's own settings."""
        ours = ("INGESTIO_", "OPENAI_", "STRIPE_")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
        for elsewhere in ("DATABASE_URL", "REDIS_URL", "STORAGE_URL", "CRON_SECRET", "SMTP_URL"):
            kept.pop(elsewhere, None)
        mine = {"INGESTIO_PORT": str(self.port), "INGESTIO_DATA_DIR": str(self.data_dir)}
        return kept | mine | {"INGESTIO_DEMO": "1"} | self.env

    def start(self) -> float:
        """Start it and wait for its line; the seconds that took."""
        began = time.monotonic()
        self.process = self.spawn()
        self.line = _first_line(self.process, STARTS_WITHIN_S)
        assert self.line, f"no address within {STARTS_WITHIN_S} s:\n{self.log[-3_000:]}"
        return time.monotonic() - began

    def spawn(self) -> subprocess.Popen[str]:
        """Start it without waiting, in a process group of its own as a terminal would."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        with self.log_path.open("a") as log:
            return subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                start_new_session=True,
            )

    @property
    def log_path(self) -> Path:
        """What it wrote to standard error, of all its starts."""
        return self.data_dir.with_name(self.data_dir.name + ".log")

    @property
    def log(self) -> str:
        """The text of it."""
        return self.log_path.read_text() if self.log_path.exists() else ""

    def stop(self, with_signal: int = signal.SIGTERM) -> float:
        """Ask everything it started to end, as a terminal does; the seconds until it did."""
        if self.process is None:
            return 0.0
        began = time.monotonic()
        if self.process.poll() is None:
            os.killpg(self.process.pid, with_signal)
        try:
            self.process.wait(ENDS_WITHIN_S)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            raise
        return time.monotonic() - began

    def kill(self) -> None:
        """End it as a power cut would."""
        self.stop(signal.SIGKILL)

    def left_over(self) -> list[int]:
        """Processes of its group that are still there, dead ones nobody waited for included."""
        assert self.process
        for _ in range(8):
            if not (alive := _group(self.process.pid)):
                return []
            time.sleep(0.05)
        return alive

    def cli(self, *args: str, timeout_s: float = 120) -> subprocess.CompletedProcess[str]:
        """Run `ingestio ...` beside it."""
        return subprocess.run(
            [str(BIN / "ingestio"), *args],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )

    def answers(self, path: str = "/api/health") -> bool:
        """Whether a path answers 200."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=5) as answer:  # noqa: S310
                return answer.status == 200
        except (OSError, urllib.error.URLError):
            return False


def _first_line(process: subprocess.Popen[str], within_s: float) -> str:
    """The first line of its output; empty where it ended or said nothing in time."""
    lines: Queue[str] = Queue()
    assert process.stdout
    threading.Thread(target=lambda: lines.put(process.stdout.readline()), daemon=True).start()
    try:
        return lines.get(timeout=within_s)
    except Empty:
        return ""


def _group(group_id: int) -> list[int]:
    """Processes of a process group."""
    alive = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            group = (entry / "stat").read_text().rpartition(")")[2].split()[2]
        except OSError:
            continue
        if int(group) == group_id:
            alive.append(int(entry.name))
    return alive
