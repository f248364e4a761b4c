"""A value that might be what is looked for, with what speaks for and against it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingestio.engines.local.pages import Segment


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value at one place.

    `quote` is the page's own text. `features` are named in `weights`. `surety` (0-1) is how sure
    the reading of the characters is, apart from whether this is the value wanted. `cents` and
    `currency` belong to amounts.
    """

    value: str
    segment: Segment | None
    quote: str
    features: dict[str, float] = field(default_factory=dict)
    surety: float = 1.0
    cents: int = 0
    currency: str = ""
    row: int = 0
