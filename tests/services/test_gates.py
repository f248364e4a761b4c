"""The gate before a provider, where something else fails than the provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ingestio.domain.providers import BreakerState
from ingestio.errors import AIOutOfCredit, StoreUnavailable
from ingestio.services.gates import Gate
from ingestio.services.providers import Providers

if TYPE_CHECKING:
    from tests.wiring import House


def closed_off(house: House) -> Gate:
    """A gate at a provider that may be tried now."""
    one = Gate(house.providers, house.engine.name, "one", 2, jitter=lambda: 0.5)
    house.providers.open(house.engine.name, AIOutOfCredit.code)
    one.refresh()
    house.clock.pass_s(60)
    return one


@pytest.mark.parametrize("error", [KeyError("odd"), StoreUnavailable("Away.")])
@pytest.mark.parametrize("where", ["take_probe", "end_probe", "put_probe_back", "read"])
def test_an_odd_error_at_the_shared_breaker_is_no_end_of_trying(
    house: House, monkeypatch, where: str, error: Exception
):
    one = closed_off(house)

    def broken(*_) -> None:
        raise error

    for act in (Gate.leave, Gate.turn_back):
        with monkeypatch.context() as patch:
            patch.setattr(Providers, where, broken)
            held = one.enter()
            if held:
                act(one, held)
            one.refresh()
        house.clock.pass_s(60)  # a try that could not be ended lasts as long as its lease
        house.providers.open(house.engine.name, AIOutOfCredit.code)
        one.refresh()
        house.clock.pass_s(120)
        held = one.enter()
        assert held
        assert held.is_probe
        one.turn_back(held)
        house.clock.pass_s(60)


def test_a_document_that_found_its_answer_on_disk_says_nothing_of_the_provider(house: House):
    ada = house.user()
    batch_id = house.submit(ada, [1])
    dead = house.steps("dead")
    dead.read(dead.claim())
    house.providers.open(house.engine.name, AIOutOfCredit.code)
    house.clock.pass_s(200)
    processor = house.processor("new", size=1)
    processor.run_once()
    assert processor.drain(10)

    assert house.statuses(ada, batch_id) == ["completed"]
    assert len(house.engine.asked) == 1
    assert house.providers.read(house.engine.name).state is BreakerState.OPEN

    house.submit(ada, [1])
    house.clock.pass_s(5)
    processor.run_once()
    assert processor.drain(10)
    assert house.providers.status() is None


def test_the_next_document_tries_where_the_first_had_its_answer(house: House):
    ada = house.user()
    house.submit(ada, [1, 1])
    dead = house.steps("dead")
    dead.read(dead.claim())
    house.providers.open(house.engine.name, AIOutOfCredit.code)
    house.clock.pass_s(200)
    house.engine.failures = [AIOutOfCredit("402")]
    processor = house.processor("new", size=1)
    processor.run_once()
    assert processor.drain(10)
    assert len(house.engine.asked) == 2
    assert house.providers.read(house.engine.name).failed_probes == 1


def test_in_an_outage_with_nothing_to_try_with_pages_are_left_alone(house: House):
    house.providers.open(house.engine.name, AIOutOfCredit.code)
    processor = house.processor()
    house.feed.published.clear()
    for _ in range(10):
        house.clock.pass_s(60)
        processor.run_once()
    assert house.feed.published == []

    house.submit(house.user(), [1])
    house.feed.published.clear()
    house.clock.pass_s(60)
    processor.run_once()
    assert processor.drain(10)
    assert house.feed.published.count((None, None)) == 2  # it is tried; it is back
