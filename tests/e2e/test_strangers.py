"""Every event handler of the pages, called by strangers through the socket, gives no data.

An event handler is a public call: anybody may name it with any payload. The owner's canary words
must never stand in a stranger's frames, and the owner's rows must stay as they were.
"""

from __future__ import annotations

import hashlib
import inspect
import sqlite3
import urllib.parse
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import reflex as rx

from ingestio.web import app as pages
from tests.e2e.raw_client import RawClient
from tests.e2e.scripted import Script

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.e2e.served import Served

SAMPLE = Path(__file__).parents[1] / "samples" / "invoice-en.pdf"
CANARY = "canary-7f3a9c21"
OWNED = ("extraction_batches", "documents", "fields", "corrections", "usage_entries", "page_grants")
OWNER = "SELECT id FROM users WHERE email = 'demo@ingestio.test'"


def handlers() -> Iterator[tuple[str, list[str]]]:
    """Full name and argument names of every handler of ours."""
    assert pages.FEATURES
    todo = [rx.State]
    while todo:
        state = todo.pop()
        todo += list(state.get_substates())
        if not state.__module__.startswith("ingestio."):
            continue
        for name, handler in state.event_handlers.items():
            if name == "setvar" or name in rx.State.event_handlers:
                continue
            arguments = list(inspect.signature(handler.fn).parameters)[1:]
            yield f"{state.get_full_name()}.{name}", arguments


HANDLERS = sorted(handlers())


@pytest.fixture(scope="module")
def owned(site: Served) -> dict[str, str]:
    """A batch of the demo account's with the canary in its name, its file's name and its prompt."""
    script = Script.of(site, "demo@ingestio.test")
    code, batch = script.submit(
        [(f"{CANARY}.pdf", SAMPLE.read_bytes() + CANARY.encode())],
        "global",
        name=CANARY,
        prompt=f"Extract total, date, {CANARY}",
    )
    assert code == 201, batch
    script.wait(batch["id"], 60)
    return {"batch": batch["id"], "document": script.documents(batch["id"])[0]["id"]}


def cookie_of(site: Served, email: str) -> str:
    """A session cookie by the form that the demo button sends."""
    form = urllib.parse.urlencode(
        {"email": email, "password": "ingestio-demo", "next": "/dashboard"}
    ).encode()
    request = urllib.request.Request(site.url + "/api/sign-in", data=form)  # noqa: S310
    opener = urllib.request.build_opener(_Stay)
    with opener.open(request, timeout=20) as answer:
        return answer.headers["Set-Cookie"].split(";")[0]


class _Stay(urllib.request.HTTPRedirectHandler):
    """Keep the answer that sets the cookie."""

    def http_error_303(self, req, fp, code, msg, headers):  # noqa: ARG002
        return fp


def fingerprint(site: Served) -> str:
    """A hash over the owner's rows."""
    digest = hashlib.sha256()
    with sqlite3.connect(f"file:{site.data_dir}/ingestio.sqlite3?mode=ro", uri=True) as database:
        for table in OWNED:
            mine = f"SELECT * FROM {table} WHERE user_id = ({OWNER}) ORDER BY 1, 2"  # noqa: S608
            for row in database.execute(mine):
                digest.update(repr(row).encode())
    return digest.hexdigest()


def payloads(arguments: list[str], owned: dict[str, str]) -> list[dict[str, object]]:
    """The owner's ids in every argument, and nonsense."""
    values: list[object] = [owned["batch"], owned["document"], "", -1, None, ["x"], {"a": 1}]
    if not arguments:
        return [{}]
    return [dict.fromkeys(arguments, value) for value in values]


def test_there_are_handlers_to_try():
    assert len(HANDLERS) > 20


@pytest.mark.parametrize("who", ["nobody", "a wrong session", "another user"])
def test_no_handler_gives_or_changes_what_is_anothers(
    site: Served, owned: dict[str, str], who: str
):
    cookie = {
        "nobody": "",
        "a wrong session": "ingestio_session=" + "x" * 43,
        "another user": "",
    }[who]
    if who == "another user":
        cookie = cookie_of(site, "plus@ingestio.test")
    before = fingerprint(site)
    frames: list[str] = []

    for path in (f"/dashboard/batches/{owned['batch']}", f"/dashboard/review/{owned['document']}"):
        with RawClient(site.url, cookie, path=path) as stranger:
            for name, arguments in HANDLERS:
                for payload in payloads(arguments, owned):
                    stranger.send(name, payload)
                stranger.listen(0.02, 0.2)
            stranger.listen(1.0)
            frames += stranger.frames

    assert frames
    assert [frame[:300] for frame in frames if CANARY in frame] == []
    assert fingerprint(site) == before


@pytest.mark.parametrize("next_one", ["", "plus@ingestio.test"])
def test_a_tab_forgets_its_user_before_the_next_one_sees_it(
    site: Served, owned: dict[str, str], next_one: str
):
    """The tab keeps its token over a sign-out; what it showed must not reach who comes next."""
    path = f"/dashboard/batches/{owned['batch']}"
    owner = cookie_of(site, "demo@ingestio.test")
    with RawClient(site.url, owner, path=path) as tab:
        follow = next(n for n, _ in HANDLERS if n.endswith("batch_state.follow"))
        tab.query = {"batch_id": owned["batch"]}
        tab.send(follow, {})
        tab.listen(1.5)
        assert any(CANARY in frame for frame in tab.frames), "the owner's own tab showed nothing"

    cookie = cookie_of(site, next_one) if next_one else ""
    with RawClient(site.url, cookie, path="/login", token=tab.token) as same_tab:
        same_tab.listen(1.0)

    assert same_tab.frames
    assert [frame[:300] for frame in same_tab.frames if CANARY in frame] == []
