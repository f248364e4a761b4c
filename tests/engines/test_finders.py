"""Types and fields over short documents in several languages."""

from __future__ import annotations

import pytest

from ingestio.domain.documents import FIELDS, DocumentKind
from ingestio.engines.local import engine
from ingestio.engines.local.finders.registry import FINDERS
from ingestio.engines.local.kind_words import BIAS, EVIDENCE, TITLES
from ingestio.engines.local.vocabulary import PHRASES
from ingestio.engines.local.words import normal
from tests.engines.made import document
from tests.engines.reading_letters import LETTERS, Letter


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
def test_the_type_is_told(letter: Letter) -> None:
    found = engine.classify(document(letter.text))
    assert found.kind is letter.kind
    assert found.confidence > 0.5


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
def test_the_types_fields_are_found(letter: Letter) -> None:
    found = engine.extract(document(letter.text), None, letter.kind)
    values = {field.name: field.value for field in found.fields}
    assert {name: values.get(name) for name in letter.values} == letter.values


@pytest.mark.parametrize("letter", LETTERS.values(), ids=LETTERS)
def test_every_value_shows_where_it_stands(letter: Letter) -> None:
    read = document(letter.text)
    page = " ".join(segment.text for segment in read.pages[0].segments)
    for field in engine.extract(read, None, letter.kind).fields:
        assert field.page == 1, field
        assert field.quote
        assert all(part.strip() in page for part in field.quote.split("; ")), field
        assert field.box is not None
        assert 0 <= field.box.x0 < field.box.x1 <= 1, field
        assert 0 <= field.box.y0 < field.box.y1 <= 1, field
        assert 0.5 < field.confidence < 1, field


def test_what_is_not_on_the_page_is_missing() -> None:
    letter = LETTERS["invoice_it"]
    found = engine.extract(document(letter.text), None, letter.kind)
    assert {"iban", "due_date"} <= set(found.missing)


@pytest.mark.parametrize("kind", DocumentKind)
def test_every_default_field_of_a_type_has_its_finder(kind: DocumentKind) -> None:
    assert tuple(FINDERS[kind]) == FIELDS[kind] or set(FINDERS[kind]) == set(FIELDS[kind])
    assert kind in TITLES
    assert kind in EVIDENCE
    assert kind in BIAS


def test_known_phrases_are_written_as_pages_are_compared() -> None:
    titles = [phrase for phrases in TITLES.values() for phrase in phrases.split("|")]
    evidence = [phrase for table in EVIDENCE.values() for phrase in table]
    labels = [phrase for phrases in PHRASES.values() for phrase in phrases]
    assert [p for p in titles + evidence + labels if normal(p) != p] == []
