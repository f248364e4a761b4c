"""Numbers, sizes and times as a person reads them. Pure; the pages and states use it."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

NONE = "\N{EN DASH}"
"""Stands where there is no number."""
_KB = 1024
_MB = 1024 * 1024
_MINUTE_S = 60
_HOUR_S = 3_600
TAIL_CHARS = 11
"""The last letters of a file name, which never shrink (the extension and what is before it)."""


def count(number: int, singular: str, plural: str | None = None) -> str:
    """`1 page`, `1,000 pages`."""
    return f"{number:,} {singular if number == 1 else plural or singular + 's'}"


def size(size_bytes: int) -> str:
    """`640 KB`, `3.1 MB`."""
    if size_bytes < _MB:
        return f"{max(1, round(size_bytes / _KB))} KB"
    return f"{size_bytes / _MB:.1f} MB"


def duration(seconds: float) -> str:
    """`48 s`, `5 min 48 s`, `2 h 5 min`."""
    whole = max(0, round(seconds))
    if whole < _MINUTE_S:
        return f"{whole} s"
    if whole < _HOUR_S:
        return f"{whole // _MINUTE_S} min {whole % _MINUTE_S} s"
    return f"{whole // _HOUR_S} h {whole % _HOUR_S // _MINUTE_S} min"


def estimate(low_s: float, high_s: float) -> str:
    """A measured range: `10 to 20 s`, `2 to 4 min`."""
    if high_s >= 2 * _HOUR_S:
        low, high = max(1, round(low_s / _HOUR_S)), -(-high_s // _HOUR_S)
        return f"About {low} h" if low >= high else f"{low} to {high:.0f} h"
    if high_s < _MINUTE_S:
        return f"{max(1, round(low_s))} to {max(2, round(high_s))} s"
    low, high = max(1, round(low_s / _MINUTE_S)), max(1, -(-high_s // _MINUTE_S))
    return f"About {low} min" if low >= high else f"{low} to {high:.0f} min"


def day(moment: datetime) -> str:
    """`1 December`."""
    return f"{moment.day} {moment:%B}"


def exact(moment: datetime | None) -> str:
    """The exact time for a tooltip, UTC."""
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC" if moment else ""


def iso(moment: datetime | None) -> str:
    """ISO 8601 for a `time` element; empty where there is none."""
    return moment.isoformat() if moment else ""


def middle(name: str) -> tuple[str, str]:
    """A name in two: what may shrink, and the end that never does."""
    return (name[:-TAIL_CHARS], name[-TAIL_CHARS:]) if len(name) > TAIL_CHARS else ("", name)


def is_picture(filename: str) -> bool:
    """Whether its icon is a picture's."""
    return PurePosixPath(filename.lower()).suffix != ".pdf"
