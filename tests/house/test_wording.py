"""Every error code that can stand on a document or an answer has its words."""

from __future__ import annotations

from ingestio import errors
from ingestio.domain.wording import WORDING


def _family(kind: type[errors.IngestioError]) -> set[type[errors.IngestioError]]:
    return {kind}.union(*(_family(child) for child in kind.__subclasses__()))


def test_every_error_code_has_wording() -> None:
    codes = {kind.code for kind in _family(errors.IngestioError)}

    assert codes - WORDING.keys() == set()


def test_wording_is_a_sentence_and_what_to_do() -> None:
    for code, (sentence, advice) in WORDING.items():
        assert sentence.strip(), code
        assert sentence[-1] in ".!?", code
        assert advice.strip(), code
