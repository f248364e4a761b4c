"""One document in, one answer out: resolve the prompt, extract. Knows no batch.

Answers which text a document is asked (Spec 6.4) and what the engine reads from it, with an answer
that an earlier attempt paid for first. Leaves claims, pages and saving to the processor.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from ingestio import failpoints
from ingestio.domain.documents import DocumentKind
from ingestio.domain.prompts import detected_prompt
from ingestio.domain.results import Classification
from ingestio.errors import Unavailable
from ingestio.ports import SourceDocument
from ingestio.services.answers import Answer, AnswerKey

if TYPE_CHECKING:
    from uuid import UUID

    from ingestio.domain.documents import MediaType
    from ingestio.domain.prompts import ResolvedPrompt
    from ingestio.ports import Classifier, Extractor, FileStorage
    from ingestio.services.answers import Answers

log = structlog.get_logger(__name__)


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
    """Reads documents with one engine."""

    storage: FileStorage
    classifier: Classifier
    extractor: Extractor
    answers: Answers

    def read(self, task: Task) -> Answer:
        """Ask the engine, outside any transaction; the answer is on disk before it is returned.

        Raises:
            DocumentRejected: it will never work as it is.
            Unavailable: it may work later.
        """
        key = self._key(task)
        if kept := self.answers.get(key):
            return kept
        with self.storage.as_file(task.storage_key) as path:
            source = SourceDocument(path, task.media_type, task.pages, task.sha256)
            prompt = task.given or self._detect(source)
            failpoints.hit(failpoints.BEFORE_EXTRACT)
            extraction = self.extractor.extract(source, prompt.text, prompt.kind)
        answer = Answer(prompt, extraction)
        self.answers.keep(key, answer)
        failpoints.hit(failpoints.AFTER_EXTRACT)
        return answer

    def forget(self, task: Task) -> None:
        """Its answer is saved, or nobody waits for it any more."""
        self.answers.drop(self._key(task))

    def _detect(self, source: SourceDocument) -> ResolvedPrompt:
        """The default prompt of the detected type; a failed detection falls to `other`."""
        try:
            found = self.classifier.classify(source)
        except Unavailable:
            raise
        except Exception:
            log.exception("classification_failed", sha256=source.sha256)
            found = Classification(DocumentKind.OTHER, 0.0)
        return detected_prompt(found.kind, found.confidence)

    def _key(self, task: Task) -> AnswerKey:
        asked = f"{task.given.source}:{task.given.text}" if task.given else "detect"
        question = f"{self.extractor.name}\n{task.sha256}\n{asked}"
        digest = hashlib.sha256(question.encode()).hexdigest()[:16]
        return AnswerKey(task.document_id, task.generation, digest)
