"""The queue's figures are the same wherever they are shown: page, `/metrics`, `ingestio doctor`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from ingestio.bootstrap import services
from ingestio.db import tables
from ingestio.domain.accounts import OPERATOR
from ingestio.domain.documents import DocumentStatus
from ingestio.web.admin.state import Wanted, read_house
from ingestio.web.admin.views import failure_views, health_view
from tests.api.conftest import house, served, settings  # noqa: F401  fixtures
from tests.factories import make_document, make_user, save

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from ingestio.bootstrap import Services

INGESTIO = Path(sys.executable).parent / "ingestio"
OF_PAGE = {
    "waiting": "ingestio_documents_waiting",
    "put_back": "ingestio_documents_put_back",
    "in_work": "ingestio_documents_in_work",
    "dead_leases": "ingestio_leases_dead",
    "for_quota": "ingestio_documents_waiting_for_quota",
    "last_hour": "ingestio_documents_finished_last_hour",
    "mails": "ingestio_mails_waiting",
}
OF_DOCTOR = {
    "ingestio_documents_waiting": r"(\d+) waiting, the oldest",
    "ingestio_documents_put_back": r"(\d+) of them tried later",
    "ingestio_documents_in_work": r"(\d+) in work",
    "ingestio_leases_dead": r"(\d+) leases to take over",
    "ingestio_documents_waiting_for_quota": r"(\d+) waiting for pages",
    "ingestio_documents_finished_last_hour": r"(\d+) finished in the last hour",
    "ingestio_mails_waiting": r"(\d+) to send",
}


@pytest.fixture
def busy(house: Services) -> None:  # noqa: F811
    """A queue in which every figure is another number."""
    user, now = make_user(house.database, email=f"{uuid4().hex}@example.org"), datetime.now(UTC)
    past, future = now - timedelta(minutes=9), now + timedelta(minutes=9)
    waiting = {"next_attempt_at": past, "queued_at": past}
    dead = {"lease_owner": "w", "lease_expires_at": past}
    for status, number, values in (
        (DocumentStatus.UPLOADED, 7, waiting),
        (DocumentStatus.UPLOADED, 2, waiting | {"next_attempt_at": future}),
        (DocumentStatus.PROCESSING, 4, dead | {"lease_expires_at": future}),
        (DocumentStatus.PROCESSING, 1, dead),
        (DocumentStatus.WAITING_FOR_QUOTA, 6, {}),
        (DocumentStatus.FAILED, 3, {"error_code": "nothing_found"}),
        (DocumentStatus.COMPLETED, 8, {}),
    ):
        for _ in range(number):
            document = make_document(house.database, user.id, status=status, **values)
            if status in {DocumentStatus.FAILED, DocumentStatus.COMPLETED}:
                save(house.database, attempt(document, now))
    for round_ in range(10):
        line = {"batch_id": uuid4(), "round": round_, "kind": "batch_ended_mail"}
        save(house.database, tables.OutboxMessage(user_id=user.id, created_at=now, **line))


def attempt(document: tables.Document, now: datetime) -> tables.ExtractionJob:
    return tables.ExtractionJob(
        user_id=document.user_id,
        document_id=document.id,
        generation=1,
        attempt=1,
        lease_token=1,
        status=document.status,
        started_at=now,
        ended_at=now - timedelta(minutes=1),
    )


def scraped(app: ASGIApp) -> dict[str, float]:
    text = TestClient(app, client=("127.0.0.1", 50_000)).get("/metrics").text
    lines = [line.rpartition(" ") for line in text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in lines}


def test_page_metrics_and_doctor_say_the_same_numbers(
    busy: None,
    served: ASGIApp,  # noqa: F811
    house: Services,  # noqa: F811
) -> None:
    del busy
    health = read_house(Wanted(), OPERATOR).health
    page, metrics = health_view(health), scraped(served)
    environment = os.environ | {"INGESTIO_DATA_DIR": str(house.settings.data_dir)}
    said = subprocess.run(
        [str(INGESTIO), "doctor"], env=environment, capture_output=True, text=True, check=False
    ).stdout

    on_page = {OF_PAGE[key]: float(page[key].replace(",", "")) for key in OF_PAGE}
    by_doctor = {name: float(number(said, pattern)) for name, pattern in OF_DOCTOR.items()}
    assert len(set(on_page.values())) == len(on_page), "each figure is another number"
    assert {name: metrics[name] for name in on_page} == on_page
    assert by_doctor == on_page
    failures = {view["code"]: float(view["documents"]) for view in failure_views(health)}
    assert failures == {"nothing_found": 3}
    assert metrics['ingestio_documents_failed_last_day{code="nothing_found"}'] == 3
    assert "3 in the last day: nothing_found 3" in said
    assert metrics["ingestio_oldest_waiting_seconds"] == pytest.approx(540, abs=60)
    assert services() is house


def number(text: str, pattern: str) -> str:
    found = re.search(pattern, text)
    assert found, text
    return found[1]
