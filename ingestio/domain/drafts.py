"""What the wizard holds before submission, and what is wrong with it.

Answers whether a file may come in by name and size, whether a draft may be submitted (every problem
at once, each with its field: Spec 5.2), and how a file's name is shown and stored. Leaves looking
inside a file to the intake service.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from ingestio.domain.documents import EXTENSIONS, MAX_FILE_BYTES, SLUG_LENGTH, MediaType
from ingestio.domain.prompts import MAX_PROMPT_CHARS, PromptStrategy
from ingestio.errors import EmptyFile, Problem, TooLarge, UnsupportedType

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from ingestio.domain.plans import Entitlement
    from ingestio.domain.usage import WhenPagesRunOut

MAX_NAME_CHARS = 200
MAX_BATCH_NAME_CHARS = 120
_UNSHOWN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories of control, bidi, unassigned and line-breaking characters."""


class StagedStatus(StrEnum):
    """Where a file of a draft stands on the server."""

    RECEIVING = "receiving"
    INSPECTING = "inspecting"
    COMPLETE = "complete"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file received for a draft. `pages` once counted; `error_*` where it was refused.

    `note` is something to know of a valid file (the same content came before), `note_href` where
    that is. `received_bytes` is what has arrived so far.
    """

    id: UUID
    filename: str
    size_bytes: int
    received_bytes: int
    status: StagedStatus
    media_type: MediaType | None = None
    pages: int | None = None
    prompt: str | None = None
    error_code: str | None = None
    error_message: str | None = None
    note: str | None = None
    note_href: str | None = None

    @property
    def is_valid(self) -> bool:
        """Whether it will be part of the batch."""
        return self.status is StagedStatus.COMPLETE

    @property
    def is_in_transfer(self) -> bool:
        """Whether the draft has to wait for it."""
        return self.status in {StagedStatus.RECEIVING, StagedStatus.INSPECTING}


@dataclass(frozen=True, slots=True)
class BatchDraft:
    """A batch in `pending_upload`: all the wizard holds, on the server (Spec 4.1)."""

    id: UUID
    name: str | None
    strategy: PromptStrategy
    prompt: str | None
    when_pages_run_out: WhenPagesRunOut
    files: tuple[StagedFile, ...]
    updated_at: datetime

    @property
    def valid_files(self) -> tuple[StagedFile, ...]:
        """The files that will become documents, in order."""
        return tuple(f for f in self.files if f.is_valid)

    @property
    def is_in_transfer(self) -> bool:
        """Whether any file is still on its way."""
        return any(f.is_in_transfer for f in self.files)

    @property
    def pages(self) -> int:
        """Pages of the valid files."""
        return sum(f.pages or 0 for f in self.valid_files)


@dataclass(frozen=True, slots=True)
class DraftChange:
    """What to change of a draft; None means unchanged, an empty text clears.

    `prompts` are by staged file id.
    """

    strategy: PromptStrategy | None = None
    prompt: str | None = None
    prompts: Mapping[UUID, str] = field(default_factory=dict["UUID", str])
    name: str | None = None
    when_pages_run_out: WhenPagesRunOut | None = None


def change_problems(change: DraftChange) -> tuple[Problem, ...]:
    """What of a change can't even be kept: all of it at once. Blank texts are fine in a draft."""
    texts = [("prompt", change.prompt or "")]
    texts += [(f"prompts.{file_id}", text) for file_id, text in change.prompts.items()]
    found = [_too_long(name) for name, text in texts if len(text) > MAX_PROMPT_CHARS]
    if len(change.name or "") > MAX_BATCH_NAME_CHARS:
        found.append(_name_too_long())
    return tuple(found)


def judge_name(filename: str) -> MediaType:
    """The media type its extension claims.

    Raises:
        UnsupportedType: neither PDF nor JPG nor PNG.
    """
    suffix = PurePosixPath(filename.lower()).suffix
    if suffix in EXTENSIONS:
        return EXTENSIONS[suffix]
    what = f"a {suffix[1:].upper()} file" if suffix[1:].isalnum() else "a file without a type"
    raise UnsupportedType(f"This is {what}. Save it as PDF, JPG or PNG and add that.")


def judge_size(size_bytes: int) -> None:
    """Refuse what is empty or over the cap.

    Raises:
        EmptyFile, TooLarge: with the size in words.
    """
    if size_bytes == 0:
        raise EmptyFile("The file is empty. Choose another file.")
    if size_bytes > MAX_FILE_BYTES:
        raise TooLarge(
            f"{size_bytes / 1_048_576:,.1f} MB is over the limit of 50 MB a file. "
            "Split it, or save it smaller."
        )


def display_name(filename: str) -> str:
    """A name that is safe to show: last path part, NFC, no control or bidi characters, 200 long."""
    text = unicodedata.normalize("NFC", re.split(r"[/\\]", filename)[-1])
    text = "".join(c for c in text if unicodedata.category(c) not in _UNSHOWN)
    text = text.strip() or "unnamed"
    if text.lower() in EXTENSIONS:
        text = f"unnamed{text}"  # nothing else of it can be shown
    if len(text) <= MAX_NAME_CHARS:
        return text
    suffix = PurePosixPath(text).suffix[:12]
    return text[: MAX_NAME_CHARS - len(suffix)] + suffix


def slug(filename: str) -> str:
    """The part of a storage key that people recognise: `[A-Za-z0-9._-]`, 80 at most (Spec 5.3)."""
    ascii_name = unicodedata.normalize("NFKD", display_name(filename)).encode("ascii", "ignore")
    text = re.sub(r"[^A-Za-z0-9._-]+", "-", ascii_name.decode()).strip("-.")
    suffix = PurePosixPath(text).suffix[:8]
    stem = text[: len(text) - len(suffix)] if suffix else text
    return (stem[: SLUG_LENGTH - len(suffix)].rstrip("-.") or "file") + suffix


def storage_key(owner_id: UUID, draft_id: UUID, part_id: UUID, filename: str) -> str:
    """Where a file's bytes lie, from the first one on (Spec 5.3)."""
    return f"batches/{owner_id}/{draft_id}/{part_id}-{slug(filename)}"


def problems(draft: BatchDraft, right: Entitlement) -> tuple[Problem, ...]:
    """All that keeps a draft from being submitted, each with its field."""
    found = [*_file_problems(draft, right), *_prompt_problems(draft)]
    if draft.name and len(draft.name) > MAX_BATCH_NAME_CHARS:
        found.append(_name_too_long())
    return tuple(found)


def _file_problems(draft: BatchDraft, right: Entitlement) -> list[Problem]:
    valid = draft.valid_files
    if draft.is_in_transfer:
        count = sum(f.is_in_transfer for f in draft.files)
        words = "1 file is" if count == 1 else f"{count} files are"
        return [Problem("files", "in_transfer", f"{words} still in transfer.")]
    if not valid:
        return [Problem("files", "no_files", "Add at least one file that can be read.")]
    limit = right.plan.files_per_batch
    if len(valid) > limit:
        return [
            Problem(
                "files",
                "too_many_files",
                f"{len(valid)} files are more than the {limit} of a batch on {right.plan.label}. "
                "Remove some, or upgrade.",
            )
        ]
    return []


def _prompt_problems(draft: BatchDraft) -> list[Problem]:
    match draft.strategy:
        case PromptStrategy.AUTO:
            return []
        case PromptStrategy.GLOBAL:
            return _text_problems("prompt", draft.prompt, "Enter a prompt for all documents.")
        case PromptStrategy.PER_DOCUMENT:
            return [
                problem
                for file in draft.valid_files
                for problem in _text_problems(
                    f"prompts.{file.id}", file.prompt, f"{file.filename} needs a prompt."
                )
            ]


def _text_problems(name: str, text: str | None, if_blank: str) -> list[Problem]:
    if not (text or "").strip():
        return [Problem(name, "prompt_missing", if_blank)]
    if len(text or "") > MAX_PROMPT_CHARS:
        return [_too_long(name)]
    return []


def _too_long(name: str) -> Problem:
    return Problem(
        name, "prompt_too_long", f"A prompt has at most {MAX_PROMPT_CHARS:,} characters."
    )


def _name_too_long() -> Problem:
    return Problem("name", "too_long", f"A name has at most {MAX_BATCH_NAME_CHARS} characters.")
