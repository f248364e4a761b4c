"""The gate before one provider, in this process: who may begin, and what came of it.

Answers `enter` before a claim, so that nothing is claimed which could not be read, and learns from
`leave`: it slows down where the provider asks for it (429) and holds everything back while the
provider is away. Leaves the breaker that all processes share to `providers`, threads to `crew`.
"""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import structlog

from ingestio.domain import providers as rules
from ingestio.domain.providers import CLOSED, BreakerState, Pace, Recent, Verdict
from ingestio.domain.retries import backoff_s
from ingestio.errors import AIUnavailable, StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from ingestio.domain.providers import Breaker
    from ingestio.services.providers import Providers

T = TypeVar("T")
log = structlog.get_logger(__name__)
NOTHING_TO_TRY_S: Final = 5.0
"""Where nothing waits there is nothing to try with; so soon it is looked again."""


@dataclass(frozen=True, slots=True)
class Pass:
    """One document's way through. A probe is the only one that is on its way."""

    begun_at_s: float
    is_probe: bool = False

    def judged(self, error: Exception) -> Exception:
        """The error as it counts for the document."""
        return rules.judged(error, was_probe=self.is_probe)


class Gate:
    """Up to `size` documents at one provider. Safe from many threads; never raises."""

    def __init__(
        self,
        providers: Providers,
        provider: str,
        me: str,
        size: int,
        *,
        jitter: Callable[[], float] = random.random,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._providers = providers
        self._provider = provider
        self._me = me
        self._jitter = jitter
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._pace = Pace(size, size)
        self._recent = Recent()
        self._breaker = CLOSED
        self._in_work = 0
        self._is_trying = False

    @property
    def pace(self) -> Pace:
        """How many at once, and from when."""
        return self._pace

    def enter(self) -> Pass | None:
        """A pass for one document, or None while none may begin; give each back."""
        now_s = self._monotonic()
        with self._lock:
            if not self._pace.has_room(self._in_work, now_s):
                return None
            if self._breaker.state is BreakerState.CLOSED:
                self._in_work += 1
                return Pass(now_s)
            if self._is_trying or not self._breaker.is_due(self._providers.clock.now()):
                return None
            self._is_trying = True
        return self._enter_as_probe(now_s)

    def begin(self, held: Pass) -> None:
        """There is a document to go through with: pages hear of a provider that is tried."""
        self._tell_pages(held)

    def leave(self, held: Pass, error: Exception | None = None) -> None:
        """The document was read, or failed; called before it is saved or put back."""
        verdict = rules.verdict(error)
        with self._lock:
            self._in_work -= 1
            self._learn(held, verdict, error)
            is_away = verdict is Verdict.AWAY and self._recent.is_away
        if held.is_probe:
            self._end_probe(error)
        elif error is not None and (is_away or verdict is Verdict.CLOSED):
            self._open(error)

    def turn_back(self, held: Pass) -> None:
        """There was no document to begin with."""
        self._give_back(held, NOTHING_TO_TRY_S)

    def leave_unasked(self, held: Pass) -> None:
        """Its answer was here already, which says nothing of the provider: the next one tries."""
        self._give_back(held, 0.0)
        self._tell_pages(held)

    def refresh(self) -> None:
        """At each sweep: what other processes found, and a word that our probe lives."""
        if self._is_trying:
            self._share(lambda: self._providers.keep_probe(self._provider, self._me))
        self._see(lambda: self._providers.read(self._provider))

    def _tell_pages(self, held: Pass) -> None:
        if held.is_probe:
            self._share(self._providers.tell_pages)

    def _give_back(self, held: Pass, pause_s: float) -> None:
        with self._lock:
            self._in_work -= 1
        if held.is_probe:
            try:
                self._share(
                    lambda: self._providers.put_probe_back(self._provider, self._me, pause_s)
                )
            finally:
                self._is_trying = False
            self.refresh()

    def _enter_as_probe(self, now_s: float) -> Pass | None:
        is_ours = None
        try:
            is_ours = self._share(lambda: self._providers.take_probe(self._provider, self._me))
        finally:
            if not is_ours:
                self._is_trying = False
        if not is_ours:
            self.refresh()
            return None
        with self._lock:
            self._in_work += 1
        return Pass(now_s, is_probe=True)

    def _learn(self, held: Pass, verdict: Verdict, error: Exception | None) -> None:
        now, now_s = self._providers.clock.now(), self._monotonic()
        match verdict:
            case Verdict.FINE:
                self._recent = self._recent.noted(now, is_answer=True)
                self._pace = self._pace.grown(now_s)
            case Verdict.BUSY:
                self._recent = self._recent.noted(now, is_answer=True)
                wait_s = self._wait_s(error)
                self._pace = self._pace.slowed(held.begun_at_s, now_s, wait_s)
            case Verdict.AWAY:
                self._recent = self._recent.noted(now, is_answer=False)
            case Verdict.CLOSED | Verdict.NOTHING:
                pass

    def _wait_s(self, error: Exception | None) -> float:
        """What the provider asked for; where it did not say, ever longer."""
        said_s = error.retry_after_s if isinstance(error, AIUnavailable) else None
        return said_s or backoff_s(self._pace.refusals + 1, self._jitter())

    def _open(self, error: Exception) -> None:
        reason = error.code if isinstance(error, AIUnavailable) else AIUnavailable.code
        self._see(lambda: self._providers.open(self._provider, reason))
        with self._lock:
            self._recent = Recent()

    def _end_probe(self, error: Exception | None) -> None:
        try:
            self._see(lambda: self._providers.end_probe(self._provider, self._me, error))
        finally:
            with self._lock:
                self._is_trying = False
                self._recent = Recent()

    def _see(self, read: Callable[[], Breaker]) -> None:
        seen = self._share(read)
        if seen is not None:
            self._breaker = seen

    def _share(self, act: Callable[[], T]) -> T | None:
        """The shared row; where it can't be had, this process goes by what it saw last."""
        try:
            return act()
        except StoreUnavailable:
            log.warning("provider_state_unknown", provider=self._provider)
        except Exception:  # a gate that raised would stay shut for what it was raising for
            log.exception("provider_state_unknown", provider=self._provider)
        return None
