"""What `doctor` says of the queue: wrong is what does not go on by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from ingestio.cli.doctor_queue import Line, lines
from ingestio.domain.batches import Pause
from ingestio.domain.beats import Beat, watch
from ingestio.domain.mails import MailHealth
from ingestio.domain.oversight import QueueCounts, QueueHealth
from ingestio.domain.providers import Outage

NOW = datetime(2026, 11, 25, 10, 42, tzinfo=UTC)
NONE = QueueCounts(0, 0, 0, 0, 0, None, 0)
WAITING = QueueCounts(1_200, 3, 4, 1, 7, NOW - timedelta(minutes=65), 2)


def said(part: str, **changes: Any) -> Line:
    """A part's line of a queue at rest, but for these."""
    rest: dict[str, Any] = {"counts": NONE, "failures": (), "pause": Pause(is_paused=False)}
    health = QueueHealth(at=NOW, finished_last_hour=0, **(rest | changes))
    return next(line for line in lines(health) if line.part == part)


def beat(ago_s: float, **changes: Any) -> Beat:
    at = NOW - timedelta(seconds=ago_s)
    return Beat("one", at, at, 2, 4, **changes)


def test_the_queue_s_line_counts_everything() -> None:
    assert said("queue", counts=WAITING).what == (
        "1,200 waiting, the oldest for 1 h 5 min; 3 of them tried later; 4 in work; "
        "1 leases to take over; 7 waiting for pages; 0 finished in the last hour"
    )


def test_failures_are_said_by_code() -> None:
    failures = (("unreadable", 12), ("declined", 1))

    assert said("failures", failures=failures).what == (
        "13 in the last day: unreadable 12, declined 1"
    )


def test_a_scheduler_that_sweeps_is_fine_and_one_that_does_not_is_wrong() -> None:
    alive = said("scheduler", watch=watch([beat(3)], NOW))
    stuck = said("scheduler", watch=watch([beat(300)], NOW))

    assert alive == Line("scheduler", "swept 3 s ago; 1 running, 2 of 4 busy")
    assert stuck.is_wrong
    assert stuck.what.startswith("swept 5 min ago")


def test_nobody_running_is_wrong_only_where_documents_wait() -> None:
    assert not said("scheduler", watch=watch([], NOW)).is_wrong
    waits = said("scheduler", watch=watch([], NOW), counts=WAITING)
    assert waits == Line("scheduler", "no processor runs, and 1,200 documents wait", is_wrong=True)


def test_a_scheduler_s_trouble_is_said() -> None:
    troubled = beat(3, trouble="job missed", trouble_at=NOW - timedelta(minutes=2))

    assert (
        "trouble in the last hour: job missed"
        in said("scheduler", watch=watch([troubled], NOW)).what
    )


def test_a_provider_that_is_away_is_wrong_and_says_who_can_help() -> None:
    at = {"since": NOW - timedelta(minutes=12), "next_try_at": NOW + timedelta(seconds=30)}
    gone = said("AI provider", outage=Outage("openai", reason="ai_unavailable", **at))
    key = said("AI provider", outage=Outage("openai", reason="ai_key_refused", **at))

    assert gone == Line(
        "AI provider",
        "openai: AI provider unavailable since 10:30 UTC, next try in 30 s.",
        is_wrong=True,
    )
    assert "OPENAI_API_KEY" in key.what


def test_a_pause_is_said_and_not_wrong() -> None:
    paused = Pause(is_paused=True, reason="moving house", at=NOW)

    assert said("processor", pause=paused) == Line(
        "processor", "paused since 2026-11-25 10:42 UTC: moving house"
    )


def test_mails_that_could_not_be_sent_say_why() -> None:
    mails = MailHealth(2, 1, 3, "550 no such user", NOW)

    assert said("mails", counts=WAITING, mails=mails).what == (
        "2 to send; 1 of them tried in vain; 3 given up in the last day; 550 no such user"
    )
