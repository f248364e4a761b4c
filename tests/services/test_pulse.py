"""A processor says that it sweeps, and how its own process sees that it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestio.services.pulse import Pulse

if TYPE_CHECKING:
    from tests.wiring import House


def nobody(_name: str) -> bool:
    return False


class EndsBefore:
    """A database in front of which the pulse ends just before its first write."""

    def __init__(self, house: House) -> None:
        self._database = house.database
        self.pulse = Pulse(self, house.clock, "one", 2)  # pyright: ignore[reportArgumentType]
        self._has_ended = False

    def __getattr__(self, name: str):
        return getattr(self._database, name)

    def write_relaxed(self, user_id, work):
        if not self._has_ended:
            self._has_ended = True
            self.pulse.end()
        return self._database.write_relaxed(user_id, work)


def test_a_beat_under_way_at_the_end_leaves_no_row(house: House):
    pulse = EndsBefore(house).pulse

    pulse.beat(0, nobody)

    assert pulse.watch().beats == ()


def test_a_process_without_a_scheduler_is_never_late(house: House):
    pulse = house.processor().pulse
    pulse.beat(0, nobody)
    house.clock.pass_s(600)

    assert pulse.own_late_s is None


def test_with_a_scheduler_a_sweep_that_never_came_is_late_as_well(house: House):
    pulse = house.processor().pulse
    pulse.promise()
    house.clock.pass_s(61)
    assert pulse.own_late_s == 61

    pulse.beat(0, nobody)

    assert pulse.own_late_s == 0
    pulse.note("failed")
    house.clock.pass_s(3)
    assert pulse.own_late_s == 3
    pulse.end()
    assert pulse.own_late_s is None
