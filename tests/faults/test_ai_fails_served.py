"""A provider of AI that fails in every way, through the whole product (rows 13-16).

A served product, its API, and a scripted server in the provider's place; `test_ai_failures` has the
longer waits with a set clock.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.scripted import Script
from tests.e2e.test_kills import hundred_files
from tests.faults import records
from tests.scripted_model import Say, fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.served import Served
    from tests.scripted_model import ScriptedModel

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(300)]
GOOD = fields(("total", "1.00", None, None))
CUT = Say(fields(("total", "1.00", None, None), ("vendor", "Acme", None, None)).content[:-60])
NO_CREDIT = Say(status=429, error={"code": "insufficient_quota", "message": "Check your plan."})
AWAY = 8.0


@pytest.fixture
def script(serve: Callable[..., Served], model: ScriptedModel) -> Script:
    model.say(GOOD)
    server = serve(OPENAI_BASE_URL=model.url, OPENAI_API_KEY="sk-test")
    return Script.of(server, "demo@ingestio.test")


def submit(script: Script, name: str, documents: int) -> dict[str, Any]:
    content = [(f"{name}-{n}", data + name.encode()) for n, data in hundred_files()[:documents]]
    code, batch = script.submit(content, "global", prompt="the total", name=name)
    assert code == 201, batch
    return batch


def test_no_answer_that_is_not_whole_is_a_success_and_none_is_billed(
    script: Script, model: ScriptedModel, figure: Callable[..., None]
):
    wrong = {
        "malformed": (Say("Sure! Here it is."), "incomplete"),
        "cut": (Say(CUT.content, finish="length"), "incomplete"),
        "empty": (Say(""), "incomplete"),
        "refused": (Say(None, refusal="No."), "declined"),
        "too large": (Say(status=413), "declined"),
    }
    for name, (say, code) in wrong.items():
        before = len(model.heard)
        model.say(say)
        batch = script.wait(submit(script, name, 2)["id"], 60)
        codes = {d["error"]["code"] for d in script.documents(batch["id"])}
        figure(
            "16", f"{name}, served", questions_a_document=(len(model.heard) - before) / 2, billed=0
        )
        assert (batch["status"], codes) == ("failed", {code})
    assert script.usage()["used_pages"] == 0
    assert script.usage()["reserved_pages"] == 0

    model.say(GOOD)
    code, _ = script.call("POST", f"/api/v1/batches/{batch['id']}/retry")
    assert code == 200
    assert script.wait(batch["id"], 60)["status"] == "completed"
    assert script.usage()["used_pages"] == batch["total_pages"]


def test_a_time_to_come_back_is_heeded_by_all_readers(
    script: Script, model: ScriptedModel, figure: Callable[..., None]
):
    model.script = [GOOD, Say(status=429, headers={"retry-after": "7"})]
    batch = script.wait(submit(script, "busy", 8)["id"], 90)

    refused = model.heard[1]
    later = [one.came_at_s for one in model.heard if one.came_at_s > refused.answered_at_s + 0.2]
    gap_s = min(later) - refused.answered_at_s
    figure("13", "429 with Retry-After 7, served", smallest_gap_s=round(gap_s, 2))
    assert gap_s >= 7
    assert (batch["status"], batch["completed_count"]) == ("completed", 8)
    assert len(model.heard) == 9
    assert script.usage()["used_pages"] == batch["total_pages"]


@pytest.mark.parametrize(
    ("row", "say"),
    [("14", NO_CREDIT), ("15", Say(status=500)), ("15", Say(resets=True))],
    ids=["out of credit", "500", "reset"],
)
def test_a_provider_that_is_away_is_left_alone_and_nothing_fails_or_is_billed(
    script: Script, model: ScriptedModel, figure: Callable[..., None], row: str, say: Say
):
    model.say(say)
    batch = submit(script, "away", 20)
    time.sleep(AWAY)
    asked = len(model.heard)
    time.sleep(AWAY)
    more = len(model.heard) - asked

    documents = script.documents(batch["id"])
    usage = script.usage()
    figure(
        row,
        f"away, served ({say.status}{', reset' * say.resets})",
        asked_until_the_breaker_opened=asked,
        asked_while_open=more,
        billed=usage["used_pages"],
        failed=sum(d["status"] == "failed" for d in documents),
    )
    assert asked <= 12
    assert more == 0
    assert {d["status"] for d in documents} == {"uploaded"}
    assert (usage["used_pages"], usage["reserved_pages"]) == (0, 0)
    assert records.in_work(script.site) == 0
