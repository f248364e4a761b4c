"""What the dashboard asks of a person: the counts are of everything, not of what fits."""

from __future__ import annotations

from uuid import UUID

from ingestio.domain.batches import Counts
from ingestio.web import routes
from ingestio.web.dashboard.views import Need, attention
from tests.web.rows import a_batch

NOTHING = Need([], {}, [], (0, 0), None, 0, 0)


def test_nothing_to_do_is_nothing() -> None:
    assert (attention(NOTHING), NOTHING.things) == ([], 0)


def test_what_waits_says_for_how_many_pages() -> None:
    batch = a_batch(counts=Counts(total=4, waiting=2))
    need = NOTHING._replace(waiting=[batch], pages_waiting={batch.id: 52}, batches_waiting=1)
    (line,) = attention(need)

    assert line["text"].startswith("2 documents wait for 52 pages.")
    assert line["href"] == routes.BILLING


def test_more_than_fits_is_counted_and_leads_to_the_list() -> None:
    failed = a_batch(counts=Counts(total=2, failed=2))
    need = NOTHING._replace(failed=[failed] * 5, batches_failed=61, batches_waiting=1)
    lines = attention(need)

    assert need.things == 62
    assert lines[-1]["title"] == "57 more batches failed or wait"
    assert lines[-1]["href"] == routes.BATCHES


def test_values_to_check_lead_to_the_first_of_them_or_to_the_queue() -> None:
    need = NOTHING._replace(to_check=(120, 2_000), next_id=UUID(int=3))
    (line,) = attention(need)
    (elsewhere,) = attention(need._replace(next_id=None))

    assert line["title"] == "2,000 values to check in 120 documents"
    assert line["href"] == routes.review(UUID(int=3))
    assert elsewhere["href"] == routes.REVIEW_QUEUE
