"""Named places where a test lets the process die. No-ops unless one was armed.

Answers how the kill tests stop a server at an exact step, in the product itself: what is tested is
what runs. Armed from `INGESTIO_FAILPOINT`, as `name` or `name:n` for the n-th time it is reached.
"""

from __future__ import annotations

import os
import signal
import threading
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

CLAIMED: Final = "claimed"
RESERVED: Final = "reserved"
AFTER_CLAIM: Final = "after-claim"
BEFORE_EXTRACT: Final = "before-extract"
AFTER_EXTRACT: Final = "after-extract"
IN_ROLL_UP: Final = "in-roll-up"
BEFORE_COMMIT: Final = "before-commit"
AFTER_COMMIT: Final = "after-commit"
MAIL_SENT: Final = "mail-sent"
"""A mail is out, and not yet marked as sent."""
NAMES: Final = (
    *(CLAIMED, RESERVED, AFTER_CLAIM, BEFORE_EXTRACT, AFTER_EXTRACT),
    *(IN_ROLL_UP, BEFORE_COMMIT, AFTER_COMMIT),
)
"""The way of a document. `claimed` to `after-claim` is its first transaction, `in-roll-up` to
`after-commit` its last."""
BEGIN: Final = "begin"
COMMIT: Final = "commit"
COMMITTED: Final = "committed"
BORDERS: Final = (BEGIN, COMMIT, COMMITTED)
"""Of every writing transaction: before it begins, before it is committed, and after."""


class _Armed:
    """What happens at which place; one for the process."""

    def __init__(self) -> None:
        self.on_hit: Callable[[str], None] | None = None


_armed = _Armed()


def hit(name: str) -> None:
    """This process has come to a named place."""
    if _armed.on_hit is not None:
        _armed.on_hit(name)


def arm(setting: str) -> None:
    """Die at the place that the setting names; empty disarms."""
    if not setting:
        on_hit(None)
        return
    name, _, nth = setting.partition(":")
    known = (*NAMES, MAIL_SENT, *BORDERS)
    if name not in known:
        msg = f"INGESTIO_FAILPOINT is one of {', '.join(known)}, not {name}."
        raise ValueError(msg)
    on_hit(_Killer(name, int(nth or 1)))


def on_hit(action: Callable[[str], None] | None) -> None:
    """Do this at every named place: the simulator's crashes."""
    _armed.on_hit = action


class _Killer:
    """SIGKILL at the n-th time: no handler runs, no buffer is flushed."""

    def __init__(self, name: str, nth: int) -> None:
        self._name = name
        self._left = nth
        self._lock = threading.Lock()

    def __call__(self, name: str) -> None:
        if name != self._name:
            return
        with self._lock:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
