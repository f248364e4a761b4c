"""Every error code has its words: what happened, and what to do."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ingestio import errors
from ingestio.domain import drafts
from ingestio.domain.wording import WORDING, advice, short


def codes() -> set[str]:
    family = [errors.IngestioError]
    for kind in family:
        family.extend(kind.__subclasses__())
    of_drafts = re.findall(r'Problem\(\s*[^,]+,\s*"(\w+)"', Path(drafts.__file__).read_text())
    return {kind.code for kind in family} | set(of_drafts)


def test_every_code_has_wording():
    assert codes() - set(WORDING) == set()


@pytest.mark.parametrize("code", sorted(WORDING))
def test_wording_is_two_plain_sentences(code: str):
    for sentence in (short(code), advice(code)):
        assert sentence[0].isupper()
        assert sentence.endswith(".")
        assert not re.search(r"\b(please|oops|successfully)\b|!", sentence, re.IGNORECASE)


def test_an_unknown_code_is_ours_to_explain():
    assert short("no_such_code") == WORDING["internal"][0]
