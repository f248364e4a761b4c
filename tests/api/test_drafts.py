"""Drafts by JSON: what the wizard does, from a script."""

from __future__ import annotations

import time

import pytest

from tests.api.test_uploads import Client, app, desk  # noqa: F401  fixtures
from tests.taking import pdf


@pytest.fixture
def ada(app):  # noqa: F811
    return Client(app, "ada")


@pytest.fixture
def bob(app):  # noqa: F811
    return Client(app, "bob")


def test_a_draft_shows_each_file_with_pages_or_reason(ada) -> None:
    draft = ada.call("POST", "/drafts").json()
    good, bad = pdf(2), b"%PDF-1.7 broken"
    ada.patch(ada.begin(len(good), "good.pdf", draft=draft["id"]), 0, good)
    ada.patch(ada.begin(len(bad), "bad.pdf", draft=draft["id"]), 0, bad)

    shown = _settled(ada, draft["id"])

    assert shown["pages"] == 2
    assert [(f["filename"], f["status"], f["pages"]) for f in shown["files"]] == [
        ("good.pdf", "complete", 2),
        ("bad.pdf", "error", None),
    ]
    assert shown["files"][1]["error"]["code"] == "unreadable"


def test_a_draft_is_changed_and_discarded(ada) -> None:
    draft = ada.call("POST", "/drafts").json()["id"]

    changed = ada.call(
        "PATCH", f"/drafts/{draft}", json={"strategy": "auto", "name": "Leases", "prompt": "total"}
    )

    assert changed.json()["strategy"] == "auto"
    assert changed.json()["name"] == "Leases"
    assert ada.call("DELETE", f"/drafts/{draft}").status_code == 204
    assert ada.call("GET", f"/drafts/{draft}").status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {"user_id": "x"},
        {"status": "completed"},
        {"strategy": "auto-detect"},
        {"prompts": {"0": "x"}},
    ],
)
def test_what_is_not_to_be_set_is_refused(ada, body) -> None:
    draft = ada.call("POST", "/drafts").json()["id"]

    assert ada.call("PATCH", f"/drafts/{draft}", json=body).status_code == 422


def test_too_long_values_are_named(ada) -> None:
    draft = ada.call("POST", "/drafts").json()["id"]

    answer = ada.call("PATCH", f"/drafts/{draft}", json={"prompt": "x" * 10_001})

    assert answer.status_code == 422
    assert answer.json()["error"]["problems"][0]["field"] == "prompt"


def test_other_peoples_drafts_are_missing(ada, bob) -> None:
    draft = ada.call("POST", "/drafts").json()["id"]

    assert bob.call("GET", f"/drafts/{draft}").status_code == 404
    assert bob.call("PATCH", f"/drafts/{draft}", json={"name": "x"}).status_code == 404
    assert bob.call("DELETE", f"/drafts/{draft}").status_code == 404
    assert bob.call("GET", "/drafts").json()["items"] == []
    assert ada.call("GET", "/drafts").json()["total"] == 1


def test_nobody_gets_nothing(app) -> None:  # noqa: F811
    nobody = Client(app, None)

    for method, path in (("GET", "/drafts"), ("POST", "/drafts"), ("GET", "/drafts/x")):
        assert nobody.call(method, path).status_code == 401


def _settled(client: Client, draft: str) -> dict:
    until = time.monotonic() + 20
    while time.monotonic() < until:
        shown = client.call("GET", f"/drafts/{draft}").json()
        if not any(f["status"] in {"receiving", "inspecting"} for f in shown["files"]):
            return shown
        time.sleep(0.01)
    raise AssertionError
