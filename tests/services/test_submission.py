"""What follows a submission cannot undo it: each part does its own, and fails by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ingestio.domain.batches import BatchStatus
from ingestio.errors import StorageUnavailable, StoreUnavailable

if TYPE_CHECKING:
    from tests.wiring import House

PARTS = ("limiter.hit", "feed.publish", "queue.wake", "analytics.event", "files.delete")
ERRORS = (StoreUnavailable("Away."), StorageUnavailable("Away."), RuntimeError("a bug"))


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize("part", PARTS)
def test_a_part_that_fails_keeps_neither_the_batch_nor_the_other_parts(
    house: House, part: str, error: Exception, monkeypatch: pytest.MonkeyPatch
):
    ada = house.user()
    draft_id = house.draft(ada, [1], refused=1)
    calls: list[str] = []
    for one in PARTS:
        thing, _, verb = one.partition(".")

        def act(*_args: object, name: str = one) -> None:
            calls.append(name)
            if name == part:
                raise error

        monkeypatch.setattr(getattr(house, thing), verb, act)

    batch_id = house.batches.submit(ada, draft_id)

    assert sorted(calls) == sorted(PARTS)
    assert house.detail(ada, batch_id).batch.status is BatchStatus.QUEUED
