"""What goes wrong in a life, and when: one generator decides everything, so a seed repeats it.

Answers whether a process dies here, whether an outside call fails, what is tried next. Leaves what
follows from it to the product, and what must hold then to `watch`.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, dataclass
from random import Random
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from datetime import datetime

DEATHS = 0.011
"""At each border and outside call: about one step in twenty ends with a dead process."""


class Crashed(BaseException):
    """The process dies here. Not an Exception: nothing in the product may catch it."""


class Violation(BaseException):
    """Something does not hold; says of which seed and after which step. Not to be caught either."""


@dataclass
class Figures:
    """What happened in some lives."""

    lives: int = 0
    steps: int = 0
    commits_checked: int = 0
    crashes: int = 0
    lost_answers: int = 0
    overtaken: int = 0
    fenced: int = 0
    taken_over: int = 0
    ai_calls: int = 0
    ai_calls_twice: int = 0
    completed: int = 0
    mails: int = 0

    def __add__(self, other: Figures) -> Figures:
        more = asdict(other)
        return Figures(**{name: value + more[name] for name, value in asdict(self).items()})

    def __str__(self) -> str:
        return ", ".join(f"{value:,} {name}" for name, value in asdict(self).items())


class Fate:
    """One life's luck, and what was noted of it."""

    def __init__(self, seed: int, now: Callable[[], datetime]) -> None:
        self.seed = seed
        self.rng = Random(seed)  # noqa: S311  a life must repeat to the letter
        self.has_faults = True
        self.is_dying = False
        self.elapsed_s = 0.0
        self.doubts = 0
        self.trace: list[str] = []
        self.figures = Figures(lives=1)
        self._now = now

    def chance(self, share: float) -> bool:
        """Whether a fault happens; never once the faults have stopped."""
        return self.has_faults and self.rng.random() < share

    def maybe_die(self, place: str) -> None:
        """This may be the process's last place.

        Raises:
            Crashed: also wherever a dying process still comes by: the dead write nothing.
        """
        if self.is_dying:
            raise Crashed
        if self.chance(DEATHS):
            self.is_dying = True
            self.figures.crashes += 1
            self.note(f"dies at {place}")
            raise Crashed

    @contextmanager
    def outside(self, place: str) -> Generator[None]:
        """A call to the outside world: the process may die before it, and after it was done."""
        self.maybe_die(f"before {place}")
        yield
        self.maybe_die(f"after {place}")

    def note(self, text: str) -> None:
        """Keep what happened, for who reads a violation."""
        self.trace.append(f"{self._now().isoformat()} {text}")

    def violated(self, broken: list[str]) -> NoReturn:
        """Stop this life.

        Raises:
            Violation
        """
        last = "\n  ".join(self.trace[-16:])
        raise Violation(f"seed {self.seed}, step {self.figures.steps}: {broken}\n  {last}")
