"""Two tabs press at once, through the API of a served product: no answer is a fault (row 21)."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

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
RACES = (("cancel", "cancel"), ("cancel", "delete"), ("retry", "retry"), ("retry", "delete"))


def press(script: Script, batch_id: str, act: str, barrier: threading.Barrier) -> int:
    path = f"/api/v1/batches/{batch_id}"
    barrier.wait()
    if act == "delete":
        return script.call("DELETE", path)[0]
    return script.call("POST", f"{path}/{act}")[0]


@pytest.mark.parametrize("times", [2, pytest.param(13, marks=pytest.mark.proof)])
def test_two_tabs_at_once_get_an_answer_each_and_leave_order(
    serve: Callable[..., Served], figure: Callable[..., None], model: ScriptedModel, times: int
):
    good = fields(("total", "1.00", None, None))
    server = serve(OPENAI_BASE_URL=model.url, OPENAI_API_KEY="sk-test")
    script = Script.of(server, "demo@ingestio.test")
    codes: list[int] = []
    with ThreadPoolExecutor(2) as pool:
        for number in range(times * len(RACES)):
            acts = RACES[number % len(RACES)]
            fails = "retry" in acts
            model.say(Say(None, refusal="No.") if fails else Say(good.content, waits_s=0.5))
            content = [(name, data + b"%%%d" % number) for name, data in hundred_files()[:3]]
            code, batch = script.submit(content, "global", prompt="the total")
            assert code == 201, batch
            if fails:
                script.wait(batch["id"], 60)
            else:
                assert eventually(lambda: bool(records.in_work(server)), 30)
            barrier = threading.Barrier(2)
            pressed = [pool.submit(press, script, batch["id"], act, barrier) for act in acts]
            codes += [one.result(60) for one in pressed]
            assert eventually(lambda: not records.in_work(server), 60)

    checked = server.cli("doctor", "--deep")
    faults = [code for code in codes if code not in {200, 204, 404, 409}]
    figure("21", "two tabs at once, served", presses=len(codes), faults=len(faults))
    assert faults == []
    assert records.held(server) == 0
    assert "not for" not in checked.stdout + checked.stderr
