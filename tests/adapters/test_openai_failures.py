"""What the engine that asks a model makes of failures: the real client over real HTTP."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import TYPE_CHECKING

import pikepdf
import pytest

from ingestio.adapters.openai_errors import LONGEST_WAIT_S
from ingestio.adapters.openai_prices import cost_microdollars
from ingestio.domain.documents import DocumentKind, MediaType
from ingestio.domain.results import PageRange, Part
from ingestio.errors import (
    AIBusy,
    AIKeyRefused,
    AIModelUnknown,
    AIOutOfCredit,
    AIUnavailable,
    Declined,
    IngestioError,
)
from ingestio.ports import SourceDocument
from tests.scripted_model import Say, ScriptedModel, fields, long_pdf, sample

if TYPE_CHECKING:
    from pathlib import Path

    from ingestio.adapters.openai_engine import OpenAIEngine

INVOICE = "invoice-en.pdf"


@pytest.mark.parametrize(
    ("say", "error", "wait_s"),
    [
        (Say(status=429, headers={"retry-after": "17"}), AIBusy, 17.0),
        (Say(status=429), AIBusy, None),
        (Say(status=429, error={"code": "insufficient_quota"}), AIOutOfCredit, None),
        (Say(status=429, error={"message": "Monthly spending_limit reached"}), AIOutOfCredit, None),
        (Say(status=402), AIOutOfCredit, None),
        (Say(status=401), AIKeyRefused, None),
        (Say(status=403), AIKeyRefused, None),
        (Say(status=404), AIModelUnknown, None),
        (Say(status=500), AIUnavailable, None),
        (Say(status=503, headers={"retry-after": "4.5"}), AIUnavailable, 4.5),
        (Say(status=529), AIUnavailable, None),
        (Say(waits_s=1.5), AIUnavailable, None),
        (Say(resets=True), AIUnavailable, None),
        (Say(body="<html>Welcome</html>"), AIUnavailable, None),
        (Say(body="<html>", headers={"content-type": "text/html"}), AIUnavailable, None),
        (Say(status=400), Declined, None),
        (Say(status=413), Declined, None),
        (Say(status=422), Declined, None),
        (Say(content=None, refusal="I can't help with that."), Declined, None),
        (Say(content="", finish="content_filter"), Declined, None),
    ],
)
def test_each_failure_is_told_apart_and_asked_once(
    engine: OpenAIEngine, model: ScriptedModel, say: Say, error: type, wait_s: float | None
) -> None:
    model.say(say)

    with pytest.raises(IngestioError) as told:
        engine.extract(sample(INVOICE), None, DocumentKind.INVOICE)

    assert type(told.value) is error
    assert getattr(told.value, "retry_after_s", None) == wait_s
    assert len(model.heard) == 1


def test_a_date_to_come_back_at_is_understood(engine: OpenAIEngine, model: ScriptedModel) -> None:
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    model.say(Say(status=429, headers={"retry-after": at}))

    with pytest.raises(AIBusy) as told:
        engine.classify(sample(INVOICE))

    assert 85 < (told.value.retry_after_s or 0) <= 90


@pytest.mark.parametrize(
    ("said", "wait_s"),
    [
        ("inf", None),
        ("-inf", None),
        ("nan", None),
        ("1e999", None),
        ("1e12", LONGEST_WAIT_S),
        ("-5", 0.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", LONGEST_WAIT_S),
        ("Fri, 31 Dec 9999 23:59:59 -2359", LONGEST_WAIT_S),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("tomorrow", None),
    ],
)
def test_a_time_to_come_back_is_at_most_an_hour_and_nonsense_is_none(
    engine: OpenAIEngine, model: ScriptedModel, said: str, wait_s: float | None
) -> None:
    model.say(Say(status=429, headers={"retry-after": said}))

    with pytest.raises(AIBusy) as told:
        engine.classify(sample(INVOICE))

    assert told.value.retry_after_s == wait_s


def test_a_server_that_is_gone_is_away(engine: OpenAIEngine, model: ScriptedModel) -> None:
    model.stop()

    with pytest.raises(AIUnavailable):
        engine.classify(sample(INVOICE))


WHOLE = fields(("total", "1.00", None, None), ("invoice_number", "INV-100", "INV-100", 1))
NO_CHOICE = json.dumps(
    {"id": "x", "object": "chat.completion", "created": 0, "model": "m", "choices": []}
)
CUT = WHOLE.content[: WHOLE.content.rindex('"invoice_number"')]


@pytest.mark.parametrize(
    ("say", "kept"),
    [
        (Say(CUT, finish="length"), ["total"]),
        (Say(CUT), ["total"]),
        (replace(WHOLE, finish="length"), ["total", "invoice_number"]),
        (Say("Sure! Here is your data"), []),
        (Say(""), []),
        (Say(None), []),
        (Say(json.dumps({"kind": "poem"})), []),
        (Say(body=NO_CHOICE), []),
    ],
)
def test_a_cut_malformed_or_empty_answer_is_incomplete_and_keeps_what_is_whole(
    engine: OpenAIEngine, model: ScriptedModel, say: Say, kept: list[str]
) -> None:
    model.say(say)

    found = engine.extract(sample(INVOICE), None, DocumentKind.INVOICE)

    assert not found.is_complete
    assert [field.name for field in found.fields] == kept
    assert len(model.heard) == 1


def test_what_an_answer_has_cost_is_counted_though_it_was_of_no_use(
    engine: OpenAIEngine, model: ScriptedModel
) -> None:
    model.say(Say("Sure!"))

    assert engine.classify(sample(INVOICE)).usage.input_tokens == 900
    assert engine.extract(sample(INVOICE), "total", None).usage.output_tokens == 70


@pytest.mark.parametrize("content", ["Sure!", "", None, '{"kind": "poem", "confidence": 1}'])
def test_a_type_that_can_t_be_understood_is_other_and_unsure(
    engine: OpenAIEngine, model: ScriptedModel, content: str | None
) -> None:
    model.say(Say(content))

    found = engine.classify(sample(INVOICE))

    assert (found.kind, found.confidence) == (DocumentKind.OTHER, 0.0)


def test_finding_nothing_is_an_answer(engine: OpenAIEngine, model: ScriptedModel) -> None:
    model.say(fields())

    found = engine.extract(sample(INVOICE), "The colour of the sky", None)

    assert (found.fields, found.is_complete) == ((), True)


@pytest.mark.parametrize(("shown", "is_complete"), [(2, True), (3, False), (None, True)])
def test_fewer_rows_than_the_page_shows_are_incomplete(
    engine: OpenAIEngine, model: ScriptedModel, shown: int | None, *, is_complete: bool
) -> None:
    rows = [
        {"name": "amount", "value": v, "quote": v, "page": 1, "confidence": 0.9, "row": n}
        for n, v in ((1, "10.00"), (2, "20.00"))
    ]
    said = {"kind": "invoice", "kind_confidence": 1, "rows_shown": shown, "fields": rows}
    model.say(Say(json.dumps(said)))

    found = engine.extract(sample(INVOICE), "All rows with their amounts", None)

    assert found.is_complete is is_complete
    assert [field.name for field in found.fields] == ["amount_1", "amount_2"]


def test_more_values_than_are_taken_are_incomplete(
    engine: OpenAIEngine, model: ScriptedModel
) -> None:
    model.say(fields(*((f"row {n}", "x", None, None) for n in range(101))))

    found = engine.extract(sample(INVOICE), "Everything", None)

    assert (len(found.fields), found.is_complete) == (100, False)


def test_pages_that_do_not_fit_are_left_and_said(
    engine: OpenAIEngine, model: ScriptedModel, tmp_path: Path
) -> None:
    path = long_pdf(tmp_path / "long.pdf", 130)
    document = SourceDocument(path, MediaType.PDF, 130, "1" * 64)
    model.say(fields(("total", "1.00", None, None)))

    first = engine.extract(document, None, DocumentKind.INVOICE)
    part = replace(document, part=Part(first.unread[0]))
    second = engine.extract(part, None, DocumentKind.INVOICE)

    assert model.pages(0)[-1] == "[page 60]"
    assert first.unread == (PageRange(61, 130),)
    assert (model.pages(1)[0], model.pages(1)[-1]) == ("[page 61]", "[page 120]")
    assert second.unread == (PageRange(121, 130),)


def test_pictures_that_do_not_fit_are_left_and_said(
    engine: OpenAIEngine, model: ScriptedModel, tmp_path: Path
) -> None:
    pdf = pikepdf.new()
    for _ in range(20):
        pdf.add_blank_page(page_size=(60, 80))
    pdf.save(tmp_path / "scan.pdf")
    model.say(fields(("total", "1.00", None, None)))
    document = SourceDocument(tmp_path / "scan.pdf", MediaType.PDF, 20, "2" * 64)

    found = engine.extract(document, "total", None)

    assert len([p for p in model.parts() if p["type"] == "image_url"]) == 12
    assert found.unread == (PageRange(13, 20),)


def test_a_repair_is_asked_differently(engine: OpenAIEngine, model: ScriptedModel) -> None:
    document = replace(sample(INVOICE), part=Part(PageRange(1, 1), is_repair=True))
    model.say(fields(("total", "1.00", None, None)))

    engine.extract(document, "total", None)

    assert "cut off" in model.task()


@pytest.mark.parametrize(
    ("model", "tokens", "cost"),
    [
        ("gpt-4.1-mini", (1_000_000, 0), 400_000),
        ("gpt-4.1-mini-2025-04-14", (900, 70), 472),
        ("gpt-4.1", (0, 1), 8),
        ("gpt-4.1-nano", (1, 0), 1),
        ("gpt-4.1-mini-of-somebody", (900, 70), 0),
        ("scripted-1", (900, 70), 0),
    ],
)
def test_a_cost_is_known_where_the_price_is(model: str, tokens: tuple[int, int], cost: int) -> None:
    assert cost_microdollars(model, *tokens) == cost
