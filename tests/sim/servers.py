"""What a life's servers do: the processor's steps one at a time, as the crew takes them.

Answers with steps of some server that is free, and with what a crash leaves of it: its leases and
the answers on disk stay, what it had in hands is lost.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ingestio.errors import StoreUnavailable
from ingestio.services.crew import Crew
from ingestio.services.gates import Gate
from tests.sim.fate import Crashed

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from ingestio.db.claims import Claim
    from ingestio.services.answers import Answer
    from ingestio.services.processor import Processor
    from ingestio.services.steps import Steps
    from tests.sim.fate import Fate
    from tests.sim.watch import Watch
    from tests.wiring import House

LEASE_S = 60.0
AT_ONCE = 4


@dataclass
class Work:
    """A claim in a processor's hands, and the answer once it has one."""

    claim: Claim
    answer: Answer | None = None
    error: Exception | None = None

    @property
    def is_read(self) -> bool:
        return bool(self.answer or self.error)


@dataclass
class Server:
    """One process: the processor, and the pages it serves."""

    number: int
    processor: Processor
    life: int = 1
    hands: list[Work] = field(default_factory=list)

    @property
    def steps(self) -> Steps:
        return self.processor.steps

    @property
    def crew(self) -> Crew:
        return self.processor.crew


class Servers:
    """Two or three of them."""

    def __init__(self, house: House, fate: Fate, watch: Watch, saved_alone: float) -> None:
        self._house, self._fate, self._watch = house, fate, watch
        self._saved_alone = saved_alone
        count = 3 if fate.rng.random() < 0.3 else 2
        self.all = [Server(number, self._processor(number, 1)) for number in range(count)]
        self._busy: list[Server] = []

    @contextmanager
    def on(self, server: Server) -> Generator[Server]:
        """This server does something, and may die of it."""
        self._busy.append(server)
        try:
            yield server
        except Crashed:
            self._fate.is_dying = False
            self.die(server)
        finally:
            self._busy.remove(server)

    @contextmanager
    def any(self) -> Generator[Server]:
        """The same, with some server that is free."""
        with self.on(self._fate.rng.choice(self._free())) as server:
            yield server

    def claim(self) -> None:
        with self.any() as server:
            self._claim(server)

    def read(self) -> None:
        if found := self._pick(lambda work: not work.is_read):
            with self.on(found[0]):
                self._read(*found)

    def finish(self) -> None:
        if found := self._pick(lambda work: work.is_read):
            server, work = found
            server.hands.remove(work)
            with self.on(server), suppress(StoreUnavailable):
                self._end(server, work)

    def heartbeat(self) -> None:
        with self.any() as server, suppress(StoreUnavailable):
            server.steps.extend([work.claim for work in server.hands])

    def sweep(self) -> None:
        figures = self._fate.figures
        before = figures.crashes + figures.lost_answers
        with self.any() as server:
            server.processor.sweep()
        self._fate.doubts += figures.crashes + figures.lost_answers - before

    def crash(self) -> None:
        """Killed while it waits for an answer, or does nothing at all."""
        self._fate.figures.crashes += 1
        self.die(self._fate.rng.choice(self._free()))

    def stop(self) -> None:
        """SIGTERM: what is in work goes back."""
        with self.any() as server:
            for work in server.hands:
                with suppress(StoreUnavailable):
                    server.steps.release(work.claim)
            self.die(server)

    def work_off(self) -> None:
        """The first server works until it finds nothing more."""
        server = self.all[0]
        while server.hands or self._claim(server):
            work = server.hands[0]
            self._read(server, work)
            server.hands.remove(work)
            self._end(server, work)

    def die(self, server: Server) -> None:
        """Everything in its memory is gone; the next process of its place has another name."""
        server.hands, server.life = [], server.life + 1
        server.processor = self._processor(server.number, server.life)

    def _end(self, server: Server, work: Work) -> None:
        if work.error is not None:
            server.steps.fail(work.claim, work.error)
        elif work.answer is not None and self._fate.rng.random() < self._saved_alone:
            server.steps.finish(work.claim, work.answer)
        elif work.answer is not None:
            self._take(server, server.crew._save(work.claim, work.answer))

    def _claim(self, server: Server) -> Work | None:
        with suppress(StoreUnavailable):
            return self._take(server, server.crew._next())
        return None

    def _take(self, server: Server, claim: Claim | None) -> Work | None:
        if claim is None:
            return None
        work = Work(claim)
        server.hands.append(work)
        self._fate.note(f"{server.steps.me} has {claim.document_id} {claim.token}")
        self._watch.handed(claim)
        return work

    def _read(self, server: Server, work: Work) -> None:
        try:
            work.answer = server.crew._read(work.claim)
        except Exception as error:  # noqa: BLE001  the crew catches all of them too
            work.error = error

    def _pick(self, wanted: Callable[[Work], bool]) -> tuple[Server, Work] | None:
        found = [(one, work) for one in self._free() for work in one.hands if wanted(work)]
        return self._fate.rng.choice(found) if found else None

    def _free(self) -> list[Server]:
        return [one for one in self.all if one not in self._busy]

    def _processor(self, number: int, life: int) -> Processor:
        me, house, jitter = f"p{number}.{life}", self._house, self._fate.rng.random
        steps = replace(house.steps(me, lease_s=LEASE_S), jitter=jitter)
        gate = Gate(
            house.providers,
            house.engine.name,
            me,
            AT_ONCE,
            jitter=jitter,
            monotonic=lambda: self._fate.elapsed_s,
        )
        made = house.processor(me, lease_s=LEASE_S)
        return replace(made, steps=steps, crew=Crew(steps, AT_ONCE, gate))
