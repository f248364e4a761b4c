"""A provider's breaker and pace: tables of cases (`reliability`)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from ingestio.domain import wording
from ingestio.domain.providers import (
    CLOSED,
    Breaker,
    BreakerState,
    Outage,
    Pace,
    Recent,
    Verdict,
    after_probe,
    judged,
    opened,
    verdict,
)
from ingestio.errors import (
    AIBusy,
    AIKeyRefused,
    AIOutOfCredit,
    AIStillAway,
    AIUnavailable,
    Declined,
    ReaderCrashed,
    StorageUnavailable,
    Unreadable,
)

NOW = datetime(2026, 3, 10, 10, 42, tzinfo=UTC)
AWAY, KEY, CREDIT = "ai_unavailable", "ai_key_refused", "ai_out_of_credit"


def later(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (None, Verdict.FINE),
        (Declined("No."), Verdict.FINE),
        (AIBusy("Slow."), Verdict.BUSY),
        (AIUnavailable("500"), Verdict.AWAY),
        (AIStillAway("500"), Verdict.CLOSED),
        (AIKeyRefused("401"), Verdict.CLOSED),
        (Unreadable("Damaged."), Verdict.NOTHING),
        (ReaderCrashed("Ours."), Verdict.NOTHING),
        (StorageUnavailable("Ours."), Verdict.NOTHING),
        (ZeroDivisionError(), Verdict.NOTHING),
    ],
)
def test_what_an_outcome_says_about_the_provider(error, expected):
    assert verdict(error) is expected


@pytest.mark.parametrize(
    ("outcomes", "is_away"),
    [
        ([(0, False)] * 4, False),
        ([(0, False)] * 5, True),
        ([(0, False), (29, False), (29, False), (29, False), (29, False)], True),
        ([(0, False), (30, False), (30, False), (30, False), (30, False)], False),
        ([(0, True)] * 5 + [(1, False)] * 5, True),
        ([(0, True)] * 6 + [(1, False)] * 5, False),
        ([(20, False)] * 5 + [(0, True)], False),  # the clock went back
    ],
)
def test_five_failures_in_half_a_minute_that_are_half_of_what_came_back(outcomes, is_away):
    recent = Recent()
    for at, is_answer in outcomes:
        recent = recent.noted(later(at), is_answer=is_answer)
    assert recent.is_away is is_away


def test_it_opens_once_and_again_only_for_something_graver():
    away = opened(CLOSED, AWAY, NOW)
    assert away == Breaker(BreakerState.OPEN, AWAY, NOW, later(60))
    assert opened(away, AWAY, later(5)) is None
    no_key = opened(away, KEY, later(5))
    assert no_key == Breaker(BreakerState.OPEN, KEY, NOW, later(65))
    assert opened(no_key, AWAY, later(6)) is None
    assert opened(no_key, KEY, later(6)) is None


@pytest.mark.parametrize(
    ("error", "pauses_s"),
    [
        (AIUnavailable("500"), [60, 60, 60, 60]),
        (AIOutOfCredit("Top up."), [120, 240, 480, 600, 600]),
    ],
)
def test_the_pauses_between_tries(error, pauses_s):
    breaker = opened(CLOSED, error.code, NOW)
    for pause_s in pauses_s:
        at = breaker.next_try_at
        assert breaker.is_due(at)
        assert not breaker.is_due(at - timedelta(seconds=1))
        breaker = after_probe(breaker, error, at)
        assert breaker.next_try_at - at == timedelta(seconds=pause_s)
        assert breaker.opened_at == NOW


@pytest.mark.parametrize("error", [None, AIBusy("429"), Declined("No.")])
def test_an_answer_closes_it(error):
    assert after_probe(opened(CLOSED, AWAY, NOW), error, later(60)) == CLOSED


def test_a_try_that_says_nothing_is_followed_by_the_next_at_once():
    tried = after_probe(opened(CLOSED, AWAY, NOW), Unreadable("Damaged."), later(60))
    assert (tried.state, tried.next_try_at) == (BreakerState.OPEN, later(60))


def test_a_clock_that_went_back_holds_nothing_up():
    assert opened(CLOSED, KEY, NOW).is_due(NOW - timedelta(hours=1))
    assert not CLOSED.is_due(NOW)


def test_finding_a_provider_still_away_costs_the_document_nothing():
    away, no_key = AIUnavailable("500"), AIKeyRefused("401")
    assert isinstance(judged(away, was_probe=True), AIStillAway)
    assert judged(away, was_probe=False) is away
    assert judged(no_key, was_probe=True) is no_key


def test_a_burst_of_refusals_halves_once_and_each_of_the_next_round_again():
    pace = Pace(32, 32)
    for _ in range(32):
        pace = pace.slowed(begun_at_s=100.0, now_s=101.0, wait_s=7.0)
    assert (pace.at_once, pace.not_before_s) == (16, 108.0)
    assert not pace.has_room(0, 107.9)
    assert pace.has_room(15, 108.0)
    assert not pace.has_room(16, 108.0)
    for at in range(110, 200, 10):
        pace = pace.slowed(at, at + 1, 0)
    assert pace.at_once == 1


def test_it_grows_by_one_after_each_while_of_success_up_to_what_it_was():
    pace = Pace(4, 4).slowed(100.0, 100.0, 7.0)
    assert pace.at_once == 2
    assert pace.grown(116.9).at_once == 2
    pace = pace.grown(117.0)
    assert pace.at_once == 3
    assert pace.grown(126.9).at_once == 3
    assert pace.grown(127.0) == Pace(4, 4)
    assert Pace(4, 4).grown(1_000.0) == Pace(4, 4)


@pytest.mark.parametrize(
    ("reason", "is_tried", "sentence"),
    [
        (AWAY, False, "AI provider unavailable since 10:42, next try in 30 s."),
        (AWAY, True, "AI provider unavailable since 10:42, next try now."),
        (KEY, False, "The AI provider refuses our key. Since 10:42, next try in 30 s."),
    ],
)
def test_an_outage_in_words(reason, is_tried, sentence):
    what = Outage("openai", NOW, later(60), reason, is_being_tried=is_tried)
    assert wording.outage(what, later(30), "10:42") == sentence


def test_a_long_pause_in_words():
    what = Outage("openai", NOW, later(600), CREDIT)
    assert wording.outage(what, NOW, "10:42").endswith("next try in 10 min.")
    assert "Top up" in wording.remedy(CREDIT)
