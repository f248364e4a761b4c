"""The world outside, with its faults: an engine, files, mails, a feed and payments that fail.

Each is the tests' stand-in, which a life's fate lets fail, answer too late, or see its caller die.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from ingestio.domain.results import Usage
from ingestio.errors import (
    AIBusy,
    AIKeyRefused,
    AIOutOfCredit,
    AIUnavailable,
    ReaderCrashed,
    StorageUnavailable,
    Unavailable,
    Unreadable,
)
from ingestio.services.answers import Answers
from tests.fakes import MemoryFiles, RememberingFeed, RememberingMailer, StubEngine

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path
    from uuid import UUID

    from ingestio.domain.documents import DocumentKind
    from ingestio.domain.results import Extraction
    from ingestio.ports import Mail, SourceDocument
    from ingestio.services.answers import Answer, AnswerKey
    from tests.sim.fate import Fate

REFUSALS = (
    partial(AIUnavailable, "Away."),
    partial(AIUnavailable, "Away."),
    partial(AIBusy, "Slow down.", retry_after_s=7),
    partial(AIBusy, "Slow down.", retry_after_s=7),
    partial(AIOutOfCredit, "No credit is left."),
    partial(AIKeyRefused, "The key is refused."),
    partial(ReaderCrashed, "It stopped."),
    partial(ReaderCrashed, "It stopped."),
    partial(Unreadable, "Damaged."),
    ZeroDivisionError,
)
"""Made anew each time: an error carries its traceback, and with it a whole life."""


class PaidEngine(StubEngine):
    """Its answers cost something, so that the product keeps each until it is saved."""

    def extract(
        self, document: SourceDocument, prompt: str | None, kind: DocumentKind | None
    ) -> Extraction:
        return replace(super().extract(document, prompt, kind), usage=Usage(900, 100, 4_000))


class Engine(PaidEngine):
    """Fails, or answers with less than was asked, or is not heard any more."""

    def __init__(self, fate: Fate) -> None:
        super().__init__()
        self._fate = fate

    def extract(
        self, document: SourceDocument, prompt: str | None, kind: DocumentKind | None
    ) -> Extraction:
        with self._fate.outside("ai"):
            if self._fate.chance(0.2):
                refusal = self._fate.rng.choice(REFUSALS)
                raise refusal()
            answer = super().extract(document, prompt, kind)
        if self._fate.chance(0.03):
            raise AIUnavailable("Timed out.")
        if self._fate.chance(0.06):
            return replace(answer, is_complete=False)
        return replace(answer, fields=()) if self._fate.chance(0.02) else answer


class PaidOnce(Answers):
    """The folder; it sees when an answer is bought again while the first one lies there."""

    def __init__(self, folder: Path, fate: Fate) -> None:
        super().__init__(folder)
        object.__setattr__(self, "_fate", fate)
        object.__setattr__(self, "_lie", set())

    def keep(self, key: AnswerKey, answer: Answer) -> None:
        if key in self._lie:
            self._fate.violated([f"paid twice for an answer: {key}"])
        super().keep(key, answer)
        self._lie.add(key)

    def drop(self, key: AnswerKey) -> None:
        super().drop(key)
        self._lie.discard(key)


class Files(MemoryFiles):
    """Away at times."""

    def __init__(self, fate: Fate) -> None:
        super().__init__()
        self._fate = fate

    @contextmanager
    def as_file(self, key: str) -> Generator[Path]:
        with self._fate.outside("storage"):
            if self._fate.chance(0.05):
                raise StorageUnavailable("Away.")
        with super().as_file(key) as path:
            yield path

    def delete(self, key: str) -> None:
        with self._fate.outside("storage"):
            if self._fate.chance(0.1):
                raise StorageUnavailable("Away.")
            super().delete(key)


class Mailer(RememberingMailer):
    """Refuses at times, and at times takes a mail without being heard."""

    def __init__(self, fate: Fate) -> None:
        super().__init__()
        self._fate = fate

    def send(self, mail: Mail) -> None:
        with self._fate.outside("mail"):
            if self._fate.chance(0.2):
                raise Unavailable("Away.")
            super().send(mail)
        if self._fate.chance(0.05):
            self._fate.doubts += 1
            raise Unavailable("Taken, and not heard.")


class Feed(RememberingFeed):
    """Another server's hub: a process may die before it has told, and after."""

    def __init__(self, fate: Fate) -> None:
        super().__init__()
        self._fate = fate

    def publish(self, owner_id: UUID, batch_id: UUID | None) -> None:
        with self._fate.outside("feed"):
            super().publish(owner_id, batch_id)
