"""Answers that were paid for and are not saved yet: one file each, read first by who comes next.

Answers so that a crash between the engine's answer and the commit does not pay for it twice. Leaves
what to do with an answer to `extraction`. Keyed by document, generation and a hash of what was
asked, so that a changed prompt never gets an old answer.
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

import structlog

from ingestio.domain.documents import DocumentKind
from ingestio.domain.prompts import PromptSource, ResolvedPrompt
from ingestio.domain.results import Box, Extraction, Field, PageRange, Usage
from ingestio.errors import StorageFull, StorageUnavailable

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

log = structlog.get_logger(__name__)
FORGOTTEN_AFTER: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """Which answer: of this document's generation, to this question."""

    document_id: UUID
    generation: int
    question: str

    @property
    def filename(self) -> str:
        """Its file's name: letters, digits and dashes, all our own."""
        return f"{self.document_id}-{self.generation}-{self.question}.json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked in the end, and what was read; whether for this anybody was asked now."""

    prompt: ResolvedPrompt
    extraction: Extraction
    was_asked: bool = field(default=True, compare=False)


@dataclass(frozen=True, slots=True)
class Answers:
    """The folder of answers that wait to be saved."""

    folder: Path

    def get(self, key: AnswerKey) -> Answer | None:
        """What an earlier attempt was answered, or None; a damaged file is none."""
        try:
            with open(f"{self.folder}/{key.filename}", "rb") as file:  # noqa: PTH123  joining paths costs more than looking
                return _loaded(json.loads(file.read()))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError):
            log.exception("answer_unreadable", document_id=str(key.document_id))
            return None

    def keep(self, key: AnswerKey, answer: Answer) -> None:
        """Write it whole or not at all, for this account's eyes only.

        Synced only where it cost something outside: the local engine just reads again after a power
        cut, and a sync (4 ms) would halve the throughput of small documents.

        Raises:
            StorageFull, StorageUnavailable
        """
        part = self.folder / f"{uuid4().hex}.part"
        try:
            self._make_folder()
            with open(part, "wb", opener=_private) as file:
                file.write(json.dumps(asdict(answer)).encode())
                if was_paid(answer):
                    file.flush()
                    os.fsync(file.fileno())
            part.replace(self.folder / key.filename)
            if was_paid(answer):
                _sync(self.folder)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise _translated(error) from error

    def drop(self, key: AnswerKey) -> None:
        """It is saved, or never will be."""
        with suppress(OSError):
            os.unlink(f"{self.folder}/{key.filename}")  # noqa: PTH108  as above

    def drop_all(self, document_id: UUID, generation: int) -> None:
        """Whatever was asked about it."""
        for file in self._all_of(document_id, generation):
            with suppress(OSError):
                file.unlink()

    def paid_for(self, document_id: UUID, generation: int) -> Usage:
        """What all that is kept of it has cost; a damaged file says nothing."""
        paid = Usage()
        for file in self._all_of(document_id, generation):
            with suppress(OSError, ValueError, KeyError, TypeError):
                paid += _loaded(json.loads(file.read_bytes())).extraction.usage
        return paid

    def _all_of(self, document_id: UUID, generation: int) -> list[Path]:
        try:
            with os.scandir(self.folder) as files:
                start = f"{document_id}-{generation}-"
                return [Path(file) for file in files if file.name.startswith(start)]
        except OSError:
            return []

    def _make_folder(self) -> None:
        """Each by itself: of parents that are made along the way, a mode is no word."""
        for folder in (self.folder.parent, self.folder):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def purge(self, now: datetime) -> int:
        """Remove what nobody came back for: its document was cancelled or deleted in work."""
        oldest_s = (now - FORGOTTEN_AFTER).timestamp()
        gone = 0
        for file in self.folder.glob("*"):
            with suppress(OSError):
                if file.stat().st_mtime < oldest_s:
                    file.unlink()
                    gone += 1
        return gone


def was_paid(answer: Answer) -> bool:
    """Whether it cost something outside."""
    usage = answer.extraction.usage
    return bool(usage.cost_microdollars or usage.input_tokens or usage.output_tokens)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync(folder: Path) -> None:
    """Its names too, or a power cut takes a file that was written whole."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _translated(error: OSError) -> StorageFull | StorageUnavailable:
    if error.errno in {28, 122}:  # no space, over the disk quota
        return StorageFull("The disk is full. Nothing was kept.")
    return StorageUnavailable("The disk does not answer. It is tried again.")


def _loaded(raw: dict[str, Any]) -> Answer:
    prompt, read = raw["prompt"], raw["extraction"]
    kind = prompt["kind"]
    return Answer(
        ResolvedPrompt(
            prompt["text"], PromptSource(prompt["source"]), DocumentKind(kind) if kind else None
        ),
        Extraction(
            kind=DocumentKind(read["kind"]),
            confidence=read["confidence"],
            fields=tuple(_field(one) for one in read["fields"]),
            engine=read["engine"],
            model=read["model"],
            missing=tuple(read["missing"]),
            is_complete=read["is_complete"],
            usage=Usage(**read["usage"]),
            unread=tuple(PageRange(**pages) for pages in read["unread"]),
        ),
        was_asked=False,
    )


def _field(raw: dict[str, Any]) -> Field:
    box: dict[str, float] | None = raw.pop("box")
    return Field(**raw, box=Box(**box) if box else None)
