"""What is printed where: JSON lines as the result, a progress bar for whoever sits there."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

T = TypeVar("T")
BAR_CHARS: Final = 30


def line(result: dict[str, Any]) -> None:
    """One JSON line of the result, seen at once also through a pipe."""
    print(json.dumps(result, ensure_ascii=False), flush=True)


def note(text: str) -> None:
    """A message, beside the result."""
    print(text, file=sys.stderr, flush=True)


def with_progress(items: Iterable[T], total: int) -> Iterator[T]:
    """The items, with a bar on a terminal while they come."""
    if not sys.stderr.isatty():
        yield from items
        return
    for number, item in enumerate(items, 1):
        yield item
        bar = "#" * (BAR_CHARS * number // total)
        end = "\n" if number == total else ""
        print(f"\r{bar:<{BAR_CHARS}} {number}/{total}", end=end, file=sys.stderr, flush=True)
