"""Seeded lives of the whole processor: the real services and the real SQL, everything else faked.

Two or three servers take their steps one at a time, in an order that a seed decides. A process may
die before, in and after every transaction and every outside call, and another one may come between
two transactions of the same step; users submit, cancel, delete, retry and change their plans; the
clock jumps; engine, files and mails fail. After each commit everything in `watch` holds, at the end
everything in `rest`. A seed gives the same life to the letter.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING
from uuid import UUID

import structlog
from sqlmodel import col, select

from ingestio import failpoints
from ingestio.db.engine import SYSTEM, Database
from ingestio.db.tables import Document
from ingestio.errors import StoreUnavailable
from tests.fakes import SetClock
from tests.sim.fate import Crashed, Fate, Violation
from tests.sim.outside import Engine, Feed, Files, Mailer, PaidOnce
from tests.sim.people import People
from tests.sim.rest import mistold, unfinished
from tests.sim.servers import Servers
from tests.sim.watch import Watch
from tests.wiring import House, build

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

    from structlog.typing import EventDict

STEPS = 150
ROUNDS_TO_REST = 20
SAVED_ALONE = 0.3
"""As a share: else the next document is claimed in the same transaction, as the crew does it."""
OVERTAKEN = 0.08
LOST_ANSWERS = 0.004
EXPECTED_ERRORS = frozenset({"extraction_bug"})
"""Events at error level that a fault of the simulation brings about; any other is a violation."""


class World:
    """One life."""

    def __init__(
        self, seed: int, database: Database, folder: Path, *, saved_alone: float = SAVED_ALONE
    ) -> None:
        clock = SetClock()
        self.fate = Fate(seed, clock.now)
        self.house: House = build(
            database,
            folder,
            clock=clock,
            engine=Engine(self.fate),
            files=Files(self.fate),
            feed=Feed(self.fate),
            mailer=Mailer(self.fate),
        )
        answers = PaidOnce(folder / "answers", self.fate)
        object.__setattr__(self.house.extraction, "answers", answers)
        self.house.new_id = lambda: UUID(int=self.fate.rng.getrandbits(128), version=4)
        self.watch = Watch(database, self.fate)
        self.servers = Servers(self.house, self.fate, self.watch, saved_alone)
        self.people = People(self.house, self.fate, self.servers)
        self._verbs = _verbs(self.servers, self.people)
        self._is_between = False
        self._errors: list[str] = []

    @property
    def trace(self) -> list[str]:
        """What happened, in order."""
        return self.fate.trace

    def live(self, steps: int = STEPS) -> None:
        """Take so many steps, then let the faults stop and everything come to its end.

        Raises:
            Violation
        """
        self.people.submit()
        with self._heard(), self._borders():
            for _ in range(steps):
                self.fate.figures.steps += 1
                self._act()
            self.fate.has_faults = False
            self._come_to_rest()
        self._sum_up()

    def _act(self) -> None:
        verbs, weights = zip(*self._verbs.items(), strict=True)
        verb = self.fate.rng.choices(verbs, weights)[0]
        self.fate.note(verb.__name__)
        try:
            verb()
        except Exception as error:
            msg = (
                f"seed {self.fate.seed}, step {self.fate.figures.steps}, {verb.__name__}: {error!r}"
            )
            raise Violation(msg) from error
        self._listen()

    @contextmanager
    def _borders(self) -> Generator[None]:
        failpoints.on_hit(self._at)
        try:
            yield
        finally:
            failpoints.on_hit(None)

    def _at(self, place: str) -> None:
        """A process has come to a named place: others may come first, or it may die there."""
        if self.fate.is_dying:
            raise Crashed
        if place == failpoints.COMMITTED:
            self.watch.check()
        if place == failpoints.BEGIN and not self._is_between and self.fate.chance(OVERTAKEN):
            self._let_others_first()
        self.fate.maybe_die(place)
        if place == failpoints.COMMITTED and self.fate.chance(LOST_ANSWERS):
            self.fate.figures.lost_answers += 1
            self.fate.note("the answer to the commit is lost")
            raise StoreUnavailable("The answer to the commit is lost.")

    def _let_others_first(self) -> None:
        """One step of somebody else, between what this process has read and what it will write."""
        self._is_between = True
        self.fate.figures.overtaken += 1
        self.fate.note("meanwhile")
        try:
            self._act()
        finally:
            self._is_between = False

    @contextmanager
    def _heard(self) -> Generator[None]:
        """What the product logs is listened to, and printed nowhere."""
        processors = structlog.get_config()["processors"]
        before = list(processors)
        processors[:] = [self._hear]
        try:
            yield
        finally:
            processors[:] = before

    def _hear(self, _logger: object, method: str, said: EventDict) -> EventDict:
        self.fate.figures.fenced += said["event"] == "fenced"
        if method in {"error", "exception"} and said["event"] not in EXPECTED_ERRORS:
            self._errors.append(f"{said['event']}: {sys.exc_info()[1]!r}")
        raise structlog.DropEvent

    def _listen(self) -> None:
        """What the product healed or swallowed, and should never have had to."""
        if self._errors:
            self.fate.violated(self._errors)

    def _come_to_rest(self) -> None:
        """No faults any more: everything that can end, ends."""
        for server in self.servers.all:
            self.servers.die(server)
        self.people.calm_down()
        left = ["never looked"]
        for _ in range(ROUNDS_TO_REST):
            self.people.wait(700)
            self.people.stay_in_period()
            self.servers.sweep()
            self.servers.work_off()
            self._listen()
            if not (left := self._left()):
                return
        self.fate.violated(left)

    def _left(self) -> list[str]:
        with self.house.database.read(SYSTEM) as session:
            left = unfinished(session, self.people.users, self.house.clock.now())
            return left + mistold(session, self.house.mailer.references, self.fate.doubts)

    def _sum_up(self) -> None:
        columns = (
            *(col(Document.id), col(Document.status), col(Document.generation)),
            *(col(Document.attempt), col(Document.lease_token), col(Document.error_code)),
        )
        with self.house.database.read(SYSTEM) as session:
            rows = session.exec(select(*columns).order_by(col(Document.id))).all()
        self.fate.note(sha256(repr([tuple(row) for row in rows]).encode()).hexdigest())
        figures, asked = self.fate.figures, [one for one, *_ in self.house.engine.asked]
        figures.completed = sum(row[1] == "completed" for row in rows)
        figures.ai_calls, figures.ai_calls_twice = len(asked), len(asked) - len(set(asked))
        figures.mails = len(self.house.mailer.sent)


def _verbs(servers: Servers, people: People) -> dict[Callable[[], None], int]:
    """What may happen next, and how often it does."""
    return {
        servers.claim: 30,
        servers.read: 24,
        servers.finish: 24,
        servers.heartbeat: 4,
        servers.sweep: 8,
        servers.crash: 2,
        servers.stop: 1,
        people.pass_time: 12,
        people.jump: 1,
        people.submit: 9,
        people.cancel: 2,
        people.cancel_one: 3,
        people.delete: 1,
        people.delete_one: 2,
        people.retry: 3,
        people.retry_one: 3,
        people.look: 2,
        people.change_plan: 2,
        people.grant: 1,
        people.pause: 1,
        people.resume: 6,
        people.lose_payments: 1,
    }
