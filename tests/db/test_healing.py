"""Counts that drifted are set right when the batch ends, whatever the batch was taken for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from ingestio.db.engine import SYSTEM, Database
from ingestio.db.tables import Batch
from ingestio.domain.batches import BatchStatus
from tests.wiring import build

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("taken_for", [BatchStatus.QUEUED, BatchStatus.WAITING_FOR_QUOTA])
def test_a_batch_that_was_taken_for_another_ends_right(
    either_database: Database, tmp_path: Path, taken_for: BatchStatus
):
    house = build(either_database, tmp_path)
    ada = house.user()
    batch_id = house.submit(ada, [1, 1])
    house.work_off(times=1)
    drift = update(Batch).values(status=taken_for, document_count=1, completed_count=0)
    either_database.write(SYSTEM, lambda session: session.connection().execute(drift))

    house.batches.cancel(ada, batch_id)

    assert house.detail(ada, batch_id).batch.status is BatchStatus.COMPLETED
