"""A server that freezes for two leases, and goes on as if nothing had been (row 8)."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ingestio import failpoints
from ingestio.domain.documents import DocumentStatus
from tests.faults.child import Child, Orders, asked
from tests.faults.living import all_ended, assert_all_once, eventually, in_status, living, submit

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingestio.db.engine import Database

pytestmark = pytest.mark.long
LEASE_S = 1.0
TAKES_S = 0.5
SIZE = 4


def freeze(one: Child, database: Database, in_work: Callable[[], int]) -> int:
    """Stop it while its readers read; how many documents it holds."""
    for _ in range(50):
        assert eventually(lambda: in_work() == SIZE, 30), one.log[-2_000:]
        one.freeze(database)
        if in_work() == SIZE:
            return SIZE
        one.signal(signal.SIGCONT)
        time.sleep(0.05)
    raise AssertionError


@pytest.mark.timeout(300)
@pytest.mark.parametrize("times", [1, pytest.param(20, marks=pytest.mark.proof)])
def test_who_was_frozen_for_two_leases_saves_nothing_late(
    either_database: Database,
    tmp_path: Path,
    child: Callable[[Orders], Child],
    figure: Callable[..., None],
    times: int,
):
    documents = 16 * times
    house = living(either_database, tmp_path)
    ada = house.user()
    house.usage.balance(ada)
    url = either_database.engine.url.render_as_string(hide_password=False)
    sleeper = child(
        Orders(url, str(tmp_path), size=SIZE, lease_s=LEASE_S, takes_s=TAKES_S, is_told_when=True)
    )

    def in_work() -> int:
        return in_status(house, DocumentStatus.PROCESSING)

    held = 0
    for _ in range(times):
        submit(house, ada, 16)  # so that it has enough to do, however busy the machine is
        held += freeze(sleeper, either_database, in_work)
        time.sleep(2 * LEASE_S)
        other = house.processor("other", lease_s=LEASE_S, size=SIZE)
        other.run_once()  # dead leases come first
        other.stop(10)
        sleeper.signal(signal.SIGCONT)
        time.sleep(TAKES_S)
    assert eventually(lambda: in_status(house, DocumentStatus.COMPLETED) == documents, 60)
    time.sleep(TAKES_S)
    sleeper.signal(signal.SIGTERM)
    assert sleeper.wait(30) == 0

    fenced = sleeper.log.count("fenced")
    assert_all_once(house, ada, documents, 1)
    calls = len(asked(tmp_path)) + len(house.engine.asked)
    left = len(list((tmp_path / "answers").glob("*")))
    figure(
        "8",
        f"frozen for two leases, {either_database.engine.dialect.name}",
        times=times,
        held=held,
        fenced=fenced,
        double=0,
        extra_ai_calls=calls - documents,
        answers_left=left,
    )
    assert fenced == held
    assert left == 0


@pytest.mark.postgres
@pytest.mark.parametrize("place", [failpoints.RESERVED, failpoints.IN_ROLL_UP])
def test_who_was_frozen_in_mid_transaction_holds_up_nobody_for_long(
    postgres: Database,
    tmp_path: Path,
    child: Callable[[Orders], Child],
    figure: Callable[..., None],
    place: str,
):
    """It has the rows of a batch locked, and its other threads wait for them."""
    documents = 20
    house = living(postgres, tmp_path)
    ada = house.user()
    house.usage.balance(ada)
    batches = submit(house, ada, documents)
    url = postgres.engine.url.render_as_string(hide_password=False)
    sleeper = child(Orders(url, str(tmp_path), freezes_at=place, lease_s=LEASE_S))
    stat = Path(f"/proc/{sleeper.process.pid}/stat")
    assert eventually(lambda: stat.read_text().rpartition(")")[2].split()[0] == "T", 30)

    other = house.processor("other", lease_s=LEASE_S, size=SIZE)
    began_s = time.monotonic()
    assert eventually(lambda: other.run_once() >= 0 and all_ended(house, ada, batches), 40)
    held_up_s = time.monotonic() - began_s
    other.stop(5)
    sleeper.signal(signal.SIGCONT)

    assert sleeper.wait(30) == 0, sleeper.log[-2_000:]
    assert_all_once(house, ada, documents, 1)
    figure(
        "8",
        f"frozen in mid-transaction ({place}), postgresql",
        held_up_s=round(held_up_s, 1),
        double=0,
    )
    assert held_up_s < 20
    assert "Traceback" not in sleeper.log, sleeper.log[-2_000:]
