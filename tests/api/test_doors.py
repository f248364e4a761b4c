"""What stands outside the described API: health, trigger, webhook, sign-in, walls."""

from __future__ import annotations

import base64
import hashlib
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from ingestio import bootstrap
from ingestio.api.app import walls
from ingestio.api.headers import inline_hashes, policy
from ingestio.api.identity import COOKIE
from ingestio.api.sign_in import _local
from ingestio.config import Settings
from tests.api.conftest import CRON_SECRET, ORIGIN, PASSWORD

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ingestio.bootstrap import Services
    from tests.api.conftest import Person

AS_JSON = {"Accept": "application/json"}


def test_it_is_healthy_and_ready(nobody: TestClient) -> None:
    assert nobody.get("/api/health").json() == {"status": "ok"}
    assert nobody.head("/api/health").status_code == 200
    assert nobody.get("/api/ready").json()["status"] == "ready"


def test_it_is_not_ready_while_its_scheduler_hangs(
    nobody: TestClient, house: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Other than a process that serves pages only, which never sweeps."""
    pulse = house.processor.pulse
    assert nobody.get("/api/ready").json()["swept_s_ago"] is None
    monkeypatch.setattr(pulse, "_swept_at", house.clock.now() - timedelta(seconds=61))

    answer = nobody.get("/api/ready")

    assert answer.status_code == 503
    assert "has not for 61 s" in answer.text
    pulse.beat(0, lambda _: False)
    assert nobody.get("/api/ready").json()["swept_s_ago"] < 10


@pytest.mark.parametrize(
    "given",
    [None, "", "Bearer ", "Bearer x", f"Bearer {CRON_SECRET[:-1]}", f"Basic {CRON_SECRET}",
     f"Bearer {CRON_SECRET.upper()}", f"Bearer {CRON_SECRET}x"],
)  # fmt: skip
def test_the_processors_trigger_needs_its_secret(nobody: TestClient, given: str | None) -> None:
    headers = {} if given is None else {"Authorization": given}

    assert nobody.post("/api/batch-processor", headers=headers).status_code == 401


def test_the_processors_trigger_claims(nobody: TestClient, person, house: Services) -> None:
    house.processor.drain(30)
    while house.processor.run_once():
        house.processor.drain(60)
    person().submit("invoice-en.pdf")
    headers = {"Authorization": f"Bearer {CRON_SECRET}"}

    answer = nobody.post("/api/batch-processor", headers=headers)

    assert (answer.status_code, answer.json()) == (200, {"claimed": 1})
    assert nobody.get("/api/batch-processor").status_code == 405
    house.processor.drain(60)


def test_the_trigger_is_off_without_a_secret(
    nobody: TestClient, house: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(house.settings, "cron_secret", type(house.settings.cron_secret)(""))

    assert nobody.post("/api/batch-processor").status_code == 503
    assert (
        nobody.post("/api/batch-processor", headers={"Authorization": "Bearer "}).status_code == 503
    )


@pytest.mark.parametrize("signature", [None, "t=1,v1=00"])
def test_the_webhook_takes_nothing_unsigned(nobody: TestClient, signature: str | None) -> None:
    headers = {} if signature is None else {"Stripe-Signature": signature}

    answer = nobody.post("/api/stripe/webhook", content=b'{"id":"evt_1"}', headers=headers)

    assert answer.status_code in {400, 503}


def test_figures_are_for_this_machine_only(served) -> None:
    here = TestClient(served, base_url=ORIGIN, client=("127.0.0.1", 50_000))
    there = TestClient(served, base_url=ORIGIN, client=("10.0.0.9", 50_000))

    assert "ingestio_documents_waiting " in here.get("/metrics").text
    assert here.get("/metrics", headers={"X-Forwarded-For": "10.0.0.9"}).status_code == 404
    assert there.get("/metrics").status_code == 404


def test_sign_up_sets_a_cookie_that_no_script_reads(nobody: TestClient) -> None:
    form = {"email": "new@example.org", "password": PASSWORD, "next": "/dashboard/batches?q=1"}

    made = nobody.post("/api/sign-up", data=form)

    assert (made.status_code, made.headers["location"]) == (303, "/dashboard/batches?q=1")
    cookie = made.headers["set-cookie"]
    assert "ingestio_session=" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert nobody.get("/api/v1/usage").status_code == 200
    out = nobody.post("/api/sign-out", headers={"Origin": ORIGIN})
    assert (out.status_code, out.headers["location"]) == (303, "/login")
    assert nobody.get("/api/v1/usage").status_code == 401


def test_sign_in_makes_a_new_session_and_ends_the_old(nobody: TestClient, person) -> None:
    form = {"email": person().email, "password": PASSWORD}

    first = nobody.post("/api/sign-in", data=form).headers["set-cookie"].split(";")[0]
    second = nobody.post("/api/sign-in", data=form).headers["set-cookie"].split(";")[0]

    assert first != second
    nobody.cookies.clear()
    assert nobody.get("/api/v1/usage", headers={"Cookie": first}).status_code == 401
    assert nobody.get("/api/v1/usage", headers={"Cookie": second}).status_code == 200


def test_sign_out_everywhere_ends_every_session(nobody: TestClient, person) -> None:
    form = {"email": person().email, "password": PASSWORD}
    other = nobody.post("/api/sign-in", data=form).headers["set-cookie"].split(";")[0]
    nobody.cookies.clear()
    nobody.post("/api/sign-in", data=form)

    nobody.post("/api/sign-out", data={"everywhere": "1"}, headers={"Origin": ORIGIN})

    nobody.cookies.clear()
    assert nobody.get("/api/v1/usage", headers={"Cookie": other}).status_code == 401


def test_a_wrong_password_is_401_for_scripts_and_a_way_back_for_browsers(
    nobody: TestClient, person
) -> None:
    form = {"email": person().email, "password": "wrong wrong", "next": "/dashboard/billing"}

    as_json = nobody.post("/api/sign-in", data=form, headers=AS_JSON)
    as_page = nobody.post("/api/sign-in", data=form)

    assert (as_json.status_code, as_json.json()["error"]["code"]) == (401, "not_signed_in")
    assert as_page.status_code == 303
    assert as_page.headers["location"] == "/login?error=not_signed_in&next=%2Fdashboard%2Fbilling"
    assert "set-cookie" not in as_page.headers


def test_a_bad_address_or_password_is_422(nobody: TestClient) -> None:
    for email, password in (("nobody", PASSWORD), ("a@example.org", "short"), ("", "")):
        form = {"email": email, "password": password}
        assert nobody.post("/api/sign-up", data=form, headers=AS_JSON).status_code == 422


def test_guessing_is_stopped_whatever_a_header_says_of_the_address(
    nobody: TestClient, person
) -> None:
    email = person().email

    codes = [
        nobody.post(
            "/api/sign-in",
            data={"email": email, "password": f"wrong-{n}"},
            headers={**AS_JSON, "X-Forwarded-For": f"10.0.0.{n}"},
        )
        for n in range(11)
    ]

    assert [one.status_code for one in codes] == [401] * 10 + [429]
    assert int(codes[-1].headers["retry-after"]) > 0


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "http://localhost:9"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "null"},
    ],
)
@pytest.mark.parametrize("path", ["/api/sign-in", "/api/sign-up", "/api/sign-out"])
def test_forms_of_another_site_are_refused(
    nobody: TestClient, path: str, headers: dict[str, str]
) -> None:
    refused = nobody.post(path, data={"email": "a@b.c", "password": "x"}, headers=headers)

    assert refused.status_code == 403
    assert "set-cookie" not in refused.headers


@pytest.mark.parametrize(
    ("path", "goal"),
    [
        ("/dashboard?x=1#y", "/dashboard?x=1#y"),
        ("//evil.example", "/home"),
        ("/\\evil.example", "/home"),
        ("https://evil.example", "/home"),
        ("javascript:alert(1)", "/home"),
        ("/a\r\nSet-Cookie: x", "/home"),
        ("/\t/evil.example", "/home"),
        ("", "/home"),
    ],
)
def test_next_leads_to_a_page_of_ours_only(path: str, goal: str) -> None:
    assert _local(path, "/home") == goal


def test_every_answer_carries_the_walls(nobody: TestClient) -> None:
    assert nobody.get("/api/v1/usage").headers["cache-control"] == "no-store"
    for path in ("/login", "/api/v1/usage", "/api/health", "/_upload"):
        headers = nobody.get(path).headers
        csp = headers["content-security-policy"]
        assert "default-src 'none'" in csp
        assert "frame-ancestors 'none'" in csp
        assert "unsafe-eval" not in csp
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"


def test_inline_scripts_of_the_built_pages_are_named_by_hash(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    page = (
        '<script>let a = 1</script><script src="/b.js"></script><script type="module">b()</script>'
    )
    (tmp_path / "index.html").write_text(page)
    (tmp_path / "in" / "404.html").write_text("<SCRIPT>let a = 1</SCRIPT>")

    hashes = inline_hashes(tmp_path)

    wanted = {
        f"'sha256-{base64.b64encode(hashlib.sha256(text).digest()).decode()}'"
        for text in (b"let a = 1", b"b()")
    }
    assert set(hashes) == wanted
    assert all(one in policy(hashes) for one in wanted)


def test_reflexs_upload_is_closed(nobody: TestClient) -> None:
    for path in ("/_upload", "/_upload/x"):
        assert nobody.post(path, content=b"x" * 1000).status_code == 404
        assert nobody.get(path).status_code == 404


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "http://localhost:9", "https://localhost:3000", "null"]
)
def test_a_foreign_page_opens_no_socket(nobody: TestClient, origin: str) -> None:
    with (
        pytest.raises(WebSocketDisconnect),
        nobody.websocket_connect("/_event", headers={"Origin": origin}),
    ):
        pass


@pytest.mark.parametrize("origin", [None, "http://localhost:3000", "http://127.0.0.1:3000"])
def test_our_own_page_and_a_script_open_a_socket(origin: str | None) -> None:
    told = []

    async def socket(scope, _receive, send) -> None:
        told.append(dict(scope["headers"]).get(b"origin"))
        await send({"type": "websocket.accept"})

    headers = {} if origin is None else {"Origin": origin}
    with TestClient(walls(socket), base_url=ORIGIN).websocket_connect("/_event", headers=headers):
        pass

    assert told == [None if origin is None else b"http://localhost:3000"]


def test_a_page_of_a_missing_thing_is_404_and_still_the_page(
    nobody: TestClient, person: Callable[..., Person]
) -> None:
    ada, bob = person(), person()
    batch = ada.submit("invoice-en.pdf").json()["id"]
    document = ada.get(f"/batches/{batch}/documents").json()["items"][0]["id"]
    pages = (f"/dashboard/batches/{batch}", f"/dashboard/review/{document}")

    assert [nobody.get(page).status_code for page in pages] == [200, 200]
    for who, status in ((ada, 200), (bob, 404)):
        nobody.post("/api/sign-in", data={"email": who.email, "password": PASSWORD})
        for page in pages:
            answer = nobody.get(page, headers={"If-None-Match": "x"})
            assert (answer.status_code, answer.text) == (status, "<p>A page</p>")
    assert nobody.get("/dashboard/batches/not-an-id").status_code == 404
    assert nobody.get("/dashboard/batches").status_code == 200


def test_a_page_whose_records_do_not_answer_is_503_and_still_the_page(
    nobody: TestClient, tmp_path: Path
) -> None:
    nowhere = "postgresql+psycopg://nobody@127.0.0.1:9/none"
    away = Settings(data_dir=tmp_path, database_url=nowhere, _env_file=None)
    bootstrap.use(bootstrap.build(away))  # `served` puts the real ones back

    page = f"/dashboard/batches/{uuid4()}"
    answer = nobody.get(page, headers={"If-None-Match": "x", "Cookie": f"{COOKIE}=any"})

    assert (answer.status_code, answer.text) == (503, "<p>A page</p>")


def test_the_description_is_public_and_describes_itself_alone(nobody: TestClient) -> None:
    described = nobody.get("/api/v1/openapi.json").json()

    assert described["servers"] == [{"url": "/api/v1"}]
    assert not [p for p in described["paths"] if "sign" in p or "health" in p or "docs" in p]
    for path, calls in described["paths"].items():
        for method, call in calls.items():
            assert call["security"] == [{"key": []}, {"session": []}], f"{method} {path}"
            assert "4XX" in call["responses"]
    page = nobody.get("/api/v1/docs")
    assert page.headers["content-type"].startswith("text/html")
    assert "http" not in page.text.replace("<!doctype html>", "")
    assert nobody.get("/api/v1/docs.js").headers["content-type"].startswith("text/javascript")


def test_a_bug_is_an_apology_with_a_reference(
    person: Callable[..., Person], house: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada = person()
    monkeypatch.setattr(house.database, "read", None)

    answer = ada.get("/usage")

    assert answer.status_code == 500
    assert "Reference: " in answer.json()["error"]["message"]
    assert "NoneType" not in answer.text
