"""The wizard's words: what its states show of a draft."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from ingestio.domain.documents import DocumentKind, MediaType
from ingestio.domain.drafts import (
    BatchDraft,
    StagedFile,
    StagedStatus,
    judge_name,
    judge_size,
)
from ingestio.domain.plans import PLANS, Entitlement, PlanName, SubscriptionStatus
from ingestio.domain.prompts import PromptStrategy, default_prompt
from ingestio.domain.transfers import judge_head, sniff
from ingestio.domain.usage import WhenPagesRunOut
from ingestio.errors import DocumentRejected, InvalidDraft, Problem, RateLimited
from ingestio.web.upload import views

NOW = datetime(2026, 11, 25, 10, 5, tzinfo=UTC)
GROWTH = Entitlement(PLANS[PlanName.GROWTH], SubscriptionStatus.ACTIVE, NOW, NOW)


def staged(name: str = "a.pdf", **facts: Any) -> StagedFile:
    usual: dict[str, Any] = {
        "id": uuid4(),
        "size_bytes": 2_000_000,
        "received_bytes": 2_000_000,
        "status": StagedStatus.COMPLETE,
        "media_type": MediaType.PDF,
        "pages": 3,
    }
    return StagedFile(filename=name, **(usual | facts))


def draft(*files: StagedFile, **facts: Any) -> BatchDraft:
    usual: dict[str, Any] = {
        "name": None,
        "strategy": PromptStrategy.AUTO,
        "prompt": None,
        "when_pages_run_out": WhenPagesRunOut.WAIT,
    }
    return BatchDraft(id=uuid4(), files=files, updated_at=NOW, **(usual | facts))


def refused(judge: Any, *case: object) -> str:
    with pytest.raises(DocumentRejected) as refusal:
        judge(*case)
    return refusal.value.message


def test_a_staged_file_is_shown_with_its_pages_once_counted() -> None:
    (row,) = views.file_rows(draft(staged(pages=1)))

    assert (row["pages"], row["size"], row["status"]) == ("1 page", "1.9 MB", "complete")


def test_a_refused_file_is_shown_with_its_sentence_and_without_pages() -> None:
    bad = staged(status=StagedStatus.ERROR, error_code="unreadable", error_message="Damaged.")

    (row,) = views.file_rows(draft(bad))

    assert (row["pages"], row["message"], row["code"]) == ("", "Damaged.", "unreadable")


def test_only_valid_files_ask_for_a_prompt() -> None:
    rows = views.prompt_rows(draft(staged("a.pdf"), staged(status=StagedStatus.ERROR)))

    assert [(row["name"], row["is_last"]) for row in rows] == [("a.pdf", True)]


def test_the_browser_refuses_a_type_in_the_servers_words() -> None:
    words = views.uploader_words(PLANS[PlanName.PLUS])

    assert words["unsupported"].replace("{extension}", "DOCX") == refused(judge_name, "a.docx")
    assert words["untyped"] == refused(judge_name, "notes")


def test_the_browser_refuses_a_size_in_the_servers_words() -> None:
    words = views.uploader_words(PLANS[PlanName.PLUS])
    too_large = words["too_large"].replace("{megabytes}", "212.6")

    assert too_large == refused(judge_size, round(212.6 * 1_048_576))
    assert words["empty"] == refused(judge_size, 0)


def test_the_browser_refuses_what_is_inside_in_the_servers_words() -> None:
    inside = views.uploader_words(PLANS[PlanName.PLUS])["inside"]

    assert inside[".pdf"]["png"] == refused(judge_head, b"\x89PNG\r\n\x1a\n", MediaType.PDF)
    assert inside[".jpeg"]["other"] == refused(judge_head, b"GIF89a", MediaType.JPEG)
    assert inside[".jpg"]["jpeg"] == inside[".pdf"]["pdf"] == ""


def test_every_type_has_an_example_of_its_first_bytes() -> None:
    assert {sniff(head) for head in views.HEADS.values()} == {*MediaType, None}


def test_a_full_batch_is_refused_with_the_plans_own_number() -> None:
    assert "25 files" in views.uploader_words(PLANS[PlanName.PLUS])["full"]


def test_the_limits_are_the_plans() -> None:
    limits = views.uploader_limits(PLANS[PlanName.PLUS])

    assert limits["max_files"] == 25
    assert limits["lines"] == [
        "Max files per batch: 25",
        "Allowed types: PDF, JPG, PNG",
        "Max file size: 50MB",
    ]
    assert "100 files" in limits["more"]


BLOCKED = [
    ("no draft", views.FILES, None, 0, "Add a file to go on"),
    ("only the browser knows of it", views.FILES, draft(staged()), 4, "4 files still in transfer"),
    (
        "none is valid",
        views.FILES,
        draft(staged(status=StagedStatus.ERROR)),
        0,
        "Add at least one file that can be read.",
    ),
    (
        "one is inspected",
        views.FILES,
        draft(staged(), staged(status=StagedStatus.INSPECTING)),
        0,
        "1 file is still in transfer.",
    ),
    ("a prompt is no matter of step 1", views.FILES, draft(staged(), strategy="global"), 0, ""),
    (
        "blank prompt",
        views.PROMPTS,
        draft(staged(), strategy="global", prompt="  "),
        0,
        "Enter a prompt for all documents.",
    ),
    (
        "one lacks its prompt",
        views.PROMPTS,
        draft(staged(prompt="total"), staged("scan.png"), strategy="per_document"),
        0,
        "scan.png needs a prompt.",
    ),
    (
        "many lack their prompt",
        views.PROMPTS,
        draft(staged(), staged(), strategy="per_document"),
        0,
        "2 files need a prompt",
    ),
    ("detected", views.PROMPTS, draft(staged()), 0, ""),
    ("all is there", views.REVIEW, draft(staged(), strategy="global", prompt="total"), 0, ""),
    (
        "step 3 asks for everything",
        views.REVIEW,
        draft(staged(), strategy="global"),
        0,
        "Enter a prompt for all documents.",
    ),
]


@pytest.mark.parametrize(
    ("step", "held", "transfers", "why"), [c[1:] for c in BLOCKED], ids=[c[0] for c in BLOCKED]
)
def test_it_says_why_it_does_not_go_on(
    step: str, held: BatchDraft | None, transfers: int, why: str
) -> None:
    assert views.blocked(step, _typed(held), GROWTH, transfers) == why


def _typed(held: BatchDraft | None) -> BatchDraft | None:
    """Cases name a strategy by its word."""
    if held is None:
        return None
    strategy = PromptStrategy(held.strategy)
    return draft(*held.files, strategy=strategy, prompt=held.prompt)


@pytest.mark.parametrize("step", [views.PROMPTS, views.REVIEW, views.FILES, "elsewhere"])
def test_an_address_leads_no_further_than_the_draft_carries_it(step: str) -> None:
    assert views.furthest(step, None) == views.FILES
    assert views.furthest(step, draft(staged(status=StagedStatus.ERROR))) == views.FILES


def test_an_address_of_a_step_is_kept() -> None:
    assert views.furthest(views.REVIEW, draft(staged())) == views.REVIEW
    assert views.furthest("elsewhere", draft(staged())) == views.FILES


def test_the_last_prompts_come_once_each_and_not_blank() -> None:
    assert views.last_prompts(["total", None, " total ", "", "IBAN"]) == ["total", "IBAN"]


def test_a_starting_point_replaces_another_and_is_added_to_what_was_typed() -> None:
    invoice = default_prompt(DocumentKind.INVOICE)

    assert views.started("", invoice, []) == invoice
    assert views.started(default_prompt(DocumentKind.RECEIPT), invoice, []) == invoice
    assert views.started("Mind the stamp.", invoice, []) == f"Mind the stamp.\n{invoice}"
    assert views.started("Mind the stamp.", "", []) == "Mind the stamp."


def test_a_starting_point_is_a_type_or_one_of_the_last() -> None:
    assert views.starting_text("payslip", []) == default_prompt(DocumentKind.PAYSLIP)
    assert views.starting_text("last:1", ["a", "b"]) == "b"
    assert views.starting_text("last:9", ["a"]) == views.starting_text("nonsense", []) == ""


def test_one_prompt_is_used_for_all_below_and_none_above() -> None:
    texts = {"1": "a", "2": "total", "3": "", "4": "b", "5": "total"}

    assert views.filled_below(texts, "2") == {"3": "total", "4": "total"}
    assert views.filled_below(texts, "gone") == {}


def test_the_prompt_above_is_the_nearest_that_is_not_blank() -> None:
    texts = {"1": "a", "2": " ", "3": ""}

    assert views.above(texts, "3") == "a"
    assert views.above(texts, "1") == ""


def test_a_draft_says_what_is_still_there_of_it() -> None:
    held = draft(staged(pages=3), staged(pages=4), staged(status=StagedStatus.ERROR))

    assert views.came_back_words(held) == "2 files ready, 7 pages, last changed 25 Nov, 10:05 UTC."


def test_every_problem_of_a_refused_submission_is_said() -> None:
    both = InvalidDraft([Problem("files", "no_files", "No file."), Problem("name", "x", "Long.")])

    assert views.refusal_words(both) == ["No file.", "Long."]
    assert views.refusal_words(RateLimited("Wait until 11:40.", 60)) == ["Wait until 11:40."]
