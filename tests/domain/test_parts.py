"""Several answers about one document as one (`reliability`: partial is not success)."""

from __future__ import annotations

import pytest

from ingestio.domain.documents import DocumentKind
from ingestio.domain.parts import merged, repaired
from ingestio.domain.results import Extraction, Field, PageRange, Usage

REST = (PageRange(61, 90),)


def answer(*fields: Field, **more) -> Extraction:
    more = {"missing": (), "usage": Usage(10, 2, 3), **more}
    return Extraction(DocumentKind.INVOICE, 0.9, fields, "stub", **more)


def field(name: str, value: str, confidence: float = 0.9, *, is_verified: bool = True) -> Field:
    return Field(name, value, confidence, is_verified=is_verified)


@pytest.mark.parametrize(
    ("pages", "halves"),
    [
        (PageRange(1, 1), (PageRange(1, 1),)),
        (PageRange(1, 2), (PageRange(1, 1), PageRange(2, 2))),
        (PageRange(61, 65), (PageRange(61, 63), PageRange(64, 65))),
    ],
)
def test_pages_are_halved_as_far_as_they_can_be(pages, halves):
    assert pages.halves == halves


def test_a_later_part_fills_in_what_is_missing_and_costs_are_added():
    one = answer(field("total", "1.00"), missing=("vendor", "iban"), unread=REST)
    two = answer(field("vendor", "Acme"), missing=("total", "iban"))
    both = merged([one, two])
    assert [(f.name, f.value) for f in both.fields] == [("total", "1.00"), ("vendor", "Acme")]
    assert (both.missing, both.unread, both.is_complete) == (("iban",), (), True)
    assert both.usage == Usage(20, 4, 6)


@pytest.mark.parametrize(
    ("first", "second", "value"),
    [
        (field("total", "1"), field("total", "2", 0.99), "1"),
        (field("total", "1", 0.5), field("total", "2"), "2"),
        (field("total", "1", is_verified=False), field("total", "2"), "2"),
        (field("total", "1", 0.5), field("total", "2", 0.7), "1"),
    ],
)
def test_a_later_part_replaces_only_what_had_to_be_checked(first, second, value):
    assert merged([answer(first), answer(second)]).fields[0].value == value


def test_one_part_that_is_cut_makes_the_whole_incomplete():
    assert not merged([answer(), answer(is_complete=False), answer()]).is_complete


def test_the_first_part_that_could_be_read_says_the_type():
    unknown = Extraction(DocumentKind.OTHER, 0.0, (), "stub")
    receipt = Extraction(DocumentKind.RECEIPT, 0.4, (), "stub")
    invoice = Extraction(DocumentKind.INVOICE, 0.9, (), "stub")
    assert merged([unknown, receipt, invoice]).kind is DocumentKind.RECEIPT


def test_what_was_asked_again_counts_and_what_only_the_cut_answer_has_stays():
    cut = answer(field("total", "1"), field("iban", "DE1"), is_complete=False, unread=REST)
    again = [
        answer(field("total", "9")),
        answer(field("vendor", "Acme"), unread=(PageRange(7, 9),)),
    ]
    whole = repaired(cut, again)
    assert {f.name: f.value for f in whole.fields} == {
        "total": "9",
        "vendor": "Acme",
        "iban": "DE1",
    }
    assert whole.is_complete
    assert whole.unread == (PageRange(7, 9), *REST)
    assert whole.usage == Usage(30, 6, 9)
    assert not repaired(cut, [again[0], answer(is_complete=False)]).is_complete
