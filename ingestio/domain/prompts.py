"""What a document is asked: the three strategies, and the text that is used in the end.

Answers which prompt a document gets and where it came from (Spec 6.4), and each type's default
prompt. Leaves reading field names out of a free prompt to the engines.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ingestio.domain.documents import FIELDS, DocumentKind

MAX_PROMPT_CHARS = 10_000
UNSURE_BELOW = 0.4
"""A classification below this falls to `other` and says so (Spec 6.4)."""


class PromptStrategy(StrEnum):
    """How a batch says what to extract (Spec 1)."""

    GLOBAL = "global"
    PER_DOCUMENT = "per_document"
    AUTO = "auto"


class PromptSource(StrEnum):
    """Where a resolved prompt came from."""

    BATCH = "batch"
    DOCUMENT = "document"
    DETECTED = "detected"


@dataclass(frozen=True, slots=True)
class ResolvedPrompt:
    """The text used, and its source. `kind` only where it was detected."""

    text: str
    source: PromptSource
    kind: DocumentKind | None = None


def default_prompt(kind: DocumentKind) -> str:
    """The prompt of a type: its default fields by name (Spec 7.3)."""
    names = ", ".join(name.replace("_", " ") for name in FIELDS[kind])
    return f"Extract {names}."


def given_prompt(
    strategy: PromptStrategy, batch_prompt: str | None, document_prompt: str | None
) -> ResolvedPrompt | None:
    """The prompt that the user gave, or None where the type has to be detected."""
    match strategy:
        case PromptStrategy.GLOBAL:
            return ResolvedPrompt(batch_prompt or "", PromptSource.BATCH)
        case PromptStrategy.PER_DOCUMENT:
            return ResolvedPrompt(document_prompt or "", PromptSource.DOCUMENT)
        case PromptStrategy.AUTO:
            return None


def detected_prompt(kind: DocumentKind, confidence: float) -> ResolvedPrompt:
    """The default prompt of a detected type; `other` where the detection is unsure."""
    sure = kind if confidence >= UNSURE_BELOW else DocumentKind.OTHER
    return ResolvedPrompt(default_prompt(sure), PromptSource.DETECTED, sure)


def shown_prompt(
    strategy: PromptStrategy, batch_prompt: str | None, document_prompt: str | None
) -> ResolvedPrompt | None:
    """The prompt that is shown for a document; None while its type has not been detected."""
    given = given_prompt(strategy, batch_prompt, document_prompt)
    if given or not document_prompt:
        return given
    return ResolvedPrompt(document_prompt, PromptSource.DETECTED)
