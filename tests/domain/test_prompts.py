"""Which prompt a document gets, and where it came from (Spec 6.4)."""

from __future__ import annotations

import pytest

from ingestio.domain.documents import FIELDS, DocumentKind
from ingestio.domain.prompts import (
    UNSURE_BELOW,
    PromptSource,
    PromptStrategy,
    ResolvedPrompt,
    default_prompt,
    detected_prompt,
    given_prompt,
    shown_prompt,
)


@pytest.mark.parametrize(
    ("strategy", "expected"),
    [
        (PromptStrategy.GLOBAL, ResolvedPrompt("all", PromptSource.BATCH)),
        (PromptStrategy.PER_DOCUMENT, ResolvedPrompt("own", PromptSource.DOCUMENT)),
        (PromptStrategy.AUTO, None),
    ],
)
def test_the_strategy_says_whose_prompt_it_is(strategy, expected):
    assert given_prompt(strategy, "all", "own") == expected


@pytest.mark.parametrize("kind", list(DocumentKind))
def test_a_types_default_prompt_names_all_its_fields(kind: DocumentKind):
    for name in FIELDS[kind]:
        assert name.replace("_", " ") in default_prompt(kind)


def test_an_unsure_detection_falls_to_other():
    assert detected_prompt(DocumentKind.INVOICE, UNSURE_BELOW).kind is DocumentKind.INVOICE
    assert detected_prompt(DocumentKind.INVOICE, UNSURE_BELOW - 0.01).kind is DocumentKind.OTHER


def test_a_detected_prompt_is_shown_once_there_is_one():
    assert shown_prompt(PromptStrategy.AUTO, None, None) is None
    shown = shown_prompt(PromptStrategy.AUTO, None, "Extract x.")
    assert shown == ResolvedPrompt("Extract x.", PromptSource.DETECTED)
