"""What receiving costs: 20 files of 50 MB over 3 connections, beside an endpoint that only writes.

`throughput_ratio` is our megabytes a second over those of `bench.bare_upload`, on the same disk, in
the same parts, in turns; our inspections go on beside, as they do for a user. `rss_growth_mb` is
how much the server grew meanwhile, its counting helpers (which come and go) left out. `ui_p95_ms`
is how long clicks on a page take to be answered while another tab of the same Chromium sends the
twenty files.
"""

from __future__ import annotations

import http.client
import io
import os
import random
import socket
import statistics
import subprocess
import sys
import threading
import time
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Self

import httpx
import pikepdf

from bench.harness import ROOT, Run, cache, percentile, say
from bench.upload_clicks import clicks_meanwhile
from tests.e2e.served import Served, free_port

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

FILES = 20
FILE_BYTES = 50_000_000
CONNECTIONS = 3
PART_BYTES = 8 * 1_048_576
"""As the page sends them."""
ROUNDS = 3
EMAIL = "demo@ingestio.test"
MARK = b"%MARK of this file%"


def main() -> None:
    """All three."""
    run = Run("upload")
    os.environ.pop("CLAMD_URL", None)
    with TemporaryDirectory(dir=cache(), prefix="upload-") as name:
        folder = Path(name)
        paths = made_files(folder)
        ours, bare = Ours(folder / "data"), Bare(folder / "bare")
        try:
            _throughput(run, ours, bare, paths)
            run.figure("ui_p95_ms", 1_000 * percentile(_clicks(run, ours, paths), 95))
        finally:
            ours.served.stop()
            bare.stop()
    run.end()


def made_files(folder: Path) -> list[Path]:
    """Real PDFs of one page, all different, that no compression makes smaller."""
    made = pikepdf.new()
    made.add_blank_page(page_size=(200, 200))
    noise = random.Random(1).randbytes(FILE_BYTES - 2_000)  # noqa: S311  not a secret
    made.Root.Noise = made.make_stream(MARK + noise)
    out = io.BytesIO()
    made.save(out, compress_streams=False)
    data = out.getvalue()
    assert data.count(MARK) == 1
    paths = [folder / f"{number:02}.pdf" for number in range(FILES)]
    for number, path in enumerate(paths):
        path.write_bytes(data.replace(MARK, b"%mark" + b"%014d" % number))
    return paths


def _throughput(run: Run, ours: Ours, bare: Bare, paths: Sequence[Path]) -> None:
    ratios = []
    for number in range(ROUNDS + 1):
        run.within_limit()
        turns: dict[str, Callable[[Sequence[Path]], float]] = {"ours": ours.take, "bare": bare.take}
        names = sorted(turns, reverse=bool(number % 2))
        took_s = {name: turns[name](paths) for name in names}
        say(", ".join(f"{name} {FILES * 50 / s:.0f} MB/s" for name, s in took_s.items()))
        if number:  # the first turn warms both up
            ratios.append(took_s["bare"] / took_s["ours"])
            for name, seconds in took_s.items():
                run.keep(f"{name}_s", seconds)
    run.figure("throughput_ratio", statistics.median(ratios))
    run.figure("mb_per_s", FILES * 50 / min(run.samples["ours_s"]))
    run.figure("bare_mb_per_s", FILES * 50 / min(run.samples["bare_s"]))
    run.figure("rss_growth_mb", ours.grown_mb)
    run.figure("inspected_after_s", statistics.median(ours.inspected_s[1:]))


def _clicks(run: Run, ours: Ours, paths: Sequence[Path]) -> list[float]:
    ours.submit_some()
    samples = clicks_meanwhile(ours.served, paths)
    for sample in samples:
        run.keep("click_s", sample)
    return samples


def _send_all(port: int, paths: Sequence[Path], send: Callable[[Any, Path], None]) -> float:
    """Seconds until the last byte of the last file is answered for."""
    lines = threading.local()

    def one(path: Path) -> None:
        if not hasattr(lines, "connection"):
            lines.connection = http.client.HTTPConnection("localhost", port)
        send(lines.connection, path)

    began = time.perf_counter()
    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(one, paths))
    return time.perf_counter() - began


def _parts(path: Path) -> Generator[tuple[int, memoryview]]:
    data = memoryview(path.read_bytes())
    for offset in range(0, len(data), PART_BYTES):
        yield offset, data[offset : offset + PART_BYTES]


def _ask(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    body: memoryview | None,
    **headers: str,
) -> http.client.HTTPResponse:
    connection.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
    answer = connection.getresponse()
    told = answer.read()
    assert answer.status in {201, 204}, (answer.status, told)
    return answer


@dataclass
class Ours:
    """The product as a user starts it."""

    data_dir: Path
    grown_mb: float = 0.0
    inspected_s: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.served = Served(self.data_dir)
        self.served.start()
        self.key = self.served.cli("api-key", EMAIL).stdout.strip()
        self.api = httpx.Client(
            base_url=f"{self.served.url}/api/v1",
            headers={"Authorization": f"Bearer {self.key}"},
            timeout=60,
        )

    def take(self, paths: Sequence[Path]) -> float:
        """Send all; seconds until all are acknowledged. Waits for the inspections afterwards."""
        began = time.perf_counter()
        with Watched(self.served.process.pid if self.served.process else 0) as memory:
            seconds = _send_all(self.served.port, paths, self._send)
            draft = self._settled()
        self.inspected_s.append(time.perf_counter() - began)
        self.grown_mb = max(self.grown_mb, memory.grown_mb)
        assert [file["pages"] for file in draft["files"]] == [1] * len(paths), draft["files"]
        self.api.delete(f"/drafts/{draft['id']}").raise_for_status()
        return seconds

    def submit_some(self) -> None:
        """Batches for a list that can be sorted."""
        sample = ROOT / "tests" / "samples" / "invoice-en.pdf"
        for name in ("first", "second", "third"):
            sent = {"files": (sample.name, sample.read_bytes())}
            form = {"strategy": "auto", "name": name}
            self.api.post("/batches", files=sent, data=form).raise_for_status()

    def _send(self, connection: http.client.HTTPConnection, path: Path) -> None:
        about = f"filename {b64encode(path.name.encode()).decode()}"
        common = {"Authorization": f"Bearer {self.key}", "Tus_Resumable": "1.0.0"}
        told = {"Upload_Length": str(path.stat().st_size), "Upload_Metadata": about}
        where = _ask(connection, "POST", "/api/v1/uploads", None, **common, **told).headers
        kind = {"Content_Type": "application/offset+octet-stream"}
        for offset, part in _parts(path):
            at = {"Upload_Offset": str(offset)}
            _ask(connection, "PATCH", where["Location"], part, **common, **kind, **at)

    def _settled(self) -> dict[str, Any]:
        while True:
            (draft,) = self.api.get("/drafts").json()["items"]
            if not any(f["status"] in {"receiving", "inspecting"} for f in draft["files"]):
                return draft
            time.sleep(0.1)


@dataclass
class Bare:
    """The baseline under the same server."""

    folder: Path
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self.folder.mkdir()
        command = [str(Path(sys.executable).with_name("granian")), "--interface", "asgi"]
        command += ["--log-level", "warning", "--port", str(self.port), "bench.bare_upload:app"]
        env = os.environ | {"BARE_FOLDER": str(self.folder)}
        self.process = subprocess.Popen(command, cwd=ROOT, env=env)
        while not _listens(self.port):
            time.sleep(0.05)

    def take(self, paths: Sequence[Path]) -> float:
        """Send all; the seconds that took."""
        for old in self.folder.iterdir():
            old.unlink()
        return _send_all(self.port, paths, self._send)

    def stop(self) -> None:
        """End it."""
        self.process.terminate()
        self.process.wait()

    @staticmethod
    def _send(connection: http.client.HTTPConnection, path: Path) -> None:
        for _, part in _parts(path):
            _ask(connection, "PATCH", f"/{path.name}", part)


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Watched:
    """Memory of a process and of the children it has now, looked at twenty times a second."""

    def __init__(self, pid: int) -> None:
        self._pids = [pid, *_children(pid)]
        self._before = self._now_mb()
        self._peak = self._before
        self._has_ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    @property
    def grown_mb(self) -> float:
        """From the beginning to the highest."""
        return self._peak - self._before

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._has_ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._has_ended.wait(0.05):
            self._peak = max(self._peak, self._now_mb())

    def _now_mb(self) -> float:
        return sum(map(_rss_mb, self._pids))


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [child for one in map(int, listed) for child in (one, *_children(one))]


def _rss_mb(pid: int) -> float:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1_048_576


if __name__ == "__main__":
    main()
