"""What every bench shares: the corpus, a cache, alternation with a baseline, raw samples, one line.

A bench is `bench/NAME.py`, run as a module by `make bench NAME=...`. It measures the product beside
a baseline in the same run on the same data, keeps its raw samples in the cache, and ends with one
line of JSON: figure names to numbers. Two things that are compared are measured in turns, so that
a machine which slows down slows both.

    run = Run("pages")
    samples = run.alternate({"ours": count_ours, "bare": count_bare}, rounds=20)
    run.figure("median_ms", 1_000 * median(samples["ours"]))
    run.end()
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

ROOT = Path(__file__).parents[1]
LIMIT_S = 30 * 60


class TooLong(Exception):
    """A bench has to end within half an hour, with what it has or not at all."""


@dataclass(slots=True)
class Run:
    """One run of a bench: its samples, its figures, its time."""

    name: str
    samples: dict[str, list[float]] = field(default_factory=dict)
    figures: dict[str, float] = field(default_factory=dict)
    began: float = field(default_factory=time.monotonic)

    def alternate(
        self, ways: Mapping[str, Callable[[], object]], *, rounds: int, warm_up: int = 1
    ) -> dict[str, list[float]]:
        """Seconds of each way, measured in turns; the order is reversed every other round."""
        for _ in range(warm_up):
            for way in ways.values():
                way()
        for number in range(rounds):
            order = list(ways) if number % 2 == 0 else list(reversed(ways))
            for label in order:
                self.within_limit()
                began = time.perf_counter()
                ways[label]()
                self.keep(label, time.perf_counter() - began)
        return {label: self.samples[label] for label in ways}

    def keep(self, label: str, value: float) -> None:
        """Add a raw sample."""
        self.samples.setdefault(label, []).append(value)

    def figure(self, name: str, value: float) -> None:
        """Add a figure to the closing line."""
        self.figures[name] = round(value, 4)

    def within_limit(self) -> None:
        """Stop a bench that would not end in time.

        Raises:
            TooLong
        """
        if time.monotonic() - self.began > LIMIT_S:
            message = f"{self.name} ran for more than {LIMIT_S // 60} minutes"
            raise TooLong(message)

    def end(self) -> None:
        """Keep the raw samples, and print the figures as the last line."""
        kept = cache() / f"{self.name}-{time.strftime('%Y%m%dT%H%M%S')}.json"
        kept.write_text(json.dumps({"figures": self.figures, "samples": self.samples}))
        sys.stderr.write(f"raw samples: {kept}\n")
        print(json.dumps(self.figures), flush=True)


def cache() -> Path:
    """Where benches keep what they build once, and their raw samples."""
    folder = Path(os.environ.get("INGESTIO_BENCH_CACHE") or ROOT / ".cache" / "bench")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def corpus() -> Path:
    """The folder of real documents: `INGESTIO_CORPUS`, else the samples of the tests."""
    return Path(os.environ.get("INGESTIO_CORPUS") or ROOT / "tests" / "samples")


def documents(*suffixes: str) -> list[Path]:
    """The corpus' labelled documents that are there, by its manifest, in its order."""
    manifest = json.loads((corpus() / "manifest.json").read_text(encoding="utf-8"))
    found = [corpus() / (entry.get("file") or entry["path"]) for entry in manifest["docs"]]
    return [p for p in found if p.is_file() and (not suffixes or p.suffix.lower() in suffixes)]


def percentile(samples: Sequence[float], percent: int) -> float:
    """A percentile from 1 to 99, between the samples."""
    if len(samples) == 1:
        return samples[0]
    return statistics.quantiles(samples, n=100, method="inclusive")[percent - 1]


def say(text: str) -> None:
    """Tell how far it is, on standard error: standard output is for figures."""
    sys.stderr.write(text + "\n")
