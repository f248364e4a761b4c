"""What a person sees and says of a result: states, corrections, verdicts, the way on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from ingestio.db.engine import SYSTEM
from ingestio.db.tables import Correction, table_of
from ingestio.domain.documents import DocumentKind, DocumentStatus, ReviewState
from ingestio.domain.results import Extraction as Result
from ingestio.domain.results import Field
from ingestio.errors import Conflict, Invalid, NotFound
from ingestio.services.extraction import Extraction
from ingestio.services.review import FieldState, Review, label
from tests.fakes import StubEngine

if TYPE_CHECKING:
    from pathlib import Path

    from ingestio.domain.accounts import Actor
    from ingestio.domain.documents import MediaType
    from ingestio.ports import SourceDocument
    from tests.wiring import House


class Reader(StubEngine):
    """Finds a sure, an unsure and an unverified value, and misses one."""

    def extract(
        self, document: SourceDocument, prompt: str | None, kind: DocumentKind | None
    ) -> Result:
        found = super().extract(document, prompt, kind)
        fields = (*found.fields, Field("vendor", "Acme", 0.9, 1, None, "Acne", is_verified=False))
        return replace(found, fields=fields, missing=("invoice_number",))


class Painter:
    """PagePictures that says what it was asked for."""

    def jpeg(self, path: Path, media_type: MediaType, page: int, width_px: int) -> bytes:
        return f"{path.name} {media_type} {page} {width_px}".encode()


@pytest.fixture
def review(house: House) -> Review:
    engine = Reader()
    house.extraction = Extraction(house.files, engine, engine, house.extraction.answers)
    return Review(house.database, house.files, Painter(), house.feed, house.clock)


def _documents(house: House, actor: Actor, count: int = 1) -> list:
    batch_id = house.submit(actor, (1,) * count, name="March")
    house.work_off()
    return [row.id for row in house.detail(actor, batch_id).documents]


def _states(review: Review, actor: Actor, document_id) -> dict[str, FieldState]:
    return {field.name: field.state for field in review.open(actor, document_id).fields}


def test_a_sheet_says_what_to_think_of_each_value(house: House, review: Review) -> None:
    ada = house.user()
    (document,) = _documents(house, ada)

    sheet = review.open(ada, document)

    assert (sheet.batch_title, sheet.kind, sheet.engine) == ("March", "invoice", "stub")
    assert _states(review, ada, document) == {
        "total": FieldState.READ,
        "currency": FieldState.UNCERTAIN,
        "vendor": FieldState.FLAGGED,
        "invoice_number": FieldState.EMPTY,
    }
    total = sheet.fields[0]
    assert (total.label, total.value, total.original, total.page) == ("Total", "12.50", None, 1)
    assert total.box


def test_a_correction_keeps_what_was_read_who_and_when(house: House, review: Review) -> None:
    ada = house.user()
    (document,) = _documents(house, ada)

    review.correct(ada, document, "total", " 13.50 ")
    house.clock.pass_s(60)
    review.correct(ada, document, "total", "14.50")

    field = review.open(ada, document).fields[0]
    assert (field.value, field.original, field.state) == ("14.50", "12.50", FieldState.EDITED)
    with house.database.read(SYSTEM) as session:
        kept = session.connection().execute(
            table_of(Correction).select().order_by(table_of(Correction).c.created_at)
        )
        assert [(row.original, row.value, row.by_user_id) for row in kept] == [
            ("12.50", "13.50", ada.user_id),
            ("12.50", "14.50", ada.user_id),
        ]


def test_a_correction_counts_wherever_results_are_read(house: House, review: Review) -> None:
    ada = house.user()
    (document,) = _documents(house, ada)
    batch_id = review.open(ada, document).document.batch_id

    review.correct(ada, document, "total", "14.50")
    review.correct(ada, document, "invoice_number", "R-7")

    fields = {f.name: f.value for f in house.batches.results(ada, batch_id)[0].fields}
    assert fields == {
        "total": "14.50",
        "currency": "EUR",
        "vendor": "Acme",
        "invoice_number": "R-7",
    }
    assert _states(review, ada, document)["invoice_number"] is FieldState.EDITED


def test_saying_the_same_confirms_and_taking_it_back_is_no_edit(
    house: House, review: Review
) -> None:
    ada = house.user()
    (document,) = _documents(house, ada)

    review.correct(ada, document, "currency", "USD")
    review.correct(ada, document, "currency", "EUR")

    field = review.open(ada, document).fields[1]
    assert (field.value, field.original, field.state) == ("EUR", None, FieldState.CONFIRMED)


def test_an_approved_document_is_confirmed_except_where_it_was_changed(
    house: House, review: Review
) -> None:
    ada = house.user()
    (document,) = _documents(house, ada)
    review.correct(ada, document, "total", "1.00")

    review.approve(ada, document)

    assert review.open(ada, document).document.review_state is ReviewState.APPROVED
    assert _states(review, ada, document) == {
        "total": FieldState.EDITED,
        "currency": FieldState.CONFIRMED,
        "vendor": FieldState.CONFIRMED,
        "invoice_number": FieldState.EMPTY,
    }
    review.reject(ada, document)
    assert review.open(ada, document).document.review_state is ReviewState.REJECTED


def test_next_is_the_batchs_next_that_nobody_has_judged(house: House, review: Review) -> None:
    ada = house.user()
    first, second, third = _documents(house, ada, 3)

    assert review.open(ada, first).next_id == second
    review.approve(ada, second)
    assert review.open(ada, first).next_id == third
    assert review.open(ada, third).next_id == first
    review.approve(ada, first)
    assert review.open(ada, third).next_id is None


def test_the_queue_holds_what_is_completed_and_unjudged(house: House, review: Review) -> None:
    ada, bob = house.user(), house.user("bob@example.org")
    first, second = _documents(house, ada, 2)
    _documents(house, bob)
    house.submit(ada)

    review.reject(ada, second)

    assert [row.id for row in review.queue(ada, 10)] == [first]


def test_what_is_to_check_is_counted_over_all_and_only_the_owner_s(
    house: House, review: Review
) -> None:
    ada, bob = house.user(), house.user("bob@example.org")
    judged, *_ = _documents(house, ada, 7)
    _documents(house, bob, 2)
    doubtful = review.queue(ada, 1)[0].values_to_check
    assert doubtful > 0

    review.approve(ada, judged)

    assert review.to_check(ada) == (6, 6 * doubtful)
    assert review.to_check(house.user("eve@example.org")) == (0, 0)


def test_only_what_is_completed_can_be_reviewed(house: House, review: Review) -> None:
    ada = house.user()
    batch_id = house.submit(ada)
    (document,) = house.detail(ada, batch_id).documents
    assert document.status is DocumentStatus.UPLOADED

    assert review.open(ada, document.id).fields == ()
    for act in (
        lambda: review.approve(ada, document.id),
        lambda: review.reject(ada, document.id),
        lambda: review.correct(ada, document.id, "total", "1.00"),
    ):
        with pytest.raises(Conflict):
            act()


def test_a_field_the_document_does_not_have_cannot_be_set(house: House, review: Review) -> None:
    ada = house.user()
    (document,) = _documents(house, ada)

    for name, value in (("password", "x"), ("total", "x" * 4_001)):
        with pytest.raises(Invalid):
            review.correct(ada, document, name, value)
    review.correct(ada, document, "due_date", "2026-04-01")
    assert _states(review, ada, document)["due_date"] is FieldState.EDITED


def test_other_peoples_documents_are_missing(house: House, review: Review) -> None:
    ada, eve = house.user(), house.user("eve@example.org")
    (document,) = _documents(house, ada)

    for act in (
        lambda: review.open(eve, document),
        lambda: review.correct(eve, document, "total", "0.00"),
        lambda: review.approve(eve, document),
        lambda: review.reject(eve, document),
        lambda: review.page_picture(eve, document, 1, 100),
    ):
        with pytest.raises(NotFound):
            act()
    assert review.queue(eve, 10) == []
    assert _states(review, ada, document)["total"] is FieldState.READ


def test_a_page_is_drawn_and_one_beyond_the_last_is_missing(house: House, review: Review) -> None:
    ada = house.user()
    batch_id = house.submit(ada, (2,))
    (document,) = house.detail(ada, batch_id).documents

    assert review.page_picture(ada, document.id, 2, 300).endswith(b"application/pdf 2 300")
    for page in (0, 3):
        with pytest.raises(NotFound):
            review.page_picture(ada, document.id, page, 300)


def test_open_pages_hear_of_a_change(house: House, review: Review) -> None:
    ada = house.user()
    (document,) = _documents(house, ada)
    batch_id = review.open(ada, document).document.batch_id
    before = len(house.feed.published)

    review.correct(ada, document, "total", "1.00")
    review.approve(ada, document)

    assert house.feed.published[before:] == [(ada.user_id, batch_id)] * 2


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("total", "Total"),
        ("vendor_tax_id", "Vendor tax ID"),
        ("iban", "IBAN"),
        ("party_1", "Party 1"),
        ("bol_number", "BOL number"),
    ],
)
def test_a_field_has_a_name_that_people_read(name: str, shown: str) -> None:
    assert label(name) == shown
