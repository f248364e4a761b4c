"""What a page count costs through the helper, beside a bare pypdfium2 call on the same file.

`median_ms` and `p95_ms` over the corpus's real PDFs, one at a time, the best of three turns each;
`worst_hostile_s` is the slowest hostile file; `cost_ratio` is our median over that of the bare call
(which opens a hostile file in its own process, and takes its first count for true).
"""

from __future__ import annotations

import json
import statistics
import time
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pypdfium2

from bench.harness import ROOT, Run, corpus, percentile, say
from ingestio.adapters.counting import CountLimits
from ingestio.adapters.page_counter import HelperPageCounter
from ingestio.errors import IngestioError
from tests.hostile import REFUSED, looping_xref

if TYPE_CHECKING:
    from collections.abc import Iterator

TURNS = 3


def main() -> None:
    """Real files in turns with the bare call, then the hostile ones."""
    run = Run("pages")
    with TemporaryDirectory() as folder:
        counter = HelperPageCounter(CountLimits(1_000, 40_000_000, 20_000, Path(folder)))
        counter.start()
        _real(run, counter)
        _hostile(run, counter, Path(folder))
        counter.stop()
    run.end()


def _real(run: Run, counter: HelperPageCounter) -> None:
    ours, bare = [], []
    for path in _real_pdfs():
        turns = Run(path.name)
        ways = {"ours": partial(_count, counter, path), "bare": partial(_bare, path)}
        samples = turns.alternate(ways, rounds=TURNS)
        ours.append(min(samples["ours"]))
        bare.append(min(samples["bare"]))
        run.within_limit()
    run.samples |= {"ours_s": ours, "bare_s": bare}
    say(f"{len(ours)} real PDFs")
    run.figure("median_ms", 1_000 * statistics.median(ours))
    run.figure("p95_ms", 1_000 * percentile(ours, 95))
    run.figure("bare_median_ms", 1_000 * statistics.median(bare))
    run.figure("cost_ratio", statistics.median(ours) / statistics.median(bare))


def _hostile(run: Run, counter: HelperPageCounter, folder: Path) -> None:
    for path in _hostile_files(folder):
        began = time.perf_counter()
        _count(counter, path)
        run.keep("hostile_s", time.perf_counter() - began)
        run.within_limit()
    say(f"{len(run.samples['hostile_s'])} hostile files")
    run.figure("worst_hostile_s", max(run.samples["hostile_s"]))


def _count(counter: HelperPageCounter, path: Path) -> int | None:
    try:
        counted = counter.count(path, path.name)
    except IngestioError:
        return None
    if counted.repaired:
        counted.repaired.unlink()
    return counted.pages


def _bare(path: Path) -> int | None:
    try:
        return len(pypdfium2.PdfDocument(path))
    except pypdfium2.PdfiumError:
        return None


def _listed(group: str) -> list[Path]:
    """Of the corpus's own list of files to count; empty where this corpus has none."""
    folder = corpus() / "pagecount"
    if not (folder / "manifest.json").is_file():
        return []
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    found = [folder / entry["file"] for entry in manifest[group] if "file" in entry]
    return [path for path in found if path.is_file()]


def _real_pdfs() -> list[Path]:
    found = _listed("real") or sorted((ROOT / "tests" / "samples").iterdir())
    return [path for path in found if path.suffix.lower() == ".pdf"]


def _hostile_files(folder: Path) -> Iterator[Path]:
    yield from _listed("hostile")
    made = [(name, make()) for name, make, _ in REFUSED.values()] + [("a.pdf", looping_xref())]
    for number, (name, data) in enumerate(made):
        path = folder / f"{number}{Path(name).suffix}"
        path.write_bytes(data)
        yield path


if __name__ == "__main__":
    main()
