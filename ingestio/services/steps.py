"""The processor's steps with one document: claim, read, finish or fail, each on its own.

Answers what happens in which transaction. Leaves threads, heartbeats and the sweep to `crew` and
`processor`, so that the simulator can take these same steps in any order and crash between them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, TypeAlias

import structlog

from ingestio import failpoints
from ingestio.db import claims, documents, ledger, results
from ingestio.db.claims import Claim
from ingestio.db.engine import SYSTEM
from ingestio.domain.documents import DocumentStatus
from ingestio.domain.prompts import given_prompt
from ingestio.domain.retries import GiveUp, RetryLater, decide, shortfall
from ingestio.domain.usage import WhenPagesRunOut
from ingestio.errors import (
    IngestioError,
    QuotaExceeded,
    ReaderCrashed,
    StoreUnavailable,
    Unavailable,
)
from ingestio.services.extraction import Task

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime
    from uuid import UUID

    from ingestio.db.engine import Database
    from ingestio.db.prepared import Transaction
    from ingestio.ports import Clock, StatusFeed
    from ingestio.services.answers import Answer
    from ingestio.services.extraction import Extraction
    from ingestio.services.usage import Usage

log = structlog.get_logger(__name__)
_MAX_RACES = 20
_LOOKS_EVERY = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class NoPeriod:
    """The next user's period has no row yet: it is made outside, then the claim goes on."""

    user_id: UUID


@dataclass(frozen=True, slots=True)
class StaleLimit:
    """The next document's pages are not left by a limit that the plan may have left behind."""

    user_id: UUID


@dataclass(frozen=True, slots=True)
class SetAside:
    """The next document's pages are not left; it waits or failed, and the claim goes on."""

    user_id: UUID
    batch_id: UUID | None


class Lookout:
    """When it was last looked for dead leases: at every claim it would cost as much as a save."""

    def __init__(self) -> None:
        self._looked_at: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        """Whether to look now; who asks, looks."""
        if self._looked_at and timedelta(0) <= now - self._looked_at < _LOOKS_EVERY:
            return False
        self._looked_at = now
        return True


Found: TypeAlias = Claim | NoPeriod | StaleLimit | SetAside | None


@dataclass(frozen=True, slots=True)
class Steps:
    """One processor's steps. `me` is its name on leases; `jitter` gives shares (0-1)."""

    database: Database
    extraction: Extraction
    usage: Usage
    feed: StatusFeed
    clock: Clock
    me: str
    lease_s: float
    jitter: Callable[[], float]
    lookout: Lookout = field(default_factory=Lookout)
    at_once_a_user: int = claims.ANY_NUMBER

    def claim(self, passed_over: Collection[UUID] = ()) -> Claim | None:
        """The next document, leased and its pages reserved; dead leases come first.

        Users in `passed_over` have to wait.
        """
        passed = set(passed_over)
        return self._go_on(self._try_claim(passed), passed)

    def read(self, claim: Claim) -> Answer:
        """Ask the engine, outside any transaction.

        Raises:
            DocumentRejected, Unavailable
        """
        return self.extraction.read(_task(claim))

    def finish(self, claim: Claim, answer: Answer) -> bool:
        """Save what was read and settle its pages, in one transaction; False where fenced."""
        return self._end(claim, self._saving(claim, answer))

    def finish_and_claim(self, claim: Claim, answer: Answer) -> Claim | None:
        """The same, and the next claim with it; the next, also where this one was fenced.

        In one transaction on SQLite, whose commits are what a quick document waits for. In two on
        PostgreSQL: in one, locks of the second document would follow those on the first's period,
        and two processors could wait for each other.
        """
        if not self.database.is_sqlite:
            self.finish(claim, answer)
            return self.claim()
        save = self._saving(claim, answer)
        try:
            found = self.database.write_plainly(lambda session: self._both(session, save))
        except StoreUnavailable:
            raise
        except Exception:  # noqa: BLE001  each alone tells whose fault it is, and who was fenced
            self.finish(claim, answer)
            return self.claim()
        failpoints.hit(failpoints.AFTER_COMMIT)
        if not (isinstance(found, Claim) and _page_of(found) == _page_of(claim)):
            self.feed.publish(claim.user_id, claim.batch_id)
        self.extraction.forget(_task(claim))
        return self._go_on(found, set())

    def fail(self, claim: Claim, error: Exception) -> bool:
        """Give its pages back; try again later, or end it with a code; False where fenced."""
        crashes = claim.crashes + isinstance(error, ReaderCrashed)
        if not isinstance(error, IngestioError):
            log.error("extraction_bug", document_id=str(claim.document_id), exc_info=error)
        match decide(error, claim.attempt, self.jitter(), crashes):
            case RetryLater(wait_s, costs_attempt):
                attempts = claim.attempt if costs_attempt else claim.attempt - 1
                return self._put_back(claim, _code(error), wait_s, attempts, crashes)
            case GiveUp(code):
                return self._give_up(claim, code)

    def release(self, claim: Claim) -> bool:
        """Put it back as if it had never been claimed: the server stops. False where fenced."""
        return self._put_back(claim, None, 0.0, claim.attempt - 1, claim.crashes)

    def extend(self, held: Collection[Claim]) -> int:
        """Keep the leases of what is in work; how many still were ours."""
        leases = [(claim.document_id, claim.token) for claim in held]
        until = self._until(self.clock.now())
        return self.database.write_plainly(lambda session: claims.extend(session, leases, until))

    def _saving(self, claim: Claim, answer: Answer) -> Callable[[Transaction], None]:
        now = self.clock.now()
        code = shortfall(answer.extraction)
        ending = documents.Ending(
            DocumentStatus.FAILED if code else DocumentStatus.COMPLETED,
            code,
            answer.prompt.kind or answer.extraction.kind,
            answer.prompt.text if answer.prompt.kind else claim.document_prompt,
        )
        attempt = results.Attempt(ending.status, answer.prompt, answer.extraction, code)

        def work(session: Transaction) -> None:
            documents.end(session, claim, ending, now)
            results.save(session, claim, answer.extraction, now)
            results.log_attempt(session, claim, attempt, now)
            failpoints.hit(failpoints.BEFORE_COMMIT)

        return work

    def _both(self, session: Transaction, save: Callable[[Transaction], None]) -> Found:
        save(session)
        if self.lookout.is_due(self.clock.now()):
            return self._claim_in(session, set())
        return self._next_in(session, set())

    def _go_on(self, found: Found, passed: set[UUID]) -> Claim | None:
        """On from what was found until there is a claim, or nothing to claim.

        Each user's period is made once, and each limit made current once: it ends.
        """
        opened: set[UUID] = set()
        current: set[UUID] = set()
        stale: set[UUID] = set()
        while True:
            match found:
                case SetAside(user_id, batch_id):
                    self.feed.publish(user_id, batch_id)
                case NoPeriod(user_id):
                    # Once: a subscription that has ended gives a period that does not reach now.
                    if user_id in opened or not self._asked(user_id, self.usage.open_period):
                        passed.add(user_id)
                    opened.add(user_id)
                case StaleLimit(user_id):
                    # Others first: nobody else's document waits for the payment side.
                    passed.add(user_id)
                    stale.add(user_id)
                case None if stale:
                    user_id = stale.pop()
                    current.add(user_id)
                    if self._asked(user_id, self.usage.balance_of):
                        passed.discard(user_id)
                case None:
                    return None
                case claim:
                    failpoints.hit(failpoints.AFTER_CLAIM)
                    self.feed.publish(claim.user_id, claim.batch_id)
                    return claim
            found = self._try_claim(passed, current)

    def _try_claim(self, passed_over: set[UUID], current: Collection[UUID] = ()) -> Found:
        for _ in range(_MAX_RACES):
            try:
                return self.database.write_plainly(
                    lambda session: self._claim_in(session, passed_over, current)
                )
            except (ledger.QuotaRace, claims.RoomRace):
                continue
        return None

    def _claim_in(
        self, session: Transaction, passed_over: set[UUID], current: Collection[UUID] = ()
    ) -> Found:
        now = self.clock.now()
        if dead := claims.take_over(session, self.me, now, self._until(now)):
            return dead
        return self._next_in(session, passed_over, current)

    def _next_in(
        self, session: Transaction, passed_over: set[UUID], current: Collection[UUID] = ()
    ) -> Found:
        """Only by a limit that was just made `current` is a document set aside."""
        now = self.clock.now()
        found = claims.next_up(session, now, passed_over, self.at_once_a_user)
        if found is None:
            return None
        if found.period_at is None:
            return NoPeriod(found.claim.user_id)
        if found.left_pages < found.claim.pages:
            if found.claim.user_id not in current:
                return StaleLimit(found.claim.user_id)
            return _set_aside(session, found, now)
        claims.take(session, found.claim, self.me, now, self._until(now))
        failpoints.hit(failpoints.CLAIMED)
        if self.at_once_a_user < claims.ANY_NUMBER:
            claims.judge_room(session, found.claim.user_id, self.at_once_a_user)
        ledger.reserve(session, found.claim, found.period_at, now)
        failpoints.hit(failpoints.RESERVED)
        return found.claim

    def _asked(self, user_id: UUID, ask: Callable[[UUID], object]) -> bool:
        """Whether the plan could be asked for, outside any transaction."""
        try:
            ask(user_id)
        except Unavailable as error:
            log.warning("plan_unknown", user_id=str(user_id), error=error.message)
            return False
        return True

    def _put_back(
        self, claim: Claim, code: str | None, wait_s: float, attempts: int, crashes: int
    ) -> bool:
        now = self.clock.now()
        due = now + timedelta(seconds=wait_s)

        def work(session: Transaction) -> None:
            documents.put_back(
                session,
                claim,
                due=due,
                attempts=attempts,
                crashes=crashes,
                error_code=code,
                now=now,
            )
            if code:
                failed = results.Attempt(DocumentStatus.FAILED, error_code=code)
                results.log_attempt(session, claim, failed, now)

        return self._fenced(claim, work)

    def _give_up(self, claim: Claim, code: str) -> bool:
        now = self.clock.now()
        ending = documents.Ending(DocumentStatus.FAILED, code, None, claim.document_prompt)
        so_far = self.extraction.so_far(_task(claim))
        failed = results.Attempt(DocumentStatus.FAILED, extraction=so_far, error_code=code)

        def work(session: Transaction) -> None:
            documents.end(session, claim, ending, now)
            results.log_attempt(session, claim, failed, now)

        return self._end(claim, work)

    def _end(self, claim: Claim, work: Callable[[Transaction], None]) -> bool:
        """For good: the answer on disk is not needed any more, also where we came too late."""
        is_ours = self._fenced(claim, work)
        if is_ours or not self._is_open(claim):
            self.extraction.forget(_task(claim))
        return is_ours

    def _is_open(self, claim: Claim) -> bool:
        """Whether somebody else has it now, who may find our answer and be glad of it."""
        with self.database.read(SYSTEM) as session:
            return claims.is_open(session, claim.document_id, claim.generation)

    def _fenced(self, claim: Claim, work: Callable[[Transaction], None]) -> bool:
        try:
            self.database.write_plainly(work)
        except documents.Fenced:
            log.info("fenced", document_id=str(claim.document_id), token=claim.token)
            return False
        failpoints.hit(failpoints.AFTER_COMMIT)
        self.feed.publish(claim.user_id, claim.batch_id)
        return True

    def _until(self, now: datetime) -> datetime:
        return now + timedelta(seconds=self.lease_s)


def _set_aside(session: Transaction, found: claims.Candidate, now: datetime) -> SetAside:
    claim = found.claim
    if found.when_pages_run_out is WhenPagesRunOut.WAIT:
        documents.set_aside(session, claim, DocumentStatus.WAITING_FOR_QUOTA, None, now)
    else:
        code = QuotaExceeded.code
        documents.set_aside(session, claim, DocumentStatus.FAILED, code, now)
        failed = results.Attempt(DocumentStatus.FAILED, error_code=code)
        results.log_attempt(session, claim, failed, now)
    return SetAside(claim.user_id, claim.batch_id)


def _page_of(claim: Claim) -> tuple[UUID, UUID | None]:
    """Where it shows; many users have documents in no batch."""
    return claim.user_id, claim.batch_id


def _code(error: Exception) -> str:
    return error.code if isinstance(error, IngestioError) else "internal"


def _task(claim: Claim) -> Task:
    return Task(
        claim.document_id,
        claim.generation,
        claim.storage_key,
        claim.media_type,
        claim.pages,
        claim.sha256,
        given_prompt(claim.strategy, claim.batch_prompt, claim.document_prompt),
    )
