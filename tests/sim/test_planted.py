"""The simulator can fail: what a bug would do to the records is found after that very step."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ingestio.db.engine import SYSTEM
from tests.sim.simulator import Violation

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sim.simulator import World

DAMAGES = {
    "a page charged twice": "UPDATE usage_periods SET used_pages = used_pages + 1",
    "a hold forgotten": "UPDATE usage_periods SET reserved_pages = reserved_pages + 1",
    "a charge struck": "UPDATE usage_entries SET state = 'released' WHERE state = 'settled'",
    "a count that drifted": "UPDATE extraction_batches SET document_count = document_count + 1"
    " WHERE status <> 'pending_upload'",
    "a batch that never ends": "UPDATE extraction_batches SET status = 'processing'"
    " WHERE status = 'completed'",
    "a result without its document's end": "UPDATE documents SET status = 'failed'"
    " WHERE status = 'completed'",
    "a load that lies": "UPDATE user_load SET documents_waiting = documents_waiting + 1",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_after_its_step(live: Callable[[int, int], World], damage: str):
    world = live(11, 150)

    def strike(session) -> int:
        return session.connection().execute(text(DAMAGES[damage])).rowcount

    assert world.house.database.write(SYSTEM, strike) > 0
    with pytest.raises(Violation):
        world._check()
