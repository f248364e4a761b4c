"""One document in, one answer out (Spec 6.4), and answers that survive a crash."""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from ingestio.domain.documents import DocumentKind, MediaType
from ingestio.domain.prompts import PromptSource, ResolvedPrompt
from ingestio.domain.results import Extraction as Result
from ingestio.domain.results import PageRange, Usage
from ingestio.errors import AIUnavailable, Unreadable
from ingestio.services.answers import Answers
from ingestio.services.extraction import Extraction, Task
from tests.fakes import MemoryFiles, StubEngine

if TYPE_CHECKING:
    from pathlib import Path

    from ingestio.domain.results import Classification
    from ingestio.ports import SourceDocument

GIVEN = ResolvedPrompt("the total", PromptSource.BATCH)


@pytest.fixture
def engine() -> StubEngine:
    return StubEngine()


@pytest.fixture
def extraction(tmp_path: Path, engine: StubEngine) -> Extraction:
    answers = Answers(tmp_path / "answers")
    return Extraction(MemoryFiles(), engine, engine, answers, kept_from_s=0.0)


def task(given: ResolvedPrompt | None = GIVEN) -> Task:
    return Task(uuid4(), 1, "key", MediaType.PDF, 1, "sha", given)


class Misjudging:
    """A classifier that fails as it is told."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    def classify(self, document: SourceDocument) -> Classification:
        del document
        raise self.error


class Paid(StubEngine):
    """Costs something."""

    def extract(self, *asked) -> Result:
        return replace(super().extract(*asked), usage=Usage(input_tokens=5))


def test_a_given_prompt_is_asked_without_detecting(extraction: Extraction, engine: StubEngine):
    assert extraction.read(task()).prompt == GIVEN
    assert engine.asked == [("sha", "the total", None)]


def test_without_a_prompt_the_type_is_detected_and_its_default_asked(
    extraction: Extraction, engine: StubEngine
):
    answer = extraction.read(task(None))
    assert (answer.prompt.source, answer.prompt.kind) == ("detected", DocumentKind.INVOICE)
    assert engine.asked[0][2] is DocumentKind.INVOICE


@pytest.mark.parametrize("error", [Unreadable("Damaged."), ZeroDivisionError()])
def test_a_detection_that_fails_falls_to_other(extraction: Extraction, error: Exception):
    answer = replace(extraction, classifier=Misjudging(error)).read(task(None))
    assert answer.prompt.kind is DocumentKind.OTHER


def test_a_classifier_that_is_away_is_no_failed_detection(extraction: Extraction):
    with pytest.raises(AIUnavailable):
        replace(extraction, classifier=Misjudging(AIUnavailable("Away."))).read(task(None))


def test_the_second_reading_finds_the_first_ones_answer(extraction: Extraction, engine: StubEngine):
    one = task(None)
    assert extraction.read(one) == extraction.read(one)
    assert len(engine.asked) == 1
    extraction.forget(one)
    extraction.read(one)
    assert len(engine.asked) == 2


@pytest.mark.parametrize("given", [GIVEN, None])
def test_an_answer_says_whether_anybody_was_asked(extraction: Extraction, given):
    one = task(given)
    assert extraction.read(one).was_asked
    assert not extraction.read(one).was_asked


def test_an_answer_made_of_parts_that_are_all_on_disk_was_not_asked_for(tmp_path: Path):
    class InParts(StubEngine):
        def extract(self, document: SourceDocument, *asked) -> Result:
            found = super().extract(document, *asked)
            return found if document.part else replace(found, unread=(PageRange(2, 2),))

    engine, one = InParts(), replace(task(), pages=2)
    extraction = Extraction(MemoryFiles(), engine, engine, Answers(tmp_path), kept_from_s=60.0)
    assert extraction.read(one).was_asked
    assert not extraction.read(one).was_asked
    assert len(engine.asked) == 2


@pytest.mark.parametrize(
    "change",
    [
        {"given": ResolvedPrompt("the iban", PromptSource.BATCH)},
        {"generation": 2},
        {"sha256": "other"},
        {"given": None},
    ],
)
def test_another_question_never_gets_an_old_answer(
    extraction: Extraction, engine: StubEngine, change: dict
):
    one = task()
    extraction.read(one)
    extraction.read(replace(one, **change))
    assert len(engine.asked) == 2


def test_a_damaged_answer_is_read_again(extraction: Extraction, engine: StubEngine, tmp_path: Path):
    one = task()
    extraction.read(one)
    (kept,) = (tmp_path / "answers").iterdir()
    kept.write_text("{")
    extraction.read(one)
    assert len(engine.asked) == 2


def test_an_answer_nobody_came_back_for_is_gone_after_a_day(extraction: Extraction, tmp_path: Path):
    extraction.read(task())
    (kept,) = (tmp_path / "answers").iterdir()
    written = datetime.fromtimestamp(kept.stat().st_mtime, UTC)

    assert extraction.answers.purge(written + timedelta(hours=23)) == 0
    assert extraction.answers.purge(written + timedelta(hours=25)) == 1
    assert list((tmp_path / "answers").iterdir()) == []


def test_an_answer_that_cost_nothing_and_came_at_once_is_not_worth_a_file(
    extraction: Extraction, engine: StubEngine, tmp_path: Path
):
    extraction = replace(extraction, kept_from_s=0.05)
    extraction.read(task())
    assert not (tmp_path / "answers").exists()

    engine.takes_s = 0.06
    extraction.read(task())
    assert len(list((tmp_path / "answers").iterdir())) == 1


def test_an_answer_that_was_paid_for_is_kept_however_quick(extraction: Extraction, tmp_path: Path):
    extraction = replace(extraction, extractor=Paid(), kept_from_s=60.0)
    extraction.read(task())
    assert len(list((tmp_path / "answers").iterdir())) == 1


def test_kept_answers_are_for_nobody_else_on_the_machine(tmp_path: Path):
    class Cut(Paid):
        def extract(self, *asked) -> Result:
            return replace(super().extract(*asked), is_complete=False)

    engine, folder = Cut(), tmp_path / "answers"
    before = os.umask(0)
    try:
        Extraction(MemoryFiles(), engine, engine, Answers(folder)).read(task())
    finally:
        os.umask(before)

    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (folder, *folder.rglob("*"))}
    assert {modes[path] for path in modes if path.is_dir()} == {0o700}
    assert {modes[path] for path in modes if path.is_file()} == {0o600}
    assert (folder / "parts").is_dir()


@pytest.mark.parametrize("engine", [Paid(), StubEngine()])
def test_the_name_of_an_answer_that_was_paid_for_outlives_a_power_cut(
    tmp_path: Path, monkeypatch, engine: StubEngine
):
    synced: list[tuple[bool, list[str]]] = []

    def sync(file: int) -> None:
        is_folder = stat.S_ISDIR(os.fstat(file).st_mode)
        synced.append((is_folder, [path.suffix for path in tmp_path.iterdir()]))
        real(file)

    real = os.fsync
    monkeypatch.setattr(os, "fsync", sync)
    Extraction(MemoryFiles(), engine, engine, Answers(tmp_path), kept_from_s=0.0).read(task())
    is_paid = isinstance(engine, Paid)
    assert synced == ([(False, [".part"]), (True, [".json"])] if is_paid else [])
