"""A real SIGKILL at each named place: nothing lost, nothing charged twice, nothing stuck."""

from __future__ import annotations

import pytest

from ingestio import failpoints
from tests.sim.kills import kill_often, problems

TIMES = 5
BUSY_MACHINE_S = 8.0


@pytest.mark.long
@pytest.mark.parametrize("place", failpoints.NAMES)
def test_a_server_killed_at_a_named_place_loses_and_doubles_nothing(place: str):
    kills = kill_often([place], TIMES, seed=1_000)

    assert [problems(one, BUSY_MACHINE_S) for one in kills] == [[]] * TIMES
    if place not in {failpoints.CLAIMED, failpoints.RESERVED, failpoints.AFTER_COMMIT}:
        assert all(one.in_work for one in kills), "the kill fell between claim and commit"
