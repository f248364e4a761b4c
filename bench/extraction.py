"""What reading costs: a text page, OCR beside the bare recogniser, two workers beside one.

`text_page_ms` is read + type + fields, in processor time a page. `ocr_ratio` is the same for
pictures, over rapidocr alone on the same pixels. `two_worker_ratio` is documents a second of two
text workers over one.
"""

from __future__ import annotations

import os
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from bench.harness import Run, documents, say
from ingestio.adapters.helper_processes import HelperPool
from ingestio.domain.documents import EXTENSIONS, MediaType
from ingestio.engines.local import engine, ocr, work
from ingestio.engines.local.reading import NeedsOcr, open_image, read
from ingestio.errors import Unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

ROUNDS = 3
PICTURES = 4
JOBS = 60
THREADS = 6
TIMEOUT_S = 120.0


def main() -> None:
    """Measure all three."""
    run = Run("extraction")
    texts = [path for path in documents(".pdf") if _has_text(path)]
    pictures = _pictures()
    say(f"{len(texts)} documents with text, {len(pictures)} pictures")
    _text_pages(run, texts)
    _pictures_beside_bare_ocr(run, pictures)
    _workers(run, texts)
    run.end()


def _has_text(path: Path) -> bool:
    try:
        read(path, MediaType.PDF, may_ocr=False)
    except NeedsOcr:
        return False
    return True


def _pictures() -> list[Path]:
    return [path for path in documents(".jpg", ".jpeg", ".png") if _opens(path)][:PICTURES]


def _opens(path: Path) -> bool:
    """Not so where another format hides behind the name: intake refuses that."""
    try:
        open_image(path)
    except Unreadable:
        return False
    return True


def _text_pages(run: Run, paths: Sequence[Path]) -> None:
    for number in range(ROUNDS + 1):
        for path in paths:
            run.within_limit()
            began = time.process_time()
            document = read(path, MediaType.PDF, may_ocr=False)
            engine.extract(document, None, engine.classify(document).kind)
            if number:  # the first round fills caches
                spent = time.process_time() - began
                run.keep("text_page_s", spent / len(document.pages))
    run.figure("text_page_ms", 1_000 * statistics.fmean(run.samples["text_page_s"]))


def _pictures_beside_bare_ocr(run: Run, paths: Sequence[Path]) -> None:
    """The best of several turns for each picture: what else runs here must not decide."""
    best = {"ours": 0.0, "bare": 0.0}
    for path in paths:
        turns = Run(path.name)
        ways = {"ours": partial(_read_picture, path), "bare": partial(_bare_ocr, path)}
        for way, samples in turns.alternate(ways, rounds=4).items():
            best[way] += min(samples)
            run.samples.setdefault(way, []).extend(samples)
    run.figure("ocr_ratio", best["ours"] / best["bare"])
    run.figure("ocr_page_ms", 1_000 * best["ours"] / len(paths))


def _read_picture(path: Path) -> None:
    document = read(path, EXTENSIONS[path.suffix.lower()], may_ocr=True)
    engine.extract(document, None, engine.classify(document).kind)


def _bare_ocr(path: Path) -> None:
    import numpy as np  # noqa: PLC0415

    picture = ocr.sized(open_image(path))
    ocr.recogniser()(np.ascontiguousarray(np.asarray(picture)[:, :, ::-1]), use_cls=False)


def _workers(run: Run, paths: Sequence[Path]) -> None:
    with TemporaryDirectory() as folder:
        one, two = HelperPool(1, Path(folder)), HelperPool(2, Path(folder))
        samples = run.alternate(
            {"one": partial(_work_off, one, paths), "two": partial(_work_off, two, paths)}, rounds=3
        )
        one.stop()
        two.stop()
    run.figure("two_worker_ratio", min(samples["one"]) / min(samples["two"]))
    run.figure("documents_per_s", JOBS / min(samples["two"]))


def _work_off(pool: HelperPool, paths: Sequence[Path]) -> None:
    """So many documents, none of them remembered from before."""
    jobs = [
        work.Job(paths[number % len(paths)], MediaType.PDF, os.urandom(8).hex(), may_ocr=False)
        for number in range(JOBS)
    ]
    with ThreadPoolExecutor(THREADS) as threads:
        found = threads.map(lambda job: pool.call(TIMEOUT_S, work.extract, job, None, None), jobs)
        assert all(extraction.fields for extraction in found)


if __name__ == "__main__":
    main()
