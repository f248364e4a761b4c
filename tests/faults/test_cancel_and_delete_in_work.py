"""Cancel and delete while the AI is being asked, on a served product: nothing is left (row 21)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.e2e.scripted import Script
from tests.e2e.test_kills import hundred_files
from tests.faults import records
from tests.faults.living import eventually
from tests.scripted_model import Say, fields

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.e2e.served import Served
    from tests.scripted_model import ScriptedModel

pytestmark = [pytest.mark.browser, pytest.mark.long, pytest.mark.timeout(300)]
AI_TAKES_S = 1.0
SIZE = 4


def submit_and_wait_for_work(server: Served, script: Script, name: str) -> dict[str, Any]:
    """A batch of six whose first documents are being asked about."""
    content = [(f"{name}-{file}", data + name.encode()) for file, data in hundred_files()[:6]]
    code, batch = script.submit(content, "global", prompt="the total", name=name)
    assert code == 201, batch
    assert eventually(lambda: records.in_work(server) == SIZE, 30)
    time.sleep(AI_TAKES_S / 4)
    return batch


def in_work_of(script: Script, batch: dict[str, Any]) -> list[str]:
    return [d["id"] for d in script.documents(batch["id"]) if d["status"] == "processing"]


def test_what_was_cancelled_or_deleted_in_work_leaves_nothing(
    serve: Callable[..., Served], figure: Callable[..., None], model: ScriptedModel
):
    good = fields(("total", "1.00", None, None))
    model.say(Say(good.content, waits_s=AI_TAKES_S))
    server = serve(OPENAI_BASE_URL=model.url, OPENAI_API_KEY="sk-test")
    script = Script.of(server, "demo@ingestio.test")
    presses = 0

    deleted = submit_and_wait_for_work(server, script, "deleted")
    assert script.call("DELETE", f"/api/v1/batches/{deleted['id']}")[0] in {200, 204}
    presses += SIZE
    assert eventually(lambda: records.in_work(server) == 0, 10)

    cancelled = submit_and_wait_for_work(server, script, "cancelled")
    assert script.call("POST", f"/api/v1/batches/{cancelled['id']}/cancel")[0] in {200, 204}
    presses += SIZE

    single = submit_and_wait_for_work(server, script, "single")
    ids = in_work_of(script, single)
    assert len(ids) == SIZE
    for at, document_id in enumerate(ids):
        path = f"/api/v1/documents/{document_id}"
        call = ("DELETE", path) if at % 2 else ("POST", f"{path}/cancel")
        assert script.call(*call)[0] in {200, 204}
        presses += 1

    ended = script.wait(single["id"], 60)
    time.sleep(2 * AI_TAKES_S)  # whoever is still reading comes back, and is too late
    kept = [d for one in (cancelled, single) for d in script.documents(one["id"])]
    usage = script.usage()
    stored, answers = records.files(server, "files"), records.files(server, "answers")
    spool = records.files(server, "spool")
    fenced = server.log.count("fenced")
    figure(
        "21",
        "cancelled or deleted while the AI was asked",
        documents=presses,
        fenced=fenced,
        pages_held=usage["reserved_pages"],
        files_left=len(stored) - len(kept),
        answers_left=len(answers),
        spool_left=len(spool),
    )
    assert {d["status"] for d in script.documents(cancelled["id"])} == {"cancelled"}
    counts = (ended["completed_count"], ended["cancelled_count"], ended["document_count"])
    assert counts == (2, 2, 4)
    done = [d["pages"] for d in kept if d["status"] == "completed"]
    assert (usage["used_pages"], usage["reserved_pages"]) == (sum(done), 0)
    assert fenced == presses
    assert (len(stored), answers, spool) == (len(kept), [], [])
    assert script.call("GET", f"/api/v1/batches/{deleted['id']}")[0] == 404
