"""What is asked where a type has to be detected, and what is saved of it (Spec 6.4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlmodel import select

from ingestio.db.engine import SYSTEM
from ingestio.db.tables import Document, ExtractionJob
from ingestio.domain.documents import DocumentKind
from ingestio.domain.prompts import PromptSource, default_prompt
from ingestio.domain.results import Classification
from ingestio.errors import AIUnavailable, Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingestio.ports import SourceDocument
    from tests.wiring import House

OTHER = default_prompt(DocumentKind.OTHER)


def fails(error: Exception) -> Callable[[SourceDocument], Classification]:
    def classify(_document: SourceDocument) -> Classification:
        raise error

    return classify


def unsure(_document: SourceDocument) -> Classification:
    return Classification(DocumentKind.INVOICE, 0.39)


@pytest.mark.parametrize("classify", [fails(Unreadable("No.")), fails(KeyError("bug")), unsure])
def test_a_detection_that_fails_or_is_unsure_asks_for_other_and_says_so(house: House, classify):
    ada = house.user()
    house.engine.classify = classify
    batch_id = house.submit(ada)
    house.work_off()

    (row,) = house.detail(ada, batch_id).documents
    assert (row.status.value, row.kind) == ("completed", DocumentKind.OTHER)
    assert (row.prompt, row.prompt_source) == (OTHER, PromptSource.DETECTED)
    assert house.engine.asked[0][1:] == (OTHER, DocumentKind.OTHER)
    with house.database.read(SYSTEM) as session:
        job = session.exec(select(ExtractionJob)).one()
        saved = session.exec(select(Document)).one()
        assert (job.prompt, job.prompt_source) == (OTHER, PromptSource.DETECTED)
        assert (saved.extraction_prompt, saved.kind) == (OTHER, DocumentKind.OTHER)


def test_a_provider_that_is_away_as_the_type_is_asked_is_no_failed_detection(house: House):
    ada = house.user()
    classify = house.engine.classify
    house.engine.classify = fails(AIUnavailable("500"))
    batch_id = house.submit(ada)
    house.work_off()
    assert house.statuses(ada, batch_id) == ["uploaded"]

    house.engine.classify = classify
    house.clock.pass_s(60)
    house.work_off()
    (row,) = house.detail(ada, batch_id).documents
    assert (row.status.value, row.kind) == ("completed", DocumentKind.INVOICE)


def test_a_document_that_is_read_anew_is_detected_anew(house: House):
    ada = house.user()
    house.engine.failures = [Unreadable("No.")]
    batch_id = house.submit(ada)
    house.work_off()
    house.engine.kind = DocumentKind.RECEIPT
    assert house.batches.retry_failed(ada, batch_id) == 1
    house.work_off()
    (row,) = house.detail(ada, batch_id).documents
    assert (row.kind, row.prompt) == (DocumentKind.RECEIPT, default_prompt(DocumentKind.RECEIPT))
