"""tus 1.0.0 as tus-js-client and a careless script speak it, and who may not."""

from __future__ import annotations

import asyncio
import base64
import time
from types import SimpleNamespace
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from ingestio import bootstrap
from ingestio.api import drafts, uploads
from ingestio.api.errors import map_errors
from ingestio.config import Settings
from ingestio.domain.drafts import StagedStatus
from ingestio.domain.plans import PlanName
from ingestio.errors import NotSignedIn
from tests import taking
from tests.taking import pdf, picture

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

TUS = {"Tus-Resumable": "1.0.0"}
BODY = {"Content-Type": "application/offset+octet-stream"}


class Keys:
    """Accounts whose keys are the names of the actors."""

    def __init__(self) -> None:
        self.known = {}

    def actor_of_key(self, key):
        if key not in self.known:
            raise NotSignedIn
        return self.known[key]

    def actor_of_session(self, _token):
        raise NotSignedIn


@pytest.fixture
def desk(database, tmp_path, clock):
    return taking.build(database, tmp_path, clock)


@pytest.fixture
def app(desk, monkeypatch):
    keys = Keys()
    keys.known = {"ada": desk.actor(), "bob": desk.actor()}
    made = SimpleNamespace(settings=Settings(), accounts=keys, intake=desk.intake, batches=None)
    monkeypatch.setattr(bootstrap, "_services", made)
    app = FastAPI(redirect_slashes=False)
    map_errors(app)
    app.include_router(uploads.router)
    app.include_router(drafts.router)
    app.state.ada = keys.known["ada"]
    return app


@pytest.fixture
def ada(app):
    return Client(app, "ada")


@pytest.fixture
def bob(app):
    return Client(app, "bob")


class Client:
    """One caller; each call is its own connection, as scripts do it."""

    def __init__(self, app: FastAPI, key: str | None) -> None:
        self.app = app
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    def call(self, method: str, path: str, **kw) -> httpx.Response:
        return asyncio.run(self.acall(method, path, **kw))

    async def acall(self, method: str, path: str, headers=None, **kw) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
            all_headers = self.headers | (TUS if headers is None else headers)
            return await client.request(method, path, headers=all_headers, **kw)

    def create(self, size: int, name: str = "a.pdf", **more: str) -> httpx.Response:
        about = {"filename": name} | more
        packed = ",".join(f"{k} {base64.b64encode(v.encode()).decode()}" for k, v in about.items())
        headers = TUS | {"Upload-Length": str(size), "Upload-Metadata": packed}
        return self.call("POST", "/uploads", headers=headers)

    def begin(self, size: int, name: str = "a.pdf", **more: str) -> str:
        made = self.create(size, name, **more)
        assert made.status_code == 201, made.text
        return made.headers["Location"].removeprefix("/api/v1")

    def patch(self, where: str, offset: int, data) -> httpx.Response:
        headers = TUS | BODY | {"Upload-Offset": str(offset)}
        return self.call("PATCH", where, headers=headers, content=data)


def settled(desk, actor) -> list:
    """The open draft's files, once the inspection behind the answer is through."""
    until = time.monotonic() + 20
    while time.monotonic() < until:
        files = desk.intake.open_draft(actor).files
        if not any(f.status is StagedStatus.INSPECTING for f in files):
            return list(files)
        time.sleep(0.01)
    raise AssertionError


def test_a_file_in_two_parts_becomes_a_staged_file(ada, app, desk) -> None:
    data = pdf(3)
    where = ada.begin(len(data), "Rechnung März.pdf")

    first = ada.patch(where, 0, data[:500])
    asked = ada.call("HEAD", where)
    second = ada.patch(where, 500, data[500:])

    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "500")
    assert asked.headers["Upload-Offset"] == "500"
    assert asked.headers["Upload-Length"] == str(len(data))
    assert asked.headers["Cache-Control"] == "no-store"
    assert (second.status_code, second.headers["Upload-Offset"]) == (204, str(len(data)))
    (file,) = settled(desk, app.state.ada)
    assert (file.filename, file.pages) == ("Rechnung März.pdf", 3)


def test_one_request_may_hold_the_largest_file(ada, app, desk) -> None:
    data = pdf(1) + b"\n% padding" * 1_000_000
    where = ada.begin(len(data))

    assert ada.patch(where, 0, data).status_code == 204

    assert settled(desk, app.state.ada)[0].pages == 1


@pytest.mark.parametrize(
    ("headers", "key", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, None, 412),
        ({}, None, 412),
        ({}, "ada", 412),
        (TUS | {"Upload-Length": "99999999", "Upload-Metadata": "filename eA=="}, None, 401),
        (TUS | {"Upload-Length": "99999999", "Upload-Metadata": "filename eA=="}, "no", 401),
        (TUS | {"Upload-Length": "99999999", "Upload-Metadata": "filename eA=="}, "ada", 413),
        (TUS | {"Upload-Length": "9", "Upload-Metadata": "filename eA=="}, "ada", 415),
        (TUS | {"Upload-Length": "9"}, "ada", 415),
        (TUS | {"Upload-Length": "9", "Upload-Metadata": "filename !"}, "ada", 422),
        (TUS | {"Upload-Length": "-9"}, "ada", 422),
        (TUS | {"Upload-Length": "0", "Upload-Metadata": "filename YS5wZGY="}, "ada", 422),
        (TUS, "ada", 422),
    ],
)
def test_refusals_come_in_their_order(app, headers, key, status) -> None:
    answer = Client(app, key).call("POST", "/uploads", headers=headers)

    assert answer.status_code == status
    assert answer.headers["Tus-Resumable"] == "1.0.0"
    if status == 412:
        assert answer.headers["Tus-Version"] == "1.0.0"
    else:
        assert answer.json()["error"]["code"]


def test_a_plan_without_batches_is_refused_last(ada, app, desk) -> None:
    desk.billing.plans[app.state.ada.user_id] = PlanName.STARTER

    assert ada.create(10, "a.exe").status_code == 415
    assert ada.create(10, "a.pdf").status_code == 403


def test_anybody_may_ask_what_is_spoken(app) -> None:
    answer = Client(app, None).call("OPTIONS", "/uploads", headers={})

    assert answer.status_code == 204
    assert answer.headers["Tus-Version"] == "1.0.0"
    assert answer.headers["Tus-Max-Size"] == "52428800"


def test_a_flood_by_nobody_is_refused_unread(app, desk) -> None:
    taken = 0

    async def flood() -> AsyncIterator[bytes]:
        nonlocal taken
        for _ in range(1_000):
            taken += 65_536
            yield bytes(65_536)

    headers = TUS | BODY | {"Upload-Offset": "0"}
    answer = Client(app, None).call(
        "PATCH", f"/uploads/{uuid4()}", headers=headers, content=flood()
    )

    assert answer.status_code == 401
    assert taken <= 65_536
    assert desk.spooled() == []


def test_a_file_can_be_sent_into_a_named_draft(ada, bob) -> None:
    draft = ada.call("POST", "/drafts").json()["id"]

    made = ada.create(10, draft=draft)

    assert made.headers["Ingestio-Draft"] == draft
    assert bob.create(10, draft=draft).status_code == 404
    assert ada.create(10, draft="nonsense").status_code == 404
    assert len(ada.call("GET", f"/drafts/{draft}").json()["files"]) == 1


def test_foreign_and_missing_files_look_the_same(ada, bob) -> None:
    where = ada.begin(100)

    for caller, path in ((bob, where), (ada, f"/uploads/{uuid4()}"), (ada, "/uploads/x")):
        assert caller.call("HEAD", path).status_code == 404
        assert caller.patch(path, 0, b"%PDF-").status_code == 404
        assert caller.call("DELETE", path).status_code == 404
    assert ada.call("HEAD", where).headers["Upload-Offset"] == "0"


def test_wrong_parts_change_nothing(ada) -> None:
    where = ada.begin(10)

    assert ada.patch(where, 5, b"x").status_code == 409
    assert ada.patch(where, 0, b"%PDF-1.7 and more").status_code == 413
    assert ada.call("PATCH", where, headers=TUS | {"Upload-Offset": "0"}).status_code == 415
    assert ada.call("PATCH", where, headers=TUS | BODY).status_code == 422
    assert ada.call("HEAD", where).headers["Upload-Offset"] == "0"


def test_a_stream_beyond_the_length_is_cut_off(ada) -> None:
    async def more() -> AsyncIterator[bytes]:
        yield b"%PDF-" + bytes(2_000)
        yield bytes(2_000)

    where = ada.begin(3_000)

    assert ada.patch(where, 0, more()).status_code == 413


def test_first_bytes_of_another_type_end_it_before_a_byte_is_kept(ada, app, desk) -> None:
    kept = []

    async def long_picture() -> AsyncIterator[bytes]:
        for part in (picture() + bytes(2_000), *[bytes(1_000_000)] * 20):
            kept.append(sum(path.stat().st_size for path in desk.spooled()))
            yield part

    where = ada.begin(40_000_000)
    answer = ada.patch(where, 0, long_picture())

    assert (answer.status_code, answer.json()["error"]["code"]) == (415, "unsupported_type")
    assert len(kept) == 21  # read on, so that its sender sees the reason
    assert max(kept) == 0
    (file,) = settled(desk, app.state.ada)
    assert (file.status, file.error_code) == (StagedStatus.ERROR, "unsupported_type")
    assert desk.spooled() == []


def test_terminating_removes_row_and_bytes(ada, app, desk) -> None:
    where = ada.begin(100)
    ada.patch(where, 0, b"%PDF-")

    assert ada.call("DELETE", where).status_code == 204

    assert ada.call("HEAD", where).status_code == 404
    assert desk.intake.open_draft(app.state.ada).files == ()
    assert desk.spooled() == []


async def _slowly(data: bytes, started: asyncio.Event, go_on: asyncio.Event) -> AsyncGenerator:
    yield data[:2_000_000]
    started.set()
    await go_on.wait()
    yield data[2_000_000:]


def test_a_second_sender_is_locked_out_and_a_cancel_ends_the_first(ada) -> None:
    data = b"%PDF-" + bytes(3_000_000)
    where = ada.begin(len(data))
    headers = TUS | BODY | {"Upload-Offset": "0"}

    async def scene() -> tuple[int, int, int]:
        started, go_on = asyncio.Event(), asyncio.Event()
        body = _slowly(data, started, go_on)
        first = asyncio.create_task(ada.acall("PATCH", where, headers=headers, content=body))
        await started.wait()
        at = (await ada.acall("HEAD", where)).headers["Upload-Offset"]
        second = await ada.acall(
            "PATCH", where, headers=TUS | BODY | {"Upload-Offset": at}, content=b"x"
        )
        gone = await ada.acall("DELETE", where)
        go_on.set()
        return (await first).status_code, second.status_code, gone.status_code

    assert asyncio.run(scene()) == (404, 423, 204)


def test_a_silent_sender_is_hung_up_on_and_its_bytes_are_kept(ada, monkeypatch) -> None:
    monkeypatch.setattr(uploads, "IDLE_S", 0.2)
    where = ada.begin(5_000)

    async def stalls() -> AsyncIterator[bytes]:
        yield b"%PDF-" + bytes(2_000)
        await asyncio.sleep(10)

    started = time.monotonic()
    answer = ada.patch(where, 0, stalls())

    assert (answer.status_code, answer.headers["Upload-Offset"]) == (204, "2005")
    assert time.monotonic() - started < 5
    assert ada.call("HEAD", where).headers["Upload-Offset"] == "2005"
