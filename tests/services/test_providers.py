"""A provider that is away: one breaker for all processes, and a gate in each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from ingestio.domain.providers import BreakerState, Outage
from ingestio.errors import AIBusy, AIKeyRefused, AIOutOfCredit, AIUnavailable, Encrypted
from ingestio.services.gates import Gate
from ingestio.services.notifications import Notifications
from ingestio.services.providers import Providers
from tests.fakes import RememberingFeed, SetClock

if TYPE_CHECKING:
    from ingestio.db.engine import Database
    from tests.wiring import House

AWAY = AIUnavailable("500")


class Ticks:
    """Seconds that a test lets pass."""

    def __init__(self) -> None:
        self.at_s = 1_000.0

    def __call__(self) -> float:
        return self.at_s


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


def gate(house: House, me: str = "one", *, size: int = 8, ticks: Ticks | None = None) -> Gate:
    return Gate(house.providers, "stub", me, size, jitter=lambda: 0.5, monotonic=ticks or Ticks())


def fail(one: Gate, error: Exception = AWAY, times: int = 5) -> None:
    for _ in range(times):
        held = one.enter()
        assert held
        one.leave(held, error)


def test_five_failures_hold_everything_back_for_a_minute_then_one_tries(house: House):
    one = gate(house)
    since = house.clock.now()
    fail(one, times=4)
    assert house.providers.status() is None
    fail(one, times=1)

    outage = house.providers.status()
    assert outage
    assert (outage.provider, outage.since, outage.reason) == ("stub", since, "ai_unavailable")
    assert (outage.next_try_at - since).total_seconds() == 60
    assert one.enter() is None
    house.clock.pass_s(59)
    assert one.enter() is None
    house.clock.pass_s(1)
    held = one.enter()
    assert held
    assert held.is_probe
    assert one.enter() is None
    assert house.providers.status().is_being_tried
    one.leave(held)
    assert house.providers.status() is None
    assert one.enter()


def test_a_failed_try_holds_everything_back_for_another_minute(house: House):
    one = gate(house)
    fail(one)
    house.clock.pass_s(60)
    one.leave(one.enter(), AWAY)
    assert one.enter() is None
    house.clock.pass_s(59)
    assert one.enter() is None
    house.clock.pass_s(1)
    assert one.enter().is_probe


def test_a_breaker_holds_in_every_process_and_after_a_restart(house: House):
    one, two = gate(house), gate(house, "two")
    fail(one)
    two.refresh()
    restarted = gate(house, "three")
    restarted.refresh()
    assert [g.enter() for g in (one, two, restarted)] == [None] * 3
    house.clock.pass_s(60)
    held = two.enter()
    assert held.is_probe
    assert one.enter() is None
    two.leave(held)
    one.refresh()
    assert one.enter()


def test_of_many_processes_exactly_one_tries(either_database: Database):
    clock = SetClock()
    shared = Providers(either_database, RememberingFeed(), clock)
    gates = [Gate(shared, "stub", f"process {n}", 4) for n in range(8)]
    fail(gates[0])
    for one in gates:
        one.refresh()
    clock.pass_s(60)
    with ThreadPoolExecutor(8) as threads:
        held = [one for one in threads.map(Gate.enter, gates * 3) if one]
    assert [one.is_probe for one in held] == [True]


def test_a_prober_that_died_is_followed_by_another(house: House):
    one, two = gate(house), gate(house, "two")
    fail(one)
    two.refresh()
    house.clock.pass_s(60)
    assert one.enter().is_probe
    house.clock.pass_s(29)
    one.refresh()  # it lives: its document takes long
    house.clock.pass_s(29)
    two.refresh()
    assert two.enter() is None
    house.clock.pass_s(2)
    held = two.enter()
    assert held.is_probe
    two.leave(held, AWAY)
    assert two.enter() is None


def test_who_lost_the_try_does_not_decide_it(house: House):
    one, two = gate(house), gate(house, "two")
    fail(one)
    two.refresh()
    house.clock.pass_s(60)
    late = one.enter()
    house.clock.pass_s(31)
    two.refresh()
    held = two.enter()
    one.leave(late)
    assert house.providers.read("stub").state is BreakerState.PROBING
    two.leave(held, AWAY)
    assert house.providers.read("stub").state is BreakerState.OPEN


def test_with_nothing_to_try_with_it_is_looked_again_soon(house: House):
    one = gate(house)
    fail(one)
    house.clock.pass_s(60)
    one.turn_back(one.enter())
    assert one.enter() is None
    house.clock.pass_s(5)
    assert one.enter().is_probe


@pytest.mark.parametrize("error", [AIKeyRefused("401"), AIOutOfCredit("429")])
def test_what_only_an_operator_can_mend_is_told_each_administrator_once(house: House, error):
    root, other = (house.user(f"{n}@example.org", is_admin=True) for n in ("root", "other"))
    ada = house.user()
    bell = Notifications(house.database, house.feed, house.clock, None, "http://localhost")
    one, two = gate(house), gate(house, "two")
    first, second = one.enter(), two.enter()
    one.leave(first, error)
    two.leave(second, error)
    tries = 0
    for _ in range(720):
        house.clock.pass_s(5)
        for at in (one, two):
            at.refresh()
            if held := at.enter():
                tries += 1
                at.leave(held, error)

    assert [len(bell.unread(one)) for one in (root, other, ada)] == [1, 1, 0]
    assert house.providers.status().reason == error.code
    assert tries == 8  # after 1, 2, 4, 8 and then 10 minutes each: not once a minute


def test_pages_hear_of_every_change(house: House):
    one = gate(house)
    fail(one)
    assert house.feed.published == [(None, None)]
    house.clock.pass_s(60)
    held = one.enter()
    one.begin(held)
    assert house.feed.published == [(None, None)] * 2
    one.leave(held)
    assert house.feed.published == [(None, None)] * 3


def test_our_own_failures_never_open_it(house: House):
    fail(gate(house), Encrypted("Locked."), times=50)
    fail(gate(house), ZeroDivisionError(), times=50)
    assert house.providers.status() is None


def test_a_refusal_to_go_faster_holds_all_and_halves(house: House, ticks: Ticks):
    one = gate(house, ticks=ticks)
    held = [one.enter() for _ in range(8)]
    assert one.enter() is None
    ticks.at_s += 1
    for each in held:
        one.leave(each, AIBusy("429", retry_after_s=7))
    assert one.pace.not_before_s - ticks() == 7
    ticks.at_s += 6.9
    assert one.enter() is None
    ticks.at_s += 0.1
    assert [bool(one.enter()) for _ in range(5)] == [True] * 4 + [False]
    assert house.providers.status() is None


def test_without_a_time_to_come_back_the_waits_grow(house: House, ticks: Ticks):
    one = gate(house, ticks=ticks)
    waits_s = []
    for _ in range(9):
        held = one.enter()
        ticks.at_s += 0.5
        one.leave(held, AIBusy("429"))
        waits_s.append(one.pace.not_before_s - ticks())
        ticks.at_s = one.pace.not_before_s
    assert waits_s == [5, 10, 20, 40, 80, 160, 300, 300, 300]


def test_a_thousand_refusals_in_a_row_are_no_error_of_ours(house: House, ticks: Ticks):
    one = gate(house, ticks=ticks)
    for _ in range(1_100):
        held = one.enter()
        ticks.at_s += 0.5
        one.leave(held, AIBusy("429", retry_after_s=1))
        ticks.at_s = one.pace.not_before_s
    one.leave(one.enter(), AIBusy("429"))
    assert one.pace.not_before_s - ticks() == 300


def test_documents_wait_without_losing_an_attempt(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [1] * 3)
    house.engine.failures = [AIKeyRefused("401") for _ in range(9)]
    processor = house.processor(size=1)
    for _ in range(3):
        processor.run_once()
        assert processor.drain(5)
    rows = house.detail(ada, batch_id).documents
    assert [row.status.value for row in rows] == ["uploaded"] * 3
    assert len(house.engine.asked) == 1
    assert isinstance(house.providers.status(), Outage)

    house.engine.failures = []
    for _ in range(3):
        house.clock.pass_s(61)
        processor.run_once()
        assert processor.drain(5)
    assert house.statuses(ada, batch_id) == ["completed"] * 3
    assert house.providers.status() is None


@pytest.mark.long
def test_a_long_outage_fails_no_document(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [1] * 6)
    house.engine.failures = [AIUnavailable("500") for _ in range(40)]
    processor = house.processor(size=1)
    for _ in range(250):
        processor.run_once()
        assert processor.drain(5)
        house.clock.pass_s(20)
    assert house.engine.failures == []
    assert house.statuses(ada, batch_id) == ["completed"] * 6
