"""The threads that work documents off, and the heartbeat that keeps their leases.

Answers how many work at once, what is in work now, and how they stop. Leaves the steps themselves
to `steps`. A thread that has finished one document claims the next by itself: nobody has to wake
it, and the sweep is only there for what nobody woke for.
"""

from __future__ import annotations

import threading
from functools import partial
from typing import TYPE_CHECKING, Final

import structlog

from ingestio.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from ingestio.db.claims import Claim
    from ingestio.services.answers import Answer
    from ingestio.services.gates import Gate, Pass
    from ingestio.services.steps import Steps

log = structlog.get_logger(__name__)
_HEARTBEATS_A_LEASE: Final = 3
PUT_BACK_WITHIN_S: Final = 5.0
"""Of the time to stop in: enough for a database that restarts; one that is away gets no more."""


class Crew:
    """Up to `size` documents in work at once, in this process."""

    def __init__(self, steps: Steps, size: int, gate: Gate) -> None:
        self._steps = steps
        self._gate = gate
        self._passes: dict[tuple[UUID, int], Pass] = {}
        self._size = size
        self._changed = threading.Condition()
        self._busy = 0
        self._calls = 0
        self._held: dict[int, Claim] = {}
        self._heart: threading.Thread | None = None
        self._stopped = threading.Event()
        self.is_paused = False

    def refresh(self) -> None:
        """What other processes found out about the provider."""
        self._gate.refresh()

    @property
    def busy(self) -> int:
        """How many places are taken now."""
        return self._busy

    def hire(self) -> int:
        """Claim for every free place; how many documents were claimed and started."""
        started = 0
        while self._take_place():
            try:
                claim = self._next()
            except BaseException:
                self._leave_place()
                raise
            if claim is None:
                self._leave_place()
                return started
            self._start(claim)
            started += 1
        return started

    def drain(self, timeout_s: float) -> bool:
        """Wait until nothing is in work; whether that came true in time."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._busy, timeout_s)

    def stop(self, timeout_s: float) -> None:
        """Claim nothing more; what does not end in time goes back without costing an attempt."""
        self._stopped.set()
        if self.drain(max(timeout_s / 2, timeout_s - PUT_BACK_WITHIN_S)):
            return
        # A daemon: a database that does not even refuse does not keep the process from its end.
        last = threading.Thread(target=self._put_all_back, name="put back", daemon=True)
        last.start()
        last.join(PUT_BACK_WITHIN_S)

    def _put_all_back(self) -> None:
        for claim in tuple(self._held.values()):
            self._put_back(claim)

    def _put_back(self, claim: Claim) -> None:
        try:
            self._steps.release(claim)
        except Exception:  # whatever it is, the others go back
            log.exception("not_put_back", document_id=str(claim.document_id))

    def _start(self, claim: Claim) -> None:
        """Work it off in a thread; where the machine has none left, as if never claimed."""
        try:
            self._beat()
            threading.Thread(target=self._work, args=(claim,), name="reader", daemon=True).start()
        except BaseException:
            self._gate.turn_back(self._passes.pop((claim.document_id, claim.token)))
            self._put_back(claim)
            self._leave_place()
            raise

    @property
    def _may_claim(self) -> bool:
        return not (self.is_paused or self._stopped.is_set())

    def _take_place(self) -> bool:
        with self._changed:
            self._calls += 1
            if not self._may_claim or self._busy >= self._size:
                return False
            self._busy += 1
            return True

    def _leave_place(self) -> None:
        with self._changed:
            self._busy -= 1
            self._changed.notify_all()

    def _pass(self) -> Pass | None:
        return self._gate.enter() if self._may_claim else None

    def _next(self) -> Claim | None:
        held = self._pass()
        return self._claimed_with(held, self._steps.claim) if held else None

    def _claimed_with(self, held: Pass, claiming: Callable[[], Claim | None]) -> Claim | None:
        claim: Claim | None = None
        try:
            claim = claiming()
        finally:
            if claim is None:
                self._gate.turn_back(held)
        if claim is not None:
            self._passes[claim.document_id, claim.token] = held
            self._gate.begin(held)
        return claim

    def _work(self, claim: Claim) -> None:
        """One thread: this document, then the next, until there is none."""
        try:
            at_hand: Claim | None = claim
            while at_hand is not None:
                at_hand = self._work_off(at_hand) or self._next_or_leave()
        except Exception:
            log.exception("no_next_claim")  # what was at hand is ended or left to its lease by now
            self._leave_place()

    def _work_off(self, claim: Claim) -> Claim | None:
        """This document; the next one, where it was claimed as this one was saved."""
        me = threading.get_ident()
        self._held[me] = claim
        try:
            return self._save(claim, self._read(claim))
        except StoreUnavailable:
            # What is not saved is left to its lease, and who takes over finds the answer on disk;
            # it may be saved, and only the next one not claimed.
            log.exception("database_away", document_id=str(claim.document_id))
        except Exception as error:  # noqa: BLE001  whatever it is, it ends this document only
            self._fail(claim, error)
        finally:
            del self._held[me]
        return None

    def _save(self, claim: Claim, answer: Answer) -> Claim | None:
        held = self._pass()
        if held is None:
            self._steps.finish(claim, answer)
            return None
        return self._claimed_with(held, partial(self._steps.finish_and_claim, claim, answer))

    def _read(self, claim: Claim) -> Answer:
        """Ask the engine, and tell the gate before anything else what came of it."""
        held = self._passes.pop((claim.document_id, claim.token))
        try:
            answer = self._steps.read(claim)
        except Exception as error:
            self._gate.leave(held, error)
            judged = held.judged(error)
            if judged is error:
                raise
            raise judged from error
        if answer.was_asked:
            self._gate.leave(held)
        else:
            self._gate.leave_unasked(held)
        return answer

    def _fail(self, claim: Claim, error: Exception) -> None:
        try:
            self._steps.fail(claim, error)
        except Exception:
            log.exception("failure_not_saved", document_id=str(claim.document_id))

    def _next_or_leave(self) -> Claim | None:
        """The next claim; with none, leave the place unless somebody called meanwhile.

        A call that found every place taken counts on this thread to look once more.
        """
        while True:
            calls = self._calls
            claim = self._next()
            if claim is not None:
                return claim
            with self._changed:
                if calls == self._calls or not self._may_claim:
                    self._busy -= 1
                    self._changed.notify_all()
                    return None

    def _beat(self) -> None:
        if self._heart is None:
            heart = threading.Thread(target=self._heartbeat, name="heartbeat", daemon=True)
            heart.start()
            self._heart = heart

    def _heartbeat(self) -> None:
        """Until the crew has stopped and nothing is in work."""
        pause_s = self._steps.lease_s / _HEARTBEATS_A_LEASE
        while not (self._stopped.wait(pause_s) and self.drain(pause_s)):
            held = tuple(self._held.values())
            if not held:
                continue
            try:
                self._steps.extend(held)
            except Exception:
                log.exception("heartbeat_failed", in_work=len(held))
