"""In how many questions a document is asked, and what becomes of a crash between two of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from ingestio.domain.documents import DocumentKind, MediaType
from ingestio.domain.results import Classification, Field, PageRange, Part, Usage
from ingestio.domain.results import Extraction as Result
from ingestio.errors import Declined, Incomplete, NothingFound
from ingestio.ports import SourceDocument
from ingestio.services.answers import Answers
from ingestio.services.extraction import Extraction, Task
from ingestio.services.reading import read_at_once
from tests.fakes import MemoryFiles

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PAID = Usage(900, 70, 472)


class Crash(BaseException):
    """The process dies."""


class Scripted:
    """An engine whose answers are said one by one; None is where the process dies."""

    name = "scripted"

    def __init__(self, *says: Result | None) -> None:
        self.says = list(says)
        self.asked: list[Part | None] = []
        self.classified = 0

    def classify(self, document: SourceDocument) -> Classification:
        del document
        self.classified += 1
        return Classification(DocumentKind.INVOICE, 0.9, PAID)

    def extract(self, document: SourceDocument, *_: object) -> Result:
        self.asked.append(document.part)
        said = self.says.pop(0)
        if said is None:
            raise Crash
        return said


def said(*names: str, **more) -> Result:
    fields = tuple(Field(name, "x", 0.9) for name in names)
    return Result(DocumentKind.INVOICE, 0.9, fields, "scripted", usage=PAID, **more)


CUT = said("total", is_complete=False)


def part(first: int, last: int, *, is_repair: bool = False) -> Part:
    return Part(PageRange(first, last), is_repair)


@pytest.mark.parametrize(
    ("pages", "says", "asked", "found"),
    [
        (9, [said("total")], [None], ["total"]),
        (
            100,
            [said("total", unread=(PageRange(61, 100),)), said("iban")],
            [None, part(61, 100)],
            ["total", "iban"],
        ),
        (
            200,
            [
                said("total", unread=(PageRange(61, 200),)),
                said("iban", unread=(PageRange(121, 200),)),
                said("vendor"),
            ],
            [None, part(61, 200), part(121, 200)],
            ["total", "iban", "vendor"],
        ),
        (
            100,
            [
                said("total", missing=("iban",), unread=(PageRange(61, 80), PageRange(90, 100))),
                said("iban"),
            ],
            [None, part(61, 80)],
            ["total", "iban"],
        ),
        (1, [CUT, said("iban")], [None, part(1, 1, is_repair=True)], ["iban", "total"]),
        (
            9,
            [CUT, said("a"), said("b")],
            [None, part(1, 5, is_repair=True), part(6, 9, is_repair=True)],
            ["a", "b", "total"],
        ),
        (
            100,
            [replace(CUT, unread=(PageRange(61, 100),)), said("a"), said("b"), said("c")],
            [
                None,
                part(1, 30, is_repair=True),
                part(31, 60, is_repair=True),
                part(61, 100),
            ],
            ["a", "b", "total", "c"],
        ),
    ],
)
def test_how_a_document_is_asked_about(pages, says, asked, found):
    engine = Scripted(*says)
    source = SourceDocument(MemoryFiles(), MediaType.PDF, pages, "sha")
    whole = read_at_once(engine, source, "anything", None)
    assert engine.asked == asked
    assert [field.name for field in whole.fields] == found
    assert whole.usage.input_tokens == 900 * len(asked)


@pytest.mark.parametrize(("says", "error"), [([CUT, CUT], Incomplete), ([said()], NothingFound)])
def test_no_success_is_told_apart_at_once(says, error):
    source = SourceDocument(MemoryFiles(), MediaType.PDF, 1, "sha")
    with pytest.raises(error):
        read_at_once(Scripted(*says), source, "anything", None)


def reader(folder: Path, engine: Scripted) -> Extraction:
    return Extraction(MemoryFiles(), engine, engine, Answers(folder / "answers"))


@pytest.fixture
def left(tmp_path: Path) -> Callable[[], int]:
    """How many files of answers there are."""
    return lambda: sum(file.is_file() for file in tmp_path.rglob("*"))


def test_a_crash_between_two_answers_pays_for_none_twice(tmp_path: Path, left):
    task = Task(uuid4(), 1, "key", MediaType.PDF, 9, "sha", None)
    died = Scripted(CUT, said("a"), None)
    with pytest.raises(Crash):
        reader(tmp_path, died).read(task)
    assert left() == 3  # the type, the cut answer, the first half

    next_one = Scripted(said("b"))
    answer = reader(tmp_path, next_one).read(task)
    assert next_one.asked == [part(6, 9, is_repair=True)]
    assert (died.classified, next_one.classified) == (1, 0)
    assert answer.extraction.usage.input_tokens == 4 * 900
    assert answer.prompt.kind is DocumentKind.INVOICE

    reader(tmp_path, next_one).forget(task)
    assert left() == 0


def test_another_generation_or_prompt_never_gets_an_old_part(tmp_path: Path):
    task = Task(uuid4(), 1, "key", MediaType.PDF, 1, "sha", None)
    with pytest.raises(Crash):
        reader(tmp_path, Scripted(CUT, None)).read(task)
    again = Scripted(said("total"))
    reader(tmp_path, again).read(replace(task, generation=2))
    assert (again.asked, again.classified) == ([None], 1)


def test_a_document_that_is_declined_as_its_type_is_asked_is_not_asked_more(tmp_path: Path):
    engine = Scripted()
    engine.classify = declines
    with pytest.raises(Declined):
        reader(tmp_path, engine).read(Task(uuid4(), 1, "key", MediaType.PDF, 1, "sha", None))
    assert engine.asked == []


def declines(_document: SourceDocument) -> Classification:
    raise Declined("No.")
