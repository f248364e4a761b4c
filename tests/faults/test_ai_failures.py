"""A model's server that fails in every way it can (rows 13-16): the real client over real HTTP.

The processor, its gate and its breaker are the product's own; only the server is scripted, and
where nothing has to pass in real time, the clock.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from ingestio.adapters.helper_processes import HelperPool
from ingestio.adapters.openai_engine import OpenAIEngine
from ingestio.adapters.system_clock import SystemClock
from ingestio.domain.prompts import PromptStrategy
from ingestio.services.notifications import Notifications
from tests.fakes import MemoryFiles, SetClock
from tests.scripted_model import SAMPLES, Say, ScriptedModel, fields, long_pdf
from tests.wiring import House, build

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from pathlib import Path
    from uuid import UUID

    from ingestio.db.engine import Database
    from ingestio.domain.accounts import Actor

PROMPT = {"strategy": PromptStrategy.GLOBAL, "prompt": "the total"}
GOOD = fields(("total", "1.00", None, None))
CUT = fields(("total", "1.00", None, None), ("vendor", "Acme", None, None)).content[:-60]
NO_CREDIT = Say(status=429, error={"code": "insufficient_quota", "message": "Check your plan."})


class Files(MemoryFiles):
    """Every key is one document."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.path = path

    @contextmanager
    def as_file(self, key: str) -> Generator[Path]:
        del key
        yield self.path


@pytest.fixture
def model() -> Iterator[ScriptedModel]:
    made = ScriptedModel()
    made.say(GOOD)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def helpers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HelperPool]:
    pool = HelperPool(1, tmp_path_factory.mktemp("helpers"))
    yield pool
    pool.stop()


@pytest.fixture
def settle(
    database: Database, tmp_path: Path, model: ScriptedModel, helpers: HelperPool
) -> Callable[..., House]:
    """A house whose engine asks the scripted server."""

    def made(path: Path = SAMPLES / "invoice-en.pdf", clock=None) -> House:
        engine = OpenAIEngine("sk-test", model.url, "scripted", helpers, timeout_s=0.7)
        return build(database, tmp_path, clock=clock, engine=engine, files=Files(path))

    return made


def work_through(house: House, ada: Actor, batch_id: UUID, *, size: int = 1, step_s: float = 5):
    """Sweep by sweep, the clock set, until all documents have ended."""
    processor = house.processor(size=size)
    for _ in range(2_000):
        processor.run_once()
        assert processor.drain(10)
        if set(house.statuses(ada, batch_id)) <= {"completed", "failed"}:
            return
        house.clock.pass_s(step_s)
    raise AssertionError(house.statuses(ada, batch_id))


def ended(house: House, ada: Actor, batch_id: UUID) -> tuple[str, str | None, int, list[str]]:
    """Of a batch's one document: status, code, pages charged, fields kept."""
    (row,) = house.detail(ada, batch_id).documents
    (result,) = house.batches.results(ada, batch_id)
    charged = house.usage.balance(ada).used_pages
    return row.status.value, row.error_code, charged, [field.name for field in result.fields]


@pytest.mark.long
def test_a_time_to_come_back_is_heeded_for_every_document(
    settle: Callable[..., House], model: ScriptedModel, figure: Callable[..., None]
):
    house = settle(clock=SystemClock())
    now = datetime.now(UTC)
    house.billing.period = (now - timedelta(days=1), now + timedelta(days=1))
    ada = house.user()
    busy = Say(status=429, headers={"retry-after": "7"})
    model.script = [GOOD, GOOD, busy]
    batch_id = house.submit(ada, [1] * 6, **PROMPT)
    processor = house.processor(size=2)
    give_up_at = time.monotonic() + 60
    while set(house.statuses(ada, batch_id)) != {"completed"}:
        assert time.monotonic() < give_up_at
        processor.run_once()
        time.sleep(0.05)
    processor.stop()

    (refused,) = (one for one in model.heard if one.said == busy)
    next_s = min(one.came_at_s for one in model.heard if one.came_at_s > refused.answered_at_s)
    gap_s = next_s - refused.answered_at_s
    figure("13", "429 with Retry-After 7", smallest_gap_s=round(gap_s, 2), asked=len(model.heard))
    assert gap_s >= 7
    assert len(model.heard) == 7
    assert house.usage.balance(ada).used_pages == 6


@pytest.mark.long
def test_without_credit_it_is_tried_ever_more_rarely_and_nothing_is_lost(
    settle: Callable[..., House], model: ScriptedModel, figure: Callable[..., None]
):
    house = settle(clock=SetClock())
    root, ada = house.user("root@example.org", is_admin=True), house.user()
    model.say(NO_CREDIT)
    batch_id = house.submit(ada, [1] * 20, **PROMPT)
    processor = house.processor(size=4)
    minutes = []
    for _ in range(60):
        before = len(model.heard)
        for _ in range(6):
            processor.run_once()
            assert processor.drain(10)
            house.clock.pass_s(10)
        minutes.append(len(model.heard) - before)

    bell = Notifications(house.database, house.feed, house.clock, None, "http://localhost")
    told = bell.unread(root)
    figure(
        "14",
        "an hour without credit",
        asked=len(model.heard),
        probes_a_minute_at_most=max(minutes[1:]),
        administrators_told=len(told),
    )
    assert set(house.statuses(ada, batch_id)) == {"uploaded"}
    assert minutes[0] <= 4
    assert max(minutes[1:]) == 1
    assert sum(minutes[1:]) <= 9
    assert [one.title for one in told] == ["The AI provider's credit is used up."]

    model.say(GOOD)
    work_through(house, ada, batch_id, size=4)
    assert set(house.statuses(ada, batch_id)) == {"completed"}
    assert house.usage.balance(ada).used_pages == 20


@pytest.mark.parametrize(
    "say", [Say(status=500), Say(status=503), Say(waits_s=1.0), Say(resets=True)]
)
def test_what_may_pass_is_tried_five_times(
    settle: Callable[..., House], model: ScriptedModel, figure: Callable[..., None], say: Say
):
    house = settle(clock=SetClock())
    ada = house.user()
    model.say(say)
    batch_id = house.submit(ada, **PROMPT)
    work_through(house, ada, batch_id, step_s=200)

    figure("15", f"{say.status} {say.waits_s} s {say.resets}", attempts=len(model.heard), billed=0)
    assert ended(house, ada, batch_id) == ("failed", "ai_unavailable", 0, [])
    assert len(model.heard) == 5


@pytest.mark.long
def test_a_provider_that_is_away_is_left_alone_and_no_document_fails(
    settle: Callable[..., House], model: ScriptedModel, figure: Callable[..., None]
):
    house = settle(clock=SetClock())
    ada = house.user()
    model.say(Say(status=500))
    batch_id = house.submit(ada, [1] * 40, **PROMPT)
    processor = house.processor(size=4)
    for _ in range(120):
        processor.run_once()
        assert processor.drain(10)
        house.clock.pass_s(5)
    asked = len(model.heard)
    figure("15", "ten minutes away, 40 documents", asked=asked, failed=0)
    assert asked <= 8 + 10
    assert set(house.statuses(ada, batch_id)) == {"uploaded"}
    assert house.providers.status().reason == "ai_unavailable"

    model.say(GOOD)
    work_through(house, ada, batch_id, size=4)
    assert set(house.statuses(ada, batch_id)) == {"completed"}
    assert house.providers.status() is None


@pytest.mark.parametrize(
    ("say", "expected"),
    [
        (Say("Sure! Here is your data"), (2, "incomplete", [])),
        (Say(CUT), (2, "incomplete", ["total"])),
        (Say(CUT, finish="length"), (2, "incomplete", ["total"])),
        (Say(""), (2, "incomplete", [])),
        (Say(None, refusal="No."), (1, "declined", [])),
        (Say(status=400), (1, "declined", [])),
        (Say(status=413), (1, "declined", [])),
        (fields(), (1, "nothing_found", [])),
    ],
)
def test_what_is_no_whole_answer_is_repaired_once_and_never_charged(
    settle: Callable[..., House],
    model: ScriptedModel,
    figure: Callable[..., None],
    say: Say,
    expected: tuple[int, str, list[str]],
):
    asked, code, kept = expected
    house = settle(clock=SetClock())
    ada = house.user()
    model.say(say)
    batch_id = house.submit(ada, **PROMPT)
    work_through(house, ada, batch_id)

    figure("16", f"{code} {say.finish} {say.status}", asked=len(model.heard), billed=0, kept=kept)
    assert ended(house, ada, batch_id) == ("failed", code, 0, kept)
    assert len(model.heard) == asked
    assert house.providers.status() is None


@pytest.mark.parametrize("first", [Say("Sure!"), Say(CUT, finish="length"), Say("")])
def test_a_repair_that_comes_whole_is_a_success(
    settle: Callable[..., House], model: ScriptedModel, first: Say
):
    house = settle(clock=SetClock())
    ada = house.user()
    model.script = [first]
    batch_id = house.submit(ada, **PROMPT)
    work_through(house, ada, batch_id)

    assert ended(house, ada, batch_id) == ("completed", None, 1, ["total"])
    assert len(model.heard) == 2
    assert "cut off" in model.task()


def test_a_failure_between_answer_and_repair_pays_for_no_answer_twice(
    settle: Callable[..., House], model: ScriptedModel, tmp_path: Path
):
    house = settle(clock=SetClock())
    ada = house.user()
    model.script = [Say(CUT, finish="length"), Say(resets=True)]
    batch_id = house.submit(ada, **PROMPT)
    work_through(house, ada, batch_id)

    assert ended(house, ada, batch_id) == ("completed", None, 1, ["total"])
    assert ["cut off" in model.task(n) for n in range(3)] == [False, True, True]
    assert [file for file in (tmp_path / "answers").rglob("*") if file.is_file()] == []


def test_a_long_document_is_asked_about_in_parts_each_paid_once(
    settle: Callable[..., House],
    model: ScriptedModel,
    tmp_path: Path,
    figure: Callable[..., None],
):
    house = settle(long_pdf(tmp_path / "long.pdf", 130), SetClock())
    ada = house.user()
    parts = [
        fields(("total", "1.00", None, None)),
        Say(resets=True),
        fields(("vendor", "Acme", "page number 70", 70)),
        fields(("signed_on", "2026-01-01", "page number 130", 130)),
    ]
    model.script = parts
    batch_id = house.submit(ada, [130], **PROMPT)
    work_through(house, ada, batch_id)

    shown = [(model.pages(n)[0], model.pages(n)[-1]) for n in range(len(model.heard))]
    figure("16", "130 pages, cut off after the first part", asked=len(shown), parts=3)
    assert shown == [
        ("[page 1]", "[page 60]"),
        ("[page 61]", "[page 120]"),
        ("[page 61]", "[page 120]"),
        ("[page 121]", "[page 130]"),
    ]
    names = ["total", "vendor", "signed_on"]
    assert ended(house, ada, batch_id) == ("completed", None, 130, names)


def test_a_cut_answer_about_many_pages_is_asked_again_in_halves(
    settle: Callable[..., House], model: ScriptedModel, tmp_path: Path
):
    house = settle(long_pdf(tmp_path / "long.pdf", 9), SetClock())
    ada = house.user()
    model.script = [Say(CUT, finish="length"), GOOD, fields(("iban", "DE1", None, None))]
    batch_id = house.submit(ada, [9], **PROMPT)
    work_through(house, ada, batch_id)

    assert [model.pages(n)[0] for n in range(3)] == ["[page 1]", "[page 1]", "[page 6]"]
    assert ended(house, ada, batch_id) == ("completed", None, 9, ["total", "iban"])


def test_a_half_that_comes_cut_again_is_incomplete_with_what_was_got(
    settle: Callable[..., House], model: ScriptedModel, tmp_path: Path
):
    house = settle(long_pdf(tmp_path / "long.pdf", 9), SetClock())
    ada = house.user()
    model.script = [Say("Sure!"), GOOD, Say("Sure!")]
    batch_id = house.submit(ada, [9], **PROMPT)
    work_through(house, ada, batch_id)

    assert ended(house, ada, batch_id) == ("failed", "incomplete", 0, ["total"])
    assert len(model.heard) == 3
