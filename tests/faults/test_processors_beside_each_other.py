"""Several processors on one database, each with its own scheduler: no harm (row 7)."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

from tests.faults.child import ELSEWHERE, Child, Orders, asked
from tests.faults.living import assert_all_once, eventually, living, submit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ingestio.db.engine import Database

pytestmark = pytest.mark.long
SIZES = (4, 3, 3)
"""Ten workers in three processes."""


def url_of(database: Database) -> str:
    return database.engine.url.render_as_string(hide_password=False)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("documents", [300, pytest.param(2_000, marks=pytest.mark.proof)])
def test_three_processes_with_ten_workers_do_everything_once(
    either_database: Database,
    tmp_path: Path,
    child: Callable[[Orders], Child],
    figure: Callable[..., None],
    documents: int,
):
    house = living(either_database, tmp_path)
    ada = house.user()
    house.usage.balance(ada)
    submit(house, ada, documents)
    url, folder = url_of(either_database), str(tmp_path)
    began_s = time.monotonic()

    children = [child(Orders(url, folder, f"p{n}", size)) for n, size in enumerate(SIZES)]
    ends = [one.wait() for one in children]

    took_s = time.monotonic() - began_s
    assert ends == [0, 0, 0], [one.log[-2_000:] for one in children]
    calls = asked(tmp_path)
    assert_all_once(house, ada, documents, 1)
    assert len(set(calls)) == documents
    figure(
        "7",
        f"three processes on {either_database.engine.dialect.name}",
        documents=documents,
        duplicates=len(calls) - documents,
        errors=sum(one.log.count("[error") for one in children),
        took_s=round(took_s, 1),
    )
    assert len(calls) == documents
    assert all("[error" not in one.log for one in children)


def test_a_second_server_of_a_data_folder_does_not_sweep_until_the_first_is_gone(
    database: Database, tmp_path: Path, child: Callable[[Orders], Child]
):
    orders = Orders(url_of(database), str(tmp_path), "shared", is_told_when=True)
    first = child(orders)
    assert eventually(lambda: bool(first.sweeps), 20), first.log
    assert child(orders).wait(20) == ELSEWHERE

    first.signal(signal.SIGKILL)
    first.wait(5)
    swept = len(first.sweeps)
    child(orders)
    assert eventually(lambda: len(first.sweeps) > swept, 20)
