"""Nobody, a wrong key, another user, another site: every route, no data, no change."""

from __future__ import annotations

import asyncio
import hashlib
import re
from base64 import b64encode
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from ingestio.db.engine import SYSTEM
from ingestio.db.tables import Batch, Document, StagedFile, table_of
from tests.api.conftest import PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.testclient import TestClient
    from starlette.types import ASGIApp

    from ingestio.bootstrap import Services
    from tests.api.conftest import Person

CANARY = "canary-5f1c"
METHODS = ("get", "post", "put", "patch", "delete", "head")
TUS = {"Tus-Resumable": "1.0.0", "Upload-Length": "1", "Upload-Offset": "0"}
OF_TUS = {**TUS, "Content-Type": "application/offset+octet-stream"}


@pytest.fixture
def owned(person: Callable[..., Person]) -> tuple[Person, dict[str, str]]:
    """A person, and an id of everything they own."""
    ada = person()
    batch = ada.submit("invoice-en.pdf", name=CANARY).json()["id"]
    document = ada.get(f"/batches/{batch}/documents").json()["items"][0]["id"]
    draft = ada.post("/drafts").json()["id"]
    begun = ada.post(
        "/uploads", headers={**TUS, "Upload-Metadata": f"filename YS5wZGY=,draft {_b64(draft)}"}
    )
    upload = begun.headers["location"].rsplit("/", 1)[1]
    return ada, {"batch_id": batch, "document_id": document, "draft_id": draft, "file_id": upload}


def _b64(text: str) -> str:
    return b64encode(text.encode()).decode()


def _operations(client: TestClient, ids: dict[str, str]) -> list[tuple[str, str]]:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    found = [
        (method, "/api/v1" + re.sub(r"\{(\w+)\}", lambda m: ids.get(m[1], "1"), path))
        for path, calls in paths.items()
        for method in METHODS
        if method in calls
    ]
    assert len(found) >= 24
    return found


def _rows(house: Services) -> str:
    """A hash of everything that is owned."""
    with house.database.read(SYSTEM) as session:
        rows = [
            sorted(map(repr, session.connection().execute(table_of(model).select()).fetchall()))
            for model in (Batch, Document, StagedFile)
        ]
    return hashlib.sha256(repr(rows).encode()).hexdigest()


@pytest.mark.parametrize("key", [None, "", "Bearer", "Bearer ", "Bearer ing_wrong", "Basic eDp4"])
def test_every_call_needs_a_user_before_anything_else(
    nobody: TestClient, owned: tuple[Person, dict[str, str]], house: Services, key: str | None
) -> None:
    before = _rows(house)
    headers = {} if key is None else {"Authorization": key}

    for method, path in _operations(nobody, owned[1]):
        for given in ({}, TUS):
            answer = nobody.request(method.upper(), path, json={}, headers={**headers, **given})
            allowed = {401, 412} if "/uploads" in path and not given else {401}
            assert answer.status_code in allowed, f"{method} {path}: {answer.status_code}"
            assert CANARY not in answer.text
    assert _rows(house) == before


def test_other_peoples_things_are_missing(
    person: Callable[..., Person], owned: tuple[Person, dict[str, str]], house: Services
) -> None:
    eve, before = person(), _rows(house)
    unknown = {name: str(uuid4()) for name in owned[1]}

    theirs = _operations(eve.client, owned[1])
    nobodys = _operations(eve.client, unknown)

    for (method, path), (_, missing) in zip(theirs, nobodys, strict=True):
        if path == missing:
            continue
        headers = OF_TUS if "/uploads" in path else {}
        answer = eve.client.request(method.upper(), path, json={}, headers=headers)
        same = eve.client.request(method.upper(), missing, json={}, headers=headers)
        assert answer.status_code == 404, f"{method} {path}: {answer.status_code}"
        assert (answer.status_code, answer.text) == (same.status_code, same.text)
    assert CANARY not in eve.get("/batches").text
    assert CANARY not in eve.get(f"/batches?q={CANARY}").text
    assert _rows(house) == before


def _signed_in(nobody: TestClient, email: str) -> str:
    form = {"email": email, "password": PASSWORD}
    made = nobody.post("/api/sign-in", data=form)
    assert made.status_code == 303
    nobody.cookies.clear()
    return made.headers["set-cookie"].split(";")[0]


def test_a_change_by_cookie_needs_our_own_origin(
    nobody: TestClient, owned: tuple[Person, dict[str, str]]
) -> None:
    ada, ids = owned
    cookie = {"Cookie": _signed_in(nobody, ada.email)}
    path = f"/api/v1/batches/{ids['batch_id']}"

    assert nobody.get(path, headers=cookie).status_code == 200
    for origin in (None, "http://evil.example", "http://localhost:9", "null"):
        headers = cookie | ({"Origin": origin} if origin else {})
        refused = nobody.post(f"{path}/cancel", headers=headers, content=b"{}")
        assert refused.status_code == 403, origin
    ours = nobody.post(f"{path}/cancel", headers={**cookie, "Origin": "http://127.0.0.1:3000"})
    assert ours.status_code == 200


def test_an_ended_session_and_a_foreign_key_open_nothing(
    nobody: TestClient, owned: tuple[Person, dict[str, str]]
) -> None:
    ada, ids = owned
    cookie = {"Cookie": _signed_in(nobody, ada.email)}
    path = f"/api/v1/batches/{ids['batch_id']}"

    assert nobody.post("/api/sign-out", headers=cookie).status_code == 303

    assert nobody.get(path, headers=cookie).status_code == 401
    key_decides = {**cookie, "Authorization": "Bearer ing_wrong"}
    assert nobody.get(path, headers=key_decides).status_code == 401


def test_nothing_can_be_set_that_is_not_asked_for(owned: tuple[Person, dict[str, str]]) -> None:
    ada, ids = owned

    refused = ada.client.patch(
        f"/api/v1/drafts/{ids['draft_id']}",
        json={"page_count": 1, "status": "completed", "user_id": str(uuid4())},
    )

    assert refused.status_code == 422
    fields = {one["field"] for one in refused.json()["error"]["problems"]}
    assert fields == {"page_count", "status", "user_id"}


def test_unknown_addresses_and_methods_answer_as_json(nobody: TestClient) -> None:
    for path in ("/api/v1/nothing", "/api/nothing", "/api/v1", "/api/v1/batches/"):
        answer = nobody.get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "not_found"), path
    answer = nobody.put("/api/v1/usage")
    assert (answer.status_code, answer.json()["error"]["code"]) == (405, "method_not_allowed")


@pytest.mark.parametrize("path", ["/api/v1/batches", "/api/v1/drafts", "/api/v1/uploads"])
def test_a_strangers_body_is_not_read(served: ASGIApp, path: str) -> None:
    """A gigabyte from nobody costs nothing: it is refused before its first byte is taken."""
    sent, taken = [], []

    async def receive() -> dict:
        taken.append(1)
        return {"type": "http.request", "body": bytes(65_536), "more_body": True}

    async def send(message: dict) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"content-type", b"multipart/form-data; boundary=x")]
    headers += [(b"content-length", b"1073741824"), (b"tus-resumable", b"1.0.0")]
    scope = {
        "type": "http", "method": "POST", "path": path, "raw_path": path.encode(),
        "query_string": b"", "headers": headers, "client": ("10.2.0.1", 1), "scheme": "http",
        "server": ("localhost", 3000), "http_version": "1.1", "root_path": "", "extensions": {},
    }  # fmt: skip
    asyncio.run(served(scope, receive, send))

    assert sent[0]["status"] == 401
    assert taken == []


def test_a_body_over_the_cap_is_413(person: Callable[..., Person]) -> None:
    ada = person()
    draft = ada.post("/drafts").json()["id"]

    answer = ada.client.patch(f"/api/v1/drafts/{draft}", json={"prompt": "x" * 9_000_000})

    assert (answer.status_code, answer.json()["error"]["code"]) == (413, "too_large")
