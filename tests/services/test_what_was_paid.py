"""What was paid for a document stands in its attempts once, however the document ends."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import select

from ingestio.db.engine import SYSTEM
from ingestio.db.tables import ExtractionJob, table_of
from ingestio.domain.results import Extraction, PageRange, Usage
from ingestio.errors import AIUnavailable, Declined
from tests.fakes import StubEngine

if TYPE_CHECKING:
    from tests.wiring import House

PAID = Usage(900, 70, 472)


class InParts(StubEngine):
    """Reads the first page, and leaves the second for another question."""

    name = "paid"

    def __init__(self) -> None:
        super().__init__()
        self.later: list[Exception] = []

    def extract(self, document, *asked) -> Extraction:
        found = replace(super().extract(document, *asked), usage=PAID)
        if document.part:
            return found
        self.failures, self.later = self.later, []
        return replace(found, unread=(PageRange(2, 2),))


def paid(house: House) -> InParts:
    engine = InParts()
    house.extraction = replace(house.extraction, classifier=engine, extractor=engine)
    return engine


def attempts(house: House) -> list[tuple[str, str | None, Usage]]:
    jobs = table_of(ExtractionJob)
    query = select(jobs).order_by(jobs.c.ended_at, jobs.c.attempt)
    with house.database.read(SYSTEM) as session:
        rows = list(session.connection().execute(query))
    return [
        (row.status, row.engine, Usage(row.input_tokens, row.output_tokens, row.cost_microdollars))
        for row in rows
    ]


def test_a_document_given_up_in_its_midst_has_cost_what_was_answered(house: House):
    engine = paid(house)
    engine.later = [Declined("No.")]
    house.submit(house.user(), [2])
    house.work_off()
    assert attempts(house) == [("failed", "paid", PAID)]


def test_a_document_that_is_put_back_counts_it_with_its_end_and_once(house: House):
    engine = paid(house)
    engine.later = [AIUnavailable("500")]
    house.submit(house.user(), [2])
    house.work_off()
    house.clock.pass_s(600)
    house.work_off()
    assert attempts(house) == [("failed", None, Usage()), ("completed", "paid", PAID + PAID)]


def test_what_nobody_answered_has_cost_nothing(house: House):
    engine = paid(house)
    engine.failures = [Declined("No.")]
    house.submit(house.user(), [2])
    house.work_off()
    assert attempts(house) == [("failed", None, Usage())]
