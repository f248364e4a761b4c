"""A real SIGKILL at each named place: nothing lost, nothing charged twice, resumed at once."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlmodel import col, func, select

from ingestio import failpoints
from ingestio.db.engine import SYSTEM
from ingestio.db.tables import Document
from ingestio.domain.batches import BatchStatus
from ingestio.domain.documents import DocumentStatus
from tests.fakes import SetClock
from tests.wiring import House, build

if TYPE_CHECKING:
    from ingestio.db.engine import Database

DOCUMENTS = 20
LEASE_S = 2
ROOT = Path(__file__).parents[2]


def run(house: House, folder: Path, failpoint: str) -> int:
    """One server's life in a process of its own; how it ended."""
    url = house.database.engine.url.render_as_string()
    command = [sys.executable, "-m", "tests.sim.victim", url, str(folder), failpoint, str(LEASE_S)]
    return subprocess.run(
        command, cwd=ROOT, check=False, timeout=60, capture_output=True
    ).returncode


def in_work(house: House) -> int:
    with house.database.read(SYSTEM) as session:
        query = select(func.count()).where(col(Document.status) == DocumentStatus.PROCESSING)
        return session.exec(query).one()


@pytest.mark.long
@pytest.mark.parametrize("nth", [3, 11])
@pytest.mark.parametrize("name", failpoints.NAMES)
def test_a_server_killed_at_a_named_place_loses_and_doubles_nothing(
    database: Database, tmp_path: Path, name: str, nth: int
):
    clock = SetClock(datetime.now(UTC))
    house = build(database, tmp_path, clock=clock)
    month = timedelta(days=30)
    house.billing.period = (clock.at - month, clock.at + month)
    ada = house.user()
    house.usage.balance(ada)
    batch_id = house.submit(ada, [2] * DOCUMENTS)
    assert run(house, tmp_path, f"{name}:{nth}") == -signal.SIGKILL
    left_in_work = in_work(house)
    began_s = time.monotonic()
    assert run(house, tmp_path, "") == 0
    took_s = time.monotonic() - began_s
    detail = house.detail(ada, batch_id)
    assert detail.batch.status is BatchStatus.COMPLETED
    balance = house.usage.balance(ada)
    assert (balance.used_pages, balance.reserved_pages) == (2 * DOCUMENTS, 0)
    assert len(house.notifications.unread(ada)) == 1
    assert took_s < 30
    if name not in {failpoints.CLAIMED, failpoints.RESERVED, failpoints.AFTER_COMMIT}:
        assert left_in_work > 0, "the kill fell between claim and commit"
    asked = (tmp_path / "asked").read_text().split()
    assert len(set(asked)) == DOCUMENTS
    assert len(asked) - DOCUMENTS <= left_in_work, "only what was in work is asked again"
