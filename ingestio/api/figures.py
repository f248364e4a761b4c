"""The queue's figures in Prometheus's text format (Spec 9.2): what `/metrics` answers.

Pure: figures in, text out. Leaves counting to the admin service, and who may look to `operations`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ingestio.domain.oversight import QueueHealth


class Figure(NamedTuple):
    """One number, or one for each value of a label."""

    name: str
    about: str
    values: Iterable[tuple[Mapping[str, str], float]]


def figure(name: str, about: str, value: float) -> Figure:
    """A number without labels."""
    return Figure(name, about, [({}, value)])


def of_queue(health: QueueHealth) -> list[Figure]:
    """The queue's, as the administrators' page and `ingestio doctor` have them."""
    counts = health.counts
    return [
        figure("ingestio_documents_waiting", "Documents that nobody has claimed", counts.waiting),
        figure("ingestio_documents_put_back", "Of these, tried again later", counts.put_back),
        figure("ingestio_documents_in_work", "Documents under a lease", counts.in_work),
        figure("ingestio_leases_dead", "Leases that ran out, to be taken over", counts.dead_leases),
        figure(
            "ingestio_documents_waiting_for_quota",
            "Documents that wait for pages",
            counts.waiting_for_quota,
        ),
        figure(
            "ingestio_oldest_waiting_seconds",
            "Since the oldest waiting document was submitted or retried",
            round(health.oldest_waiting_s or 0, 3),
        ),
        figure(
            "ingestio_documents_finished_last_hour",
            "Documents that were completed or failed, each once",
            health.finished_last_hour,
        ),
        Figure(
            "ingestio_documents_failed_last_day",
            "Documents that failed and were not retried, by code",
            [({"code": code}, documents) for code, documents in health.failures],
        ),
        figure("ingestio_mails_waiting", "Mails that are still to be sent", counts.mails_waiting),
        figure("ingestio_processor_paused", "1 while paused", int(health.pause.is_paused)),
        *_of_processors(health),
        figure(
            "ingestio_provider_away",
            "1 while the AI provider gives no answers",
            int(health.outage is not None),
        ),
    ]


def _of_processors(health: QueueHealth) -> list[Figure]:
    """Who works documents off, and when somebody swept last."""
    watch = health.watch
    if watch is None:
        return []
    late_s = round(watch.late_s, 3) if watch.late_s is not None else -1
    return [
        figure("ingestio_processors", "Processors that said something", len(watch.beats)),
        figure("ingestio_last_sweep_age_seconds", "Since a processor swept, -1: none runs", late_s),
        figure("ingestio_processor_stuck", "1 while nobody sweeps", int(health.is_stuck)),
    ]


def text_of(figures: Iterable[Figure]) -> str:
    """All of them, as a scraper reads them."""
    return "".join(_lines(one) for one in figures)


def _lines(one: Figure) -> str:
    head = f"# HELP {one.name} {one.about}.\n# TYPE {one.name} gauge\n"
    return head + "".join(f"{one.name}{_labels(by)} {value}\n" for by, value in one.values)


def _labels(by: Mapping[str, str]) -> str:
    """`{code="unreadable"}`, its values escaped; nothing for none."""
    escaped = {
        key: value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
        for key, value in by.items()
    }
    inside = ",".join(f'{key}="{value}"' for key, value in escaped.items())
    return f"{{{inside}}}" if inside else ""
