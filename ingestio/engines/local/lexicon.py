"""Which label classes a text announces, and how much of the text each explains.

Answers `classes("Invoice No.:")`. The phrases are in `vocabulary`.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from ingestio.engines.local.vocabulary import PHRASES, Label
from ingestio.engines.local.words import normal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def phrase_pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds whole phrases in normal text, longest first."""
    longest_first = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    return re.compile(r"(?:^|(?<= ))(?:" + "|".join(map(re.escape, longest_first)) + r")(?= |$)")


PATTERNS = {label: phrase_pattern(phrases) for label, phrases in PHRASES.items()}


AT_THE_END = 0.7
"""A phrase right before the value is its label, whatever else stands before."""


@lru_cache(60_000)
def classes(text: str, *, damaged: bool = False) -> Mapping[Label, float]:
    """Label classes of a text with a strength of 0-1: the share of the text that the phrase is.

    A phrase far from the text's end, so from the value, counts less.
    """
    words = normal(text, damaged=damaged)
    found: dict[Label, float] = {}
    if not words:
        return found
    for label, pattern in PATTERNS.items():
        strengths = [_strength(match, len(words)) for match in pattern.finditer(words)]
        if strengths:
            found[label] = max(strengths)
    return found


def _strength(match: re.Match[str], length: int) -> float:
    share = (match.end() - match.start()) / length
    is_near_end = length - match.end() <= 12
    strength = min(1.0, 0.35 + 0.65 * share) * (1.0 if is_near_end else 0.7)
    return max(strength, AT_THE_END) if match.end() == length else strength
