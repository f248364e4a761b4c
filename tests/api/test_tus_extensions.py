"""tus 1.0's extensions: a part that is proven by its checksum, and when an upload expires."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from datetime import timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

import pytest

from ingestio.api import uploads
from ingestio.domain.drafts import StagedStatus
from tests.api.test_uploads import BODY, TUS, Client, app, desk, settled  # noqa: F401  fixtures
from tests.taking import pdf

if TYPE_CHECKING:
    import httpx

DATA = pdf(40)


@pytest.fixture
def ada(app):  # noqa: F811
    return Client(app, "ada")


def checksum(data: bytes, algorithm: str = "sha1") -> dict[str, str]:
    digest = hashlib.new(algorithm, data).digest()
    return {"Upload-Checksum": f"{algorithm} {base64.b64encode(digest).decode()}"}


def patch(ada, where: str, offset: int, data, **headers: str) -> httpx.Response:
    told = TUS | BODY | {"Upload-Offset": str(offset)} | headers
    return ada.call("PATCH", where, headers=told, content=data)


def offset_of(ada, where: str) -> int:
    return int(ada.call("HEAD", where).headers["Upload-Offset"])


def test_what_is_spoken_is_said(ada) -> None:
    answer = ada.call("OPTIONS", "/uploads", headers={})

    assert answer.headers["Tus-Extension"] == "creation,termination,expiration,checksum"
    assert answer.headers["Tus-Checksum-Algorithm"] == "sha1,sha256"


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_part_with_its_checksum_is_kept(ada, app, desk, algorithm) -> None:  # noqa: F811
    where = ada.begin(len(DATA))

    first = patch(ada, where, 0, DATA[:1_500], **checksum(DATA[:1_500], algorithm))
    rest = patch(ada, where, 1_500, DATA[1_500:], **checksum(DATA[1_500:], algorithm))

    assert (first.status_code, rest.status_code) == (204, 204)
    (file,) = settled(desk, app.state.ada)
    assert (file.status, file.pages) == (StagedStatus.COMPLETE, 40)


def test_a_part_that_changed_on_its_way_is_not_kept(ada, app, desk) -> None:  # noqa: F811
    where = ada.begin(len(DATA))
    patch(ada, where, 0, DATA[:1_500])

    answer = patch(ada, where, 1_500, DATA[1_500:-1] + b"?", **checksum(DATA[1_500:]))

    assert (answer.status_code, answer.json()["error"]["code"]) == (460, "checksum_mismatch")
    assert offset_of(ada, where) == 1_500
    assert settled(desk, app.state.ada)[0].status is StagedStatus.RECEIVING
    assert patch(ada, where, 1_500, DATA[1_500:]).status_code == 204
    assert settled(desk, app.state.ada)[0].pages == 40


def test_a_long_part_that_broke_off_unproven_is_not_kept(ada, monkeypatch) -> None:
    monkeypatch.setattr(uploads, "IDLE_S", 0.2)
    where = ada.begin(5_000_000)

    async def stalls():
        yield b"%PDF-" + bytes(2_000_000)
        await asyncio.sleep(10)

    answer = patch(ada, where, 0, stalls(), **checksum(b"%PDF-" + bytes(4_000_000)))

    assert answer.status_code == 460
    assert offset_of(ada, where) == 0


@pytest.mark.parametrize("header", ["crc32 AAAA", "sha1", "sha1 !", "", "sha1  AAAA"])
def test_a_checksum_that_can_not_be_read_is_refused_before_a_byte(ada, header) -> None:
    where = ada.begin(len(DATA))

    answer = patch(ada, where, 0, DATA, **{"Upload-Checksum": header})

    assert answer.status_code in {400, 460}
    assert offset_of(ada, where) == 0


def test_an_upload_says_when_it_expires_until_it_is_whole(ada, app, desk) -> None:  # noqa: F811
    made = ada.create(len(DATA))
    where = made.headers["Location"].removeprefix("/api/v1")
    desk.clock.pass_s(60)
    first = patch(ada, where, 0, DATA[:100])
    rest = patch(ada, where, 100, DATA[100:])

    day = timedelta(hours=24)
    assert parsedate_to_datetime(first.headers["Upload-Expires"]) == desk.clock.now() + day
    created = parsedate_to_datetime(made.headers["Upload-Expires"])
    assert created == desk.clock.now() + day - timedelta(seconds=60)
    assert "Upload-Expires" not in rest.headers
    assert settled(desk, app.state.ada)[0].pages == 40


def test_an_expired_upload_is_gone(ada, desk) -> None:  # noqa: F811
    where = ada.begin(len(DATA))
    patch(ada, where, 0, DATA[:100])
    desk.pass_hours(25)

    desk.intake.purge(desk.clock.now())

    assert ada.call("HEAD", where).status_code == 404
    assert desk.spooled() == []
