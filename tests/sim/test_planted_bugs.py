"""The simulator finds bugs that are planted in the product: each within a few lives.

The one place where our own code is patched: what is tested here is the simulator.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import bindparam, update

from ingestio.db import claims, documents, ledger, notifications, rollups, tables
from tests.sim.simulator import Violation

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sim.simulator import World

SEEDS = 12
STEPS = 150
_documents = tables.table_of(tables.Document)
_periods = tables.table_of(tables.UsagePeriod)


def no_fence(patch: pytest.MonkeyPatch) -> None:
    """Any token will do."""
    any_token = _documents.c.lease_token > bindparam("token") - 1_000
    for name in ("_END", "_PUT_BACK"):
        statement = getattr(documents, name)._clone()
        of_it = _documents.c.id == bindparam("of_document")
        statement._where_criteria = (of_it, any_token, documents._PROCESSING)
        patch.setattr(documents, name, statement)


def settled_twice(patch: pytest.MonkeyPatch) -> None:
    settle = ledger.settle

    def twice(session, document_id, generation, now) -> None:
        settle(session, document_id, generation, now)
        more = update(_periods).values(used_pages=_periods.c.used_pages + 1)
        session.connection().execute(more)

    patch.setattr(ledger, "settle", twice)


def release_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ledger, "release", lambda *_: None)


def lease_never_taken_over(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(claims, "take_over", lambda *_: None)


def counts_not_moved(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rollups, "_shift_batch", lambda *_: None)


def load_not_moved(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rollups, "shift_load", lambda *_, **__: None)


def told_again_and_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(notifications, "mark_told", lambda *_: True)


def never_resumed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(documents, "resume", lambda *_: 0)


@pytest.mark.long
@pytest.mark.parametrize(
    "plant",
    [
        no_fence,
        settled_twice,
        release_forgotten,
        lease_never_taken_over,
        counts_not_moved,
        load_not_moved,
        told_again_and_again,
        never_resumed,
    ],
)
def test_a_planted_bug_is_found(
    live: Callable[[int, int], World],
    monkeypatch: pytest.MonkeyPatch,
    plant: Callable[[pytest.MonkeyPatch], None],
):
    plant(monkeypatch)
    with pytest.raises((Violation, ledger.LedgerBroken)):
        _live_all(live)


def _live_all(live: Callable[[int, int], World]) -> None:
    for seed in range(SEEDS):
        live(seed, STEPS)
