"""What the list says of a batch."""

from __future__ import annotations

from ingestio.domain.batches import BatchQuery, BatchStatus, Counts
from ingestio.web.batches import views
from ingestio.web.tallies import shares
from tests.web.rows import a_batch


def test_the_bar_adds_up_to_what_has_begun() -> None:
    bar = shares(Counts(total=12, completed=5, failed=1, cancelled=1, waiting=2, in_work=2))

    assert bar["ended"] == 58.33
    assert bar["words"] == (
        "5 completed, 1 failed, 1 cancelled, 2 in work, 2 waiting for quota of 12 documents"
    )


def test_an_empty_batch_has_an_empty_bar() -> None:
    assert shares(Counts(total=0))["ended"] == 0


def test_a_row_counts_what_ended_whichever_way() -> None:
    counts = Counts(total=12, completed=5, failed=1, cancelled=1, waiting=2, in_work=2)
    row = views.batch_view(a_batch(counts=counts))

    assert row["progress"] == "7 / 12"
    assert row["beside"] == "1 failed · 2 waiting · 1 cancelled"
    assert (row["may_cancel"], row["may_retry"], row["bar_class"]) == (True, True, "")


def test_what_is_over_goes_quiet_and_can_not_be_cancelled() -> None:
    row = views.batch_view(a_batch(counts=Counts(total=2, completed=2)))

    assert (row["bar_class"], row["may_cancel"], row["may_retry"]) == ("still", False, False)


def test_a_batch_without_a_name_shows_its_short_id() -> None:
    row = views.batch_view(a_batch(name=None))

    assert (row["title"], row["is_named"]) == ("9c41e07a", False)


def test_tabs_count_every_status_but_drafts_and_keep_the_search() -> None:
    tallies = {BatchStatus.COMPLETED: 3, BatchStatus.FAILED: 1}
    tabs = views.tabs(BatchQuery(status=BatchStatus.FAILED, q="march", page=4), tallies)

    assert tabs[0]["label"] == "All"
    assert "Draft" not in {tab["label"] for tab in tabs}
    assert tabs[0]["count"] == "4"
    assert [tab["label"] for tab in tabs if tab["is_current"]] == ["Failed"]
    assert all(tab["href"].endswith("q=march") for tab in tabs)


def test_the_pager_says_from_where_to_where() -> None:
    assert views.told(BatchQuery(page=3), 43) == "41 to 43 of 43"
    assert (views.pages_of(43, 20), views.pages_of(0, 20)) == (3, 1)


def test_an_empty_list_says_by_what_it_was_filtered() -> None:
    query = BatchQuery(status=BatchStatus.FAILED, q="march")

    assert views.criteria(query) == "Status “Failed”, name contains “march”."
