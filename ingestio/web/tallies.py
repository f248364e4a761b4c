"""A batch's counts as a bar and as words, the same on every page."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from ingestio.web.components.progress import segmented_bar

if TYPE_CHECKING:
    import reflex as rx

    from ingestio.domain.batches import Counts


class Shares(TypedDict):
    """The bar: percent by how the documents stand, and all of it in words."""

    done: float
    fail: float
    stop: float
    work: float
    wait: float
    ended: float
    words: str


def shares(counts: Counts) -> Shares:
    """The bar of these counts."""
    return Shares(
        done=_share(counts.completed, counts),
        fail=_share(counts.failed, counts),
        stop=_share(counts.cancelled, counts),
        work=_share(counts.in_work, counts),
        wait=_share(counts.waiting, counts),
        ended=_share(counts.ended, counts),
        words=words(counts),
    )


def words(counts: Counts) -> str:
    """`5 completed, 1 failed, 2 in work of 12 documents`."""
    parts = (
        (counts.completed, "completed"),
        (counts.failed, "failed"),
        (counts.cancelled, "cancelled"),
        (counts.in_work, "in work"),
        (counts.waiting, "waiting for quota"),
    )
    said = ", ".join(f"{number} {word}" for number, word in parts if number)
    noun = "document" if counts.total == 1 else "documents"
    return f"{said or 'None started'} of {counts.total} {noun}"


def _share(number: int, counts: Counts) -> float:
    return round(100 * number / counts.total, 2) if counts.total else 0.0


def counts_bar(bar: rx.Var[Shares], size: str | rx.Var[str] = "") -> rx.Component:
    """Completed, failed, cancelled, in work, waiting; the rest is pending."""
    segments = [(name, bar[name]) for name in ("done", "fail", "stop", "work", "wait")]
    return segmented_bar(segments, label=bar["words"], size=size, now=bar["ended"])
