"""One document in, one answer out: resolve the prompt, extract. Knows no batch.

Answers which text a document is asked (Spec 6.4) and what the engine reads from it, with an answer
that an earlier attempt paid for first. Leaves claims, pages and saving to the processor, and how a
document is asked about in parts to `reading`.
"""

from __future__ import annotations

import hashlib
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import structlog

from ingestio import failpoints
from ingestio.domain.documents import DocumentKind
from ingestio.domain.prompts import detected_prompt
from ingestio.domain.results import Classification, Usage
from ingestio.domain.results import Extraction as Result
from ingestio.errors import Declined, Unavailable
from ingestio.ports import SourceDocument
from ingestio.services.answers import Answer, AnswerKey, Answers, was_paid
from ingestio.services.reading import whole

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from ingestio.domain.documents import MediaType
    from ingestio.domain.prompts import ResolvedPrompt
    from ingestio.domain.results import Part
    from ingestio.ports import Classifier, Extractor, FileStorage

log = structlog.get_logger(__name__)
KEPT_FROM_S: Final = 1.0
"""Two files' worth of work (0.4 ms of CPU) for every quick page was a fifth of what it cost."""


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be read. `given` is the user's prompt; None: detect the type."""

    document_id: UUID
    generation: int
    storage_key: str
    media_type: MediaType
    pages: int
    sha256: str
    given: ResolvedPrompt | None


@dataclass(frozen=True, slots=True)
class Extraction:
    """Reads documents with one engine.

    `kept_from_s`: an answer that cost nothing is worth its file from so long a reading on.
    """

    storage: FileStorage
    classifier: Classifier
    extractor: Extractor
    answers: Answers
    kept_from_s: float = KEPT_FROM_S

    def read(self, task: Task) -> Answer:
        """Ask the engine, outside any transaction.

        An answer that was paid for, or took long, is on disk before it is returned.

        Raises:
            DocumentRejected: it will never work as it is.
            Unavailable: it may work later.
        """
        key = self._key(task)
        if kept := self.answers.get(key):
            return kept
        began_s = time.monotonic()
        with self.storage.as_file(task.storage_key) as path:
            source = SourceDocument(path, task.media_type, task.pages, task.sha256)
            asked = self._resolved(task, source)
            failpoints.hit(failpoints.BEFORE_EXTRACT)
            answer = self._extracted(task, source, asked)
        if was_paid(answer) or time.monotonic() - began_s >= self.kept_from_s:
            self.answers.keep(key, answer)
        failpoints.hit(failpoints.AFTER_EXTRACT)
        return answer

    def forget(self, task: Task) -> None:
        """Its answer is saved, or nobody waits for it any more."""
        self.answers.drop(self._key(task))
        self._parts.drop_all(task.document_id, task.generation)

    def so_far(self, task: Task) -> Result | None:
        """What is kept of a document that is given up, for what it has cost; None: nothing."""
        if kept := self.answers.get(self._key(task)):
            return kept.extraction
        paid = self._parts.paid_for(task.document_id, task.generation)
        if paid == Usage():
            return None
        return Result(DocumentKind.OTHER, 0.0, (), self.extractor.name, usage=paid)

    def purge(self, now: datetime) -> int:
        """Remove the answers that nobody came back for."""
        return self.answers.purge(now) + self._parts.purge(now)

    @property
    def _parts(self) -> Answers:
        """Answers to a question that is one of several for its document."""
        return Answers(self.answers.folder / "parts")

    def _resolved(self, task: Task, source: SourceDocument) -> Answer:
        """What it is asked, and an empty result that holds what finding out has cost."""
        if task.given:
            nothing = _unread(task.given, Classification(DocumentKind.OTHER, 0.0))
            return replace(nothing, was_asked=False)
        key = self._key(task, "type")
        if kept := self._parts.get(key):
            return kept
        found = self._detected(source)
        asked = _unread(detected_prompt(found.kind, found.confidence), found)
        if was_paid(asked):
            self._parts.keep(key, asked)
        return asked

    def _detected(self, source: SourceDocument) -> Classification:
        """The type; a detection that fails falls to `other` (Spec 6.4)."""
        try:
            return self.classifier.classify(source)
        except (Unavailable, Declined):
            raise
        except Exception:
            log.exception("classification_failed", sha256=source.sha256)
            return Classification(DocumentKind.OTHER, 0.0)

    def _extracted(self, task: Task, source: SourceDocument, asked: Answer) -> Answer:
        prompt, was_asked = asked.prompt, asked.was_asked

        def ask(part: Part | None) -> Result:
            nonlocal was_asked
            key = self._key(task, f"{prompt.text}\n{part}")
            if kept := self._parts.get(key):
                return kept.extraction
            about = SourceDocument(
                source.path, source.media_type, source.pages, source.sha256, part
            )
            was_asked = True
            got = self.extractor.extract(about, prompt.text, prompt.kind)
            if part or got.unread or not got.is_complete:  # else it is kept as the whole
                self._parts.keep(key, Answer(prompt, got))
            return got

        read = whole(ask, task.pages)
        usage = read.usage + asked.extraction.usage
        return Answer(prompt, replace(read, usage=usage), was_asked)

    def _key(self, task: Task, about: str = "") -> AnswerKey:
        asked = f"{task.given.source}:{task.given.text}" if task.given else "detect"
        question = f"{self.extractor.name}\n{task.sha256}\n{asked}\n{about}"
        digest = hashlib.sha256(question.encode()).hexdigest()[:16]
        return AnswerKey(task.document_id, task.generation, digest)


def _unread(prompt: ResolvedPrompt, found: Classification) -> Answer:
    return Answer(prompt, Result(found.kind, found.confidence, (), "", usage=found.usage))
