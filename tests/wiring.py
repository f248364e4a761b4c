"""The services around the processor, wired as `bootstrap` does, with stand-ins outside."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from ingestio.db import invariants
from ingestio.db.claims import ANY_NUMBER
from ingestio.db.engine import SYSTEM, Database
from ingestio.db.tables import Batch, StagedFile, User
from ingestio.domain.accounts import Actor, Role, UserId
from ingestio.domain.documents import MediaType
from ingestio.domain.drafts import StagedStatus
from ingestio.domain.plans import PlanName
from ingestio.domain.prompts import PromptStrategy
from ingestio.domain.usage import WhenPagesRunOut
from ingestio.services.answers import Answers
from ingestio.services.batches import Batches
from ingestio.services.crew import Crew
from ingestio.services.extraction import Extraction
from ingestio.services.gates import Gate
from ingestio.services.notifications import Notifications
from ingestio.services.processor import Processor
from ingestio.services.providers import Providers
from ingestio.services.pulse import Pulse
from ingestio.services.steps import Steps
from ingestio.services.submission import Submission
from ingestio.services.usage import Usage
from ingestio.services.waiting import Waiting
from tests.fakes import (
    CountingLimiter,
    CountingQueue,
    MemoryFiles,
    RememberingAnalytics,
    RememberingFeed,
    RememberingMailer,
    SetBilling,
    SetClock,
    StubEngine,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from ingestio.domain.batches import BatchDetail, BatchId


@dataclass
class House:
    """Everything a service test needs, in one hand."""

    database: Database
    clock: SetClock
    engine: StubEngine
    files: MemoryFiles
    billing: SetBilling
    feed: RememberingFeed
    queue: CountingQueue
    limiter: CountingLimiter
    analytics: RememberingAnalytics
    mailer: RememberingMailer
    usage: Usage
    batches: Batches
    notifications: Notifications
    extraction: Extraction
    new_id: Callable[[], UUID] = uuid4

    @property
    def providers(self) -> Providers:
        """The breakers in this database."""
        return Providers(self.database, self.feed, self.clock)

    def user(self, email: str = "ada@example.org", *, is_admin: bool = False) -> Actor:
        """A new account."""
        role = Role.ADMIN if is_admin else Role.USER
        row = User(
            id=self.new_id(),
            email=email,
            password_hash="-",
            role=role,
            plan=PlanName.GROWTH,
            created_at=self.clock.now(),
        )
        self.database.write(SYSTEM, lambda session: session.add(row))
        return Actor(UserId(row.id), email, role)

    def draft(
        self,
        actor: Actor,
        pages: Sequence[int] = (1,),
        *,
        strategy: PromptStrategy = PromptStrategy.AUTO,
        prompt: str | None = None,
        prompts: Sequence[str] = (),
        name: str | None = None,
        when_pages_run_out: WhenPagesRunOut = WhenPagesRunOut.WAIT,
        refused: int = 0,
    ) -> UUID:
        """A draft with files of so many pages, and some that were refused."""
        now = self.clock.now()
        batch = Batch(
            id=self.new_id(),
            user_id=actor.user_id,
            name=name,
            prompt_strategy=strategy,
            extraction_prompt=prompt,
            is_wizard_draft=False,
            when_pages_run_out=when_pages_run_out,
            created_at=now,
            updated_at=now,
        )
        rows = [
            StagedFile(
                id=self.new_id(),
                user_id=actor.user_id,
                batch_id=batch.id,
                position=position,
                filename=f"file-{position}.pdf",
                size_bytes=1_000,
                status=StagedStatus.COMPLETE if count else StagedStatus.ERROR,
                storage_key=f"batches/{actor.user_id}/{batch.id}/{position}",
                media_type=MediaType.PDF,
                pages=count or None,
                sha256=f"{batch.id.hex[:24]}{position:08}",
                extraction_prompt=prompts[position] if position < len(prompts) else None,
                error_code=None if count else "unreadable",
                created_at=now,
                updated_at=now,
            )
            for position, count in enumerate([*pages, *(0,) * refused])
        ]
        self.files.kept |= {row.storage_key for row in rows}

        def work(session) -> None:
            session.add(batch)
            session.flush()
            session.add_all(rows)

        self.database.write(SYSTEM, work)
        return batch.id

    def submit(self, actor: Actor, pages: Sequence[int] = (1,), **kind) -> BatchId:
        """A submitted batch with documents of so many pages."""
        return self.batches.submit(actor, self.draft(actor, pages, **kind))

    def steps(
        self, me: str = "one", *, lease_s: float = 60.0, at_once_a_user: int = ANY_NUMBER
    ) -> Steps:
        """One processor's steps."""
        return Steps(
            self.database,
            self.extraction,
            self.usage,
            self.feed,
            self.clock,
            me,
            lease_s,
            lambda: 0.5,
            at_once_a_user=at_once_a_user,
        )

    def processor(self, me: str = "one", *, lease_s: float = 60.0, size: int = 2) -> Processor:
        """A whole processor with threads."""
        steps = self.steps(me, lease_s=lease_s)
        gate = Gate(self.providers, self.engine.name, me, size, jitter=lambda: 0.5)
        return Processor(
            self.database,
            Waiting(self.database, self.usage, self.feed, self.clock),
            self.notifications,
            self.feed,
            self.clock,
            steps,
            Crew(steps, size, gate),
            Pulse(self.database, self.clock, me, size),
            self.queue,
        )

    def work_off(self, times: int = 1_000) -> int:
        """Take the steps one by one until nothing can be claimed; how many were taken."""
        steps = self.steps()
        for taken in range(times):
            claim = steps.claim()
            if claim is None:
                return taken
            try:
                answer = steps.read(claim)
            except Exception as error:  # noqa: BLE001
                steps.fail(claim, error)
            else:
                steps.finish(claim, answer)
        return times

    def statuses(self, actor: Actor, batch_id: UUID) -> list[str]:
        """Of a batch's documents, in their order."""
        return [one.status.value for one in self.detail(actor, batch_id).documents]

    def detail(self, actor: Actor, batch_id: UUID) -> BatchDetail:
        """A batch, after everything that must hold was found to hold."""
        self.check()
        return self.batches.detail(actor, batch_id)

    def check(self) -> None:
        """All invariants."""
        with self.database.read(SYSTEM) as session:
            assert invariants.broken(session) == []


def build(
    database: Database,
    folder: Path,
    *,
    clock: SetClock | None = None,
    engine: StubEngine | None = None,
    files: MemoryFiles | None = None,
    feed: RememberingFeed | None = None,
    mailer: RememberingMailer | None = None,
) -> House:
    """The services over a database that has its tables."""
    clock, billing = clock or SetClock(), SetBilling()
    engine, files = engine or StubEngine(), files or MemoryFiles()
    feed, mailer = feed or RememberingFeed(), mailer or RememberingMailer()
    queue, limiter, analytics = CountingQueue(), CountingLimiter(), RememberingAnalytics()
    usage = Usage(database, billing, clock)
    submission = Submission(database, billing, files, limiter, feed, queue, analytics, clock)
    return House(
        database,
        clock,
        engine,
        files,
        billing,
        feed,
        queue,
        limiter,
        analytics,
        mailer,
        usage,
        Batches(database, submission, files, feed, queue, clock, 4),
        Notifications(database, feed, clock, mailer, "http://localhost:3000"),
        Extraction(files, engine, engine, Answers(folder / "answers"), kept_from_s=0.0),
    )
