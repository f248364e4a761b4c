"""What may come in by name, size, first bytes and place; what keeps a draft from submission."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestio.domain.documents import MediaType
from ingestio.domain.drafts import (
    BatchDraft,
    DraftChange,
    StagedFile,
    StagedStatus,
    change_problems,
    display_name,
    judge_name,
    judge_size,
    problems,
    slug,
)
from ingestio.domain.plans import PLANS, Entitlement, PlanName, SubscriptionStatus
from ingestio.domain.prompts import PromptStrategy
from ingestio.domain.transfers import Occupied, judge_head, judge_place, sniff
from ingestio.domain.usage import WhenPagesRunOut
from ingestio.errors import EmptyFile, InvalidDraft, RateLimited, TooLarge, UnsupportedType

AT = datetime(2026, 3, 10, tzinfo=UTC)
PLUS = Entitlement(PLANS[PlanName.PLUS], SubscriptionStatus.ACTIVE, AT, AT)


def _file(status: StagedStatus = StagedStatus.COMPLETE, prompt: str | None = None) -> StagedFile:
    return StagedFile(uuid4(), "a.pdf", 10, 10, status, MediaType.PDF, 2, prompt)


def _draft(*files: StagedFile, strategy=PromptStrategy.AUTO, prompt=None, name=None) -> BatchDraft:
    return BatchDraft(UUID(int=1), name, strategy, prompt, WhenPagesRunOut.WAIT, files, AT)


def _codes(draft: BatchDraft) -> list[tuple[str, str]]:
    return [(p.field, p.code) for p in problems(draft, PLUS)]


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("a.pdf", MediaType.PDF),
        ("A.PDF", MediaType.PDF),
        ("a.b.jpg", MediaType.JPEG),
        ("a.jpeg", MediaType.JPEG),
        ("a.PnG", MediaType.PNG),
    ],
)
def test_the_extension_says_the_type(name, media_type) -> None:
    assert judge_name(name) is media_type


@pytest.mark.parametrize("name", ["a.docx", "pdf", "", "a.pdf.exe", "a.tiff", "a.pdf ", ".pdf"])
def test_other_extensions_are_refused_with_what_to_do(name) -> None:
    with pytest.raises(UnsupportedType, match="Save it as PDF, JPG or PNG"):
        judge_name(name)


def test_the_largest_size_passes_and_one_byte_more_does_not() -> None:
    judge_size(52_428_800)

    with pytest.raises(TooLarge, match="limit of 50 MB"):
        judge_size(52_428_801)
    with pytest.raises(EmptyFile):
        judge_size(0)


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (b"%PDF-1.4", MediaType.PDF),
        (b"x" * 1_000 + b"%PDF-1.4", MediaType.PDF),
        (b"x" * 1_020 + b"%PDF-1.4", None),
        (b"\xff\xd8\xff\xe0 %PDF-", MediaType.JPEG),
        (b"\x89PNG\r\n\x1a\n", MediaType.PNG),
        (b"GIF89a", None),
        (b"", None),
    ],
)
def test_first_bytes_show_the_type(head, found) -> None:
    assert sniff(head) is found


def test_first_bytes_must_be_what_the_name_claims() -> None:
    judge_head(b"%PDF-1.7", MediaType.PDF)

    with pytest.raises(UnsupportedType, match=r"This is a PDF named \.png\. Name it \.pdf"):
        judge_head(b"%PDF-1.7", MediaType.PNG)
    with pytest.raises(UnsupportedType, match="this is not a JPG picture"):
        judge_head(b"GIF89a", MediaType.JPEG)


def test_a_full_batch_is_said_before_everything_else() -> None:
    judge_place(Occupied(24, 24, 0), PLANS[PlanName.PLUS], 10)

    with pytest.raises(InvalidDraft, match="25 files"):
        judge_place(Occupied(25, 999, 10**15), PLANS[PlanName.PLUS], 10)
    with pytest.raises(RateLimited):
        judge_place(Occupied(0, 120, 0), PLANS[PlanName.PLUS], 10)
    with pytest.raises(InvalidDraft, match="hold as much"):
        judge_place(Occupied(0, 0, 200 * 52_428_800), PLANS[PlanName.PLUS], 1)


def test_a_draft_without_a_problem_may_go() -> None:
    assert _codes(_draft(_file())) == []
    assert _codes(_draft(_file(), strategy=PromptStrategy.GLOBAL, prompt="total")) == []
    per_document = PromptStrategy.PER_DOCUMENT
    assert _codes(_draft(_file(prompt="total"), strategy=per_document)) == []


def test_refused_files_neither_stop_a_draft_nor_make_one() -> None:
    refused = _file(StagedStatus.ERROR)

    assert _codes(_draft(_file(), refused)) == []
    assert _codes(_draft(refused)) == [("files", "no_files")]
    assert _draft(_file(), refused).pages == 2


def test_every_problem_is_named_at_once() -> None:
    files = [_file(prompt=" "), _file(prompt="x" * 10_001), _file(prompt="fine")]
    draft = _draft(*files, strategy=PromptStrategy.PER_DOCUMENT, name="n" * 121)

    assert _codes(draft) == [
        (f"prompts.{files[0].id}", "prompt_missing"),
        (f"prompts.{files[1].id}", "prompt_too_long"),
        ("name", "too_long"),
    ]
    assert _codes(_draft(strategy=PromptStrategy.GLOBAL, prompt="  ")) == [
        ("files", "no_files"),
        ("prompt", "prompt_missing"),
    ]


@pytest.mark.parametrize("status", [StagedStatus.RECEIVING, StagedStatus.INSPECTING])
def test_what_is_in_transfer_is_waited_for(status) -> None:
    assert _codes(_draft(_file(), _file(status))) == [("files", "in_transfer")]


def test_more_files_than_the_plan_allows_are_a_problem() -> None:
    assert _codes(_draft(*(_file() for _ in range(26)))) == [("files", "too_many_files")]


def test_a_change_may_be_blank_but_not_too_long() -> None:
    assert change_problems(DraftChange(prompt="", name="", prompts={uuid4(): ""})) == ()
    assert change_problems(DraftChange(prompt="x" * 10_000, name="n" * 120)) == ()
    assert len(change_problems(DraftChange(prompt="x" * 10_001, name="n" * 121))) == 2


@given(st.text(max_size=400))
def test_any_name_is_safe_to_show_and_to_store(name: str) -> None:
    shown, stored = display_name(name), slug(name)

    assert 1 <= len(shown) <= 200
    assert not any(unicodedata.category(c) in {"Cc", "Cf", "Zl", "Zp"} for c in shown)
    assert "/" not in shown
    assert "\\" not in shown
    assert 1 <= len(stored) <= 80
    assert set(stored) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
    assert not stored.startswith(".")


@pytest.mark.parametrize(
    ("name", "shown", "stored"),
    [
        ("../../etc/passwd", "passwd", "passwd"),
        ("C:\\temp\\Rechnung.PDF", "Rechnung.PDF", "Rechnung.PDF"),
        ("Größe & Maß.pdf", "Größe & Maß.pdf", "Groe-Ma.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "aSet-Cookie: x.pdf", "aSet-Cookie-x.pdf"),
        ("\u202egpj.pdf", "gpj.pdf", "gpj.pdf"),
        ("...", "...", "file"),
        ("", "unnamed", "unnamed"),
    ],
)
def test_names_that_were_made_to_hurt(name, shown, stored) -> None:
    assert display_name(name) == shown
    assert slug(name) == stored
