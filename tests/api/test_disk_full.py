"""A disk that is really full: 507, and nothing half-done stays (needs root, for a small tmpfs)."""

from __future__ import annotations

import os
import subprocess
from dataclasses import replace
from types import SimpleNamespace

import pytest
from fastapi import FastAPI, Request
from starlette.testclient import TestClient

from ingestio import bootstrap
from ingestio.api import multipart, uploads
from ingestio.api.errors import map_errors
from ingestio.config import Settings
from ingestio.domain.drafts import StagedStatus
from ingestio.services.spool import Spool
from tests import taking
from tests.api.test_uploads import Client, Keys, settled
from tests.taking import pdf

DISK = "8m"
WHOLE = pdf(3)
LARGE = WHOLE + b"\n% padding" * 550_000  # 5.5 MB: one fits beside the reserve, two do not


@pytest.fixture
def disk(tmp_path):
    """A file system of 8 MB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = ["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mounted, capture_output=True, check=False).returncode:
        pytest.skip("needs root, to mount a disk of 8 MB")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def desk(database, disk, clock):
    """Files and spool on the small disk, the database on another."""
    made = taking.build(database, disk, clock)
    spool = Spool(disk / "spool", reserved_bytes=1_048_576)
    inspection = replace(made.intake.inspection, spool=spool)
    return replace(
        made, spool=spool, intake=replace(made.intake, spool=spool, inspection=inspection)
    )


@pytest.fixture
def ada(desk, monkeypatch):
    keys = Keys()
    keys.known = {"ada": desk.actor()}
    made = SimpleNamespace(settings=Settings(), accounts=keys, intake=desk.intake, batches=None)
    monkeypatch.setattr(bootstrap, "_services", made)
    app = FastAPI(redirect_slashes=False)
    map_errors(app)
    app.include_router(uploads.router)
    client = Client(app, "ada")
    client.actor = keys.known["ada"]
    return client


def free_bytes(disk) -> int:
    told = os.statvfs(disk)
    return told.f_bavail * told.f_frsize


def test_a_file_that_would_not_fit_is_refused_before_a_byte(ada, desk) -> None:
    answer = ada.create(20_000_000)

    assert (answer.status_code, answer.json()["error"]["code"]) == (507, "storage_full")
    assert desk.spooled() == []
    assert desk.intake.open_draft(ada.actor) is None


def test_a_disk_that_fills_up_in_transfer_leaves_a_clean_state(ada, desk, disk) -> None:
    """Two began while there was room for each; the second meets the end of the disk."""
    first, second = ada.begin(len(LARGE), "first.pdf"), ada.begin(len(LARGE), "second.pdf")
    assert ada.patch(first, 0, LARGE).status_code == 204
    before = [f.pages for f in settled(desk, ada.actor) if f.status is StagedStatus.COMPLETE]

    answer = ada.patch(second, 0, LARGE)

    assert (answer.status_code, answer.json()["error"]["code"]) == (507, "storage_full")
    assert "no space left" in answer.json()["error"]["message"]
    kept, refused = settled(desk, ada.actor)
    assert (before, kept.pages, kept.status) == ([3], 3, StagedStatus.COMPLETE)
    assert (refused.status, refused.error_code) == (StagedStatus.ERROR, "storage_full")
    assert desk.spooled() == []
    assert len(desk.stored()) == 1
    assert free_bytes(disk) > 2_000_000
    assert desk.intake.purge(desk.clock.now()) == 0  # no orphan


def test_when_there_is_space_again_everything_goes_on(ada, desk) -> None:
    first, second = ada.begin(len(LARGE), "first.pdf"), ada.begin(len(LARGE), "second.pdf")
    assert ada.patch(first, 0, LARGE).status_code == 204
    assert ada.patch(second, 0, LARGE).status_code == 507
    settled(desk, ada.actor)
    desk.intake.remove_all(ada.actor, desk.intake.open_draft(ada.actor).id)

    again = ada.begin(len(LARGE), "second.pdf")

    assert ada.patch(again, 0, LARGE).status_code == 204
    assert [f.status for f in settled(desk, ada.actor)] == [StagedStatus.COMPLETE]


def test_a_store_that_is_full_keeps_no_half_file(database, disk, tmp_path, clock) -> None:
    """The spool on a disk with room, the store on a full one: bytes have to be copied."""
    desk = taking.build(database, disk, clock)
    spool = Spool(tmp_path / "spool", reserved_bytes=0)
    inspection = replace(desk.intake.inspection, spool=spool)
    desk = replace(desk, intake=replace(desk.intake, spool=spool, inspection=inspection))
    ada = desk.actor()
    filler = disk / "filler"
    filler.write_bytes(bytes(4_000_000))

    refused = desk.send(ada, LARGE, "refused.pdf")
    left = [path for path in (disk / "files").rglob("*") if path.is_file()]
    filler.unlink()
    fine = desk.send(ada, LARGE, "fine.pdf")

    assert (refused.status, refused.error_code) == (StagedStatus.ERROR, "storage_full")
    assert left == []
    assert fine.status is StagedStatus.COMPLETE
    assert len(desk.stored()) == 1


def test_a_whole_batch_that_does_not_fit_is_507_as_well(disk) -> None:
    async def take(request: Request) -> None:
        await multipart.receive(request, disk, max_files=9, max_file_bytes=52_428_800)

    app = FastAPI()
    map_errors(app)
    app.add_api_route("/", take, methods=["POST"])
    sent = [("files", (f"{n}.pdf", LARGE)) for n in range(3)]

    answer = TestClient(app).post("/", files=sent)

    assert (answer.status_code, answer.json()["error"]["code"]) == (507, "storage_full")
