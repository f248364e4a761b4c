"""SIGTERM under load: nothing new is claimed, what is in work ends or goes back (row 26)."""

from __future__ import annotations

import signal
import time
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
COUNTED = """SELECT count(*) FROM documents
    WHERE status = 'uploaded' AND (attempt > 0 OR crashes > 0)"""
ENDS_WITHIN_S = 30


def to_the_group(server: Served) -> float:
    """As a terminal and a service manager do: everybody is told, the readers too."""
    return server.stop()


def to_the_server(server: Served) -> float:
    """As a container does."""
    assert server.process
    began_s = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(ENDS_WITHIN_S + 5)
    return time.monotonic() - began_s


def assert_nothing_left(server: Served) -> None:
    assert records.in_work(server) == 0, "leases left"
    assert records.held(server) == 0
    assert records.one(server, COUNTED) == 0, "the attempt does not count"
    assert server.left_over() == []


@pytest.mark.parametrize("sigterm", [to_the_server, to_the_group])
def test_sigterm_under_load_ends_what_is_in_work(
    serve: Callable[..., Served], figure: Callable[..., None], sigterm: Callable[[Served], float]
):
    server = serve()
    script = Script.of(server, "demo@ingestio.test")
    documents = 60
    code, batch = script.submit(hundred_files()[:documents])
    assert code == 201, batch
    assert eventually(lambda: records.completed(server) >= 3 and bool(records.in_work(server)), 60)

    took_s = sigterm(server)

    done = records.completed(server)
    figure(
        "26",
        f"SIGTERM {sigterm.__name__}",
        took_s=round(took_s, 2),
        leases_left=records.in_work(server),
        completed_before=done,
    )
    assert took_s < ENDS_WITHIN_S
    assert 3 <= done < documents
    assert_nothing_left(server)
    server.start()
    ended = script.wait(batch["id"], 120)
    assert (ended["status"], ended["completed_count"]) == ("completed", documents)
    assert script.usage()["used_pages"] == sum(d["pages"] for d in script.documents(batch["id"]))


@pytest.mark.proof
def test_sigterm_puts_back_what_does_not_end_in_time(
    serve: Callable[..., Served], figure: Callable[..., None], model: ScriptedModel
):
    good = fields(("total", "1.00", None, None))
    model.say(Say(good.content, waits_s=100))
    server = serve(OPENAI_BASE_URL=model.url, OPENAI_API_KEY="sk-test")
    script = Script.of(server, "demo@ingestio.test")
    code, batch = script.submit(hundred_files()[:10], "global", prompt="the total")
    assert code == 201, batch
    assert eventually(lambda: records.in_work(server) == 4, 30)

    took_s = to_the_server(server)

    figure(
        "26",
        "SIGTERM while the AI takes its time",
        took_s=round(took_s, 1),
        leases_left=records.in_work(server),
    )
    assert took_s < ENDS_WITHIN_S
    assert_nothing_left(server)
    model.say(good)
    server.start()
    assert script.wait(batch["id"], 60)["completed_count"] == 10
