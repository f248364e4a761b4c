"""The simulator can fail: what a bug would do to the records is refused, or found at the next look.

The database itself refuses the moves that are in no table; the rest is for the invariants.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from ingestio.db.engine import SYSTEM
from tests.sim.fate import Violation

if TYPE_CHECKING:
    from tests.sim.lives import Lives

DAMAGES = {
    "a page charged twice": "UPDATE usage_periods SET used_pages = used_pages + 1",
    "a hold forgotten": "UPDATE usage_periods SET reserved_pages = reserved_pages + 1",
    "a charge struck": "UPDATE usage_entries SET state = 'released' WHERE state = 'settled'",
    "a charge lost": "DELETE FROM usage_entries WHERE state = 'settled'",
    "a result lost": "DELETE FROM extractions",
    "a count that drifted": "UPDATE extraction_batches SET document_count = document_count + 1"
    " WHERE status <> 'pending_upload'",
    "a batch that never ends": "UPDATE extraction_batches SET status = 'processing'"
    " WHERE status = 'completed'",
    "a result without its document's end": "UPDATE documents SET status = 'failed'"
    " WHERE status = 'completed'",
    "a load that lies": "UPDATE user_load SET documents_waiting = documents_waiting + 1",
    "an end that nobody is told of": "DELETE FROM outbox",
    "a notification lost": "DELETE FROM notifications",
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_refused_or_found(lives: Lives, damage: str):
    world = lives.live(11)

    def strike(session) -> int:
        return session.connection().execute(text(DAMAGES[damage])).rowcount

    try:
        struck = world.house.database.write(SYSTEM, strike)
    except IntegrityError:
        return
    assert struck > 0
    with pytest.raises(Violation):
        world.watch.check()
