"""What `doctor` says of the queue: the figures of the admin page and `/metrics`, in lines.

Pure: figures in, lines out. A provider that gives no answers is wrong; a pause is an act, and said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ingestio.domain import wording
from ingestio.domain.providers import FOR_A_PERSON

if TYPE_CHECKING:
    from ingestio.domain.oversight import QueueHealth

_MINUTE_S = 60
_HOUR_S = 3_600


class Line(NamedTuple):
    """One part: how it stands, and whether that is wrong."""

    part: str
    what: str
    is_wrong: bool = False


def lines(health: QueueHealth) -> list[Line]:
    """Queue, failures, provider, pause."""
    return [
        Line("queue", _queue(health)),
        Line("failures", _failures(health)),
        Line("mails", _mails(health)),
        _provider(health),
        _scheduler(health),
        Line("processor", _processor(health)),
    ]


def _queue(health: QueueHealth) -> str:
    counts, oldest_s = health.counts, health.oldest_waiting_s
    oldest = f", the oldest for {_span(oldest_s)}" if oldest_s is not None else ""
    parts = [
        f"{counts.waiting:,} waiting{oldest}",
        f"{counts.put_back:,} of them tried later",
        f"{counts.in_work:,} in work",
        f"{counts.dead_leases:,} leases to take over",
        f"{counts.waiting_for_quota:,} waiting for pages",
        f"{health.finished_last_hour:,} finished in the last hour",
    ]
    return "; ".join(parts)


def _failures(health: QueueHealth) -> str:
    by_code = ", ".join(f"{code} {documents:,}" for code, documents in health.failures)
    return f"{health.failed:,} in the last day{f': {by_code}' if by_code else ''}"


def _provider(health: QueueHealth) -> Line:
    outage = health.outage
    if outage is None:
        return Line("AI provider", "no outage")
    said = wording.outage(outage, health.at, f"{outage.since:%H:%M} UTC")
    needs_a_person = outage.reason in FOR_A_PERSON
    remedy = f" {wording.remedy(outage.reason)}" if needs_a_person else ""
    return Line("AI provider", f"{outage.provider}: {said}{remedy}", is_wrong=True)


def _mails(health: QueueHealth) -> str:
    parts, mails = [f"{health.counts.mails_waiting:,} to send"], health.mails
    if mails and mails.failing:
        parts.append(f"{mails.failing:,} of them tried in vain")
    if mails and mails.given_up:
        parts.append(f"{mails.given_up:,} given up in the last day")
    if mails and mails.reason:
        parts.append(mails.reason)
    return "; ".join(parts)


def _scheduler(health: QueueHealth) -> Line:
    """Whether anybody sweeps."""
    watch = health.watch
    if watch is None or watch.late_s is None:
        said = "no processor runs"
        waits = f", and {health.counts.waiting:,} documents wait" if health.is_stuck else ""
        return Line("scheduler", said + waits, is_wrong=health.is_stuck)
    taken, places = sum(b.in_work for b in watch.beats), sum(b.places for b in watch.beats)
    said = f"swept {_span(watch.late_s)} ago; {len(watch.beats)} running, {taken} of {places} busy"
    if watch.trouble:
        said += f"; trouble in the last hour: {watch.trouble.trouble}"
    return Line("scheduler", said, is_wrong=health.is_stuck)


def _processor(health: QueueHealth) -> str:
    pause = health.pause
    if not pause.is_paused:
        return "not paused"
    since = f" since {pause.at:%Y-%m-%d %H:%M} UTC" if pause.at else ""
    return f"paused{since}: {pause.reason}"


def _span(seconds: float) -> str:
    """`48 s`, `5 min`, `2 h 5 min`."""
    whole = round(seconds)
    if whole < _MINUTE_S:
        return f"{whole} s"
    minutes = whole // _MINUTE_S
    if whole < _HOUR_S:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"
