"""Step 3's words: what a draft will use, and what becomes of what does not fit."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

from ingestio.domain.drafts import BatchDraft, StagedFile, StagedStatus
from ingestio.domain.prompts import PromptStrategy
from ingestio.domain.usage import PageBalance, WhenPagesRunOut, quote
from ingestio.web.upload import quoting

START, END = datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)
WAIT, FAIL = WhenPagesRunOut.WAIT, WhenPagesRunOut.FAIL


def balance(left: int) -> PageBalance:
    return PageBalance(START, END, 1_000, 1_000 - left, 0)


def draft(*pages: int) -> BatchDraft:
    files = tuple(
        StagedFile(uuid4(), f"{n}.pdf", 1_048_576, 1_048_576, StagedStatus.COMPLETE, pages=n)
        for n in pages
    )
    return BatchDraft(uuid4(), None, PromptStrategy.AUTO, None, WAIT, files, START)


def test_the_lines_add_up_where_all_fits() -> None:
    lines = quoting.quote_lines(quote([3, 4], 142), balance(142), WAIT)

    assert [(line["label"], line["value"]) for line in lines] == [
        ("This batch uses", "7 pages"),
        ("Left on your plan now", "142 pages"),
        ("Left after that", "135 pages"),
    ]
    assert quoting.shortage(quote([3, 4], 142), balance(142), WAIT) == quoting.Shortage()


def test_what_does_not_fit_waits_and_is_told_what_helps() -> None:
    found = quote([100, 38, 41, 14], 142)

    labels = [line["label"] for line in quoting.quote_lines(found, balance(142), WAIT)]
    title, text = quoting.shortage(found, balance(142), WAIT)

    assert labels[2:] == ["Starts now, 2 documents", "Left after that", "Waits, 2 documents"]
    assert title == "2 documents will wait for 55 pages."
    assert text == (
        "They go on by themselves after an upgrade, a grant of pages, or on 1 December."
    )


def test_what_does_not_fit_fails_where_that_was_chosen() -> None:
    found = quote([10], 1)

    title, text = quoting.shortage(found, balance(1), FAIL)

    assert quoting.quote_lines(found, balance(1), FAIL)[-1]["label"] == "Fails, 1 document"
    assert title == "1 document will fail for want of 10 pages."
    assert text.startswith("Nothing is charged for it. Retry it")


def test_the_bar_shares_the_batch_between_now_and_later() -> None:
    assert quoting.shares(quote([75, 25], 80), WAIT) == (75.0, "75 start now", "25 wait")
    assert quoting.shares(quote([], 80), WAIT).starts == 100.0


def test_an_estimate_is_a_range_or_none() -> None:
    held, found = draft(3), quote([3], 10)

    measured = quoting.facts(held, found, (12.0, 40.0))[-1]
    unknown = quoting.facts(held, found, None)[-1]

    assert (measured["value"], unknown["value"]) == ("12 to 40 s", "No estimate yet")
    assert measured["note"].startswith("for the 3 pages that can start now")


def test_a_later_small_file_still_fits_behind_a_big_one() -> None:
    rows = quoting.review_files(draft(3, 9, 2), 6)

    assert [row["about"].startswith("Waits for pages") for row in rows] == [False, True, False]


def test_a_file_that_fails_says_so() -> None:
    held = replace(draft(9), when_pages_run_out=FAIL)

    assert quoting.review_files(held, 0)[0]["about"] == "No pages left · 9 pages · 1.0 MB"
