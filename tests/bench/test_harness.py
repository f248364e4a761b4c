"""What benches share: turns, raw samples, one closing line."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bench.harness import LIMIT_S, Run, TooLong, documents, percentile

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(autouse=True)
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("INGESTIO_BENCH_CACHE", str(tmp_path))
    return tmp_path


def test_two_ways_are_measured_in_turns() -> None:
    turns: list[str] = []
    ways = {"ours": lambda: turns.append("ours"), "bare": lambda: turns.append("bare")}

    samples = Run("turns").alternate(ways, rounds=2, warm_up=0)

    assert turns == ["ours", "bare", "bare", "ours"]
    assert {label: len(taken) for label, taken in samples.items()} == {"ours": 2, "bare": 2}


def test_it_ends_with_one_line_of_figures_and_keeps_the_samples(kept: Path, capsys) -> None:
    run = Run("line")
    run.keep("ours", 0.5)
    run.figure("median_ms", 500)
    run.end()

    assert json.loads(capsys.readouterr().out) == {"median_ms": 500}
    (file,) = kept.glob("line-*.json")
    assert json.loads(file.read_text())["samples"] == {"ours": [0.5]}


def test_it_does_not_run_for_ever() -> None:
    run = Run("long")
    run.began -= LIMIT_S + 1

    with pytest.raises(TooLong):
        run.alternate({"ours": lambda: None}, rounds=1)


def test_without_a_corpus_the_samples_of_the_tests_serve(monkeypatch) -> None:
    monkeypatch.delenv("INGESTIO_CORPUS", raising=False)

    assert {path.suffix for path in documents()} >= {".pdf", ".jpg", ".png"}
    assert {path.suffix for path in documents(".pdf")} == {".pdf"}


def test_a_percentile_lies_between_its_samples() -> None:
    assert percentile([1.0], 95) == 1.0
    assert percentile([float(n) for n in range(101)], 95) == 95.0
