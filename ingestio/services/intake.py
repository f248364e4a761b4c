"""From a byte to a staged file: transfers into a draft, and what is refused on the way.

Answers whether a file may begin (every check before a byte, Spec 5.1) and takes its bytes. Leaves
the draft to `drafts`, looking inside to `inspection`, bytes on disk to `spool`. Network and disk
work is never inside a transaction.
"""

from __future__ import annotations

import shutil
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID, uuid4

import structlog

from ingestio.db import drafts, staged_files
from ingestio.domain.drafts import (
    BatchDraft,
    DraftChange,
    StagedFile,
    StagedStatus,
    display_name,
    judge_name,
    judge_size,
    storage_key,
)
from ingestio.domain.transfers import KEPT_UNTOUCHED, Transfer, judge_head, judge_place
from ingestio.errors import (
    Conflict,
    DocumentRejected,
    IngestioError,
    NotFound,
    StorageFull,
    StorageUnavailable,
)
from ingestio.services.drafts import Drafts
from ingestio.services.tidying import purge_drafts, purge_transfers, sweep_orphans

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from ingestio.db.engine import Session
    from ingestio.db.staged_files import StoredFile
    from ingestio.domain.accounts import Actor
    from ingestio.services.inspection import Inspection
    from ingestio.services.writing import Writer

__all__ = ["BatchDraft", "DraftChange", "Intake", "StagedFile", "Transfer"]
log = structlog.get_logger(__name__)
INSPECTORS: Final = 3
"""Threads that wait for page counts; the counting itself is limited by the counter."""


def _inspectors() -> Executor:
    return ThreadPoolExecutor(INSPECTORS, thread_name_prefix="inspect")


@dataclass(frozen=True, slots=True)
class Intake(Drafts):
    """What the wizard and the API do before submission."""

    inspection: Inspection
    inspectors: Executor = field(default_factory=_inspectors)

    def begin(
        self, actor: Actor, filename: str, size_bytes: int, draft_id: UUID | None
    ) -> Transfer:
        """Let a file begin, every check before a byte; into the open draft where none is named.

        Raises:
            TooLarge, EmptyFile, UnsupportedType: in this order (Spec 9.1).
            UpgradeRequired, InvalidDraft, RateLimited, NotFound, StorageFull
        """
        judge_size(size_bytes)
        name = display_name(filename)
        judge_name(name)
        plan = self._plan(actor)
        file_id = uuid4()

        def work(session: Session) -> UUID:
            now = self.clock.now()
            target = draft_id or drafts.add(session, actor.user_id, now, is_wizard_draft=True)
            self._lock(session, actor, target)
            judge_place(staged_files.occupied(session, actor.user_id, target), plan, size_bytes)
            staged_files.add(
                session,
                actor.user_id,
                target,
                file_id=file_id,
                filename=name,
                size_bytes=size_bytes,
                storage_key=storage_key(actor.user_id, target, file_id, name),
                now=now,
            )
            drafts.touch(session, actor.user_id, target, now)
            return target

        self.spool.create(file_id, size_bytes)
        try:
            target = self.database.write(actor.user_id, work)
        except BaseException:
            self.spool.remove(file_id)
            raise
        self.feed.publish(actor.user_id, target)
        return Transfer(file_id, target, name, 0, size_bytes)

    def transfer(self, actor: Actor, file_id: UUID) -> Transfer:
        """How far a file has come, in bytes that are safe.

        Raises:
            NotFound: not theirs, cancelled, or refused.
        """
        row = self._file(actor, file_id)
        if row.status is StagedStatus.ERROR:
            raise NotFound
        if row.status is not StagedStatus.RECEIVING:
            return _transfer(row, row.size_bytes)
        offset = self.spool.offset(file_id)
        if offset == row.size_bytes:
            # The server stopped between the last byte and what follows it.
            self.spool.seal(file_id)
            self.finish_soon(actor, file_id)
        return _transfer(row, offset)

    def expires_at(self) -> datetime:
        """When a file is removed of which no further byte comes."""
        return self.clock.now() + KEPT_UNTOUCHED

    def append(self, actor: Actor, file_id: UUID, offset: int) -> Writer:
        """Go on with a file: a sink to write to and to close, one at a time.

        Raises:
            NotFound
            Conflict: it stands elsewhere.
            Locked: another connection is sending it.
        """
        row = self._file(actor, file_id)
        if row.status is not StagedStatus.RECEIVING:
            raise Conflict(f"This upload is at byte {row.size_bytes}.")
        return self.spool.writer(file_id, offset, row.size_bytes, partial(self._refuse, actor, row))

    def judge_first_bytes(self, actor: Actor, file_id: UUID, head: bytes) -> None:
        """Look at the first KB while the rest still comes; what is refused keeps its row only.

        Raises:
            UnsupportedType: not what the name claims.
            NotFound
        """
        row = self._file(actor, file_id)
        try:
            judge_head(head, judge_name(row.filename))
        except DocumentRejected as error:
            self._refuse(actor, row, error)
            raise

    def finish(self, actor: Actor, file_id: UUID) -> StagedFile:
        """After the last byte: inspect it; a refusal is on the row, not raised.

        Raises:
            NotFound
            Conflict: it is still arriving.
            StorageUnavailable, StoreUnavailable: it is tried again later, but not waited for.
        """
        if self._start(actor, file_id):
            self.inspection.inspect(actor.user_id, file_id)
        staged = self._staged(actor, file_id)
        if staged.is_in_transfer:
            raise StorageUnavailable("The file store does not answer. Try again in a moment.")
        return staged

    def finish_soon(self, actor: Actor, file_id: UUID) -> None:
        """The same without waiting; the feed tells when it is done."""
        if self._start(actor, file_id):
            task = self.inspectors.submit(self.inspection.inspect, actor.user_id, file_id)
            task.add_done_callback(_log_failure)

    def receive(self, actor: Actor, draft_id: UUID, filename: str, source: Path) -> StagedFile:
        """Stage a file that lies on this machine; the source stays where it is.

        Raises:
            DocumentRejected, UpgradeRequired, InvalidDraft, NotFound, StorageFull: as `begin`.
        """
        transfer = self.begin(actor, filename, source.stat().st_size, draft_id)
        try:
            with (
                source.open("rb") as file,
                self.append(actor, transfer.id, 0) as sink,
            ):
                shutil.copyfileobj(file, sink, 1_048_576)
        except BaseException:
            self.remove(actor, transfer.id)
            raise
        return self.finish(actor, transfer.id)

    def add_samples(self, actor: Actor) -> BatchDraft:
        """Stage the sample documents that are not in the open draft yet.

        Raises:
            UpgradeRequired, InvalidDraft
        """
        draft = self.create_draft(actor)
        there = {file.filename for file in draft.valid_files}
        for sample in (files("ingestio") / "samples").iterdir():
            if sample.name.startswith("sample-") and sample.name not in there:
                with as_file(sample) as path:
                    self.receive(actor, draft.id, sample.name, path)
        return self.draft(actor, draft.id)

    def recover(self) -> None:
        """Go on, without waiting, with what has arrived whole and is in nobody's hand.

        At the server's start, and every few minutes.
        """
        self.inspectors.submit(self.inspection.recover).add_done_callback(_log_failure)

    def stop(self) -> None:
        """Begin no more inspections and wait for those at work; `recover` takes up the rest."""
        self.inspectors.shutdown(wait=True, cancel_futures=True)

    def purge(self, now: datetime) -> int:
        """Remove drafts and transfers that nobody touched for 24 hours, and bytes without a row.

        Lists the whole store: for now and then. Returns how many of all these went.
        """
        gone = purge_drafts(self.database, self.storage, self.spool, now)
        gone += purge_transfers(self.database, self.spool, now)
        return gone + sweep_orphans(self.database, self.storage, self.spool, now)

    def _start(self, actor: Actor, file_id: UUID) -> bool:
        """Move to `inspecting`; False where somebody else is at it or has been."""
        row = self._file(actor, file_id)
        if row.status is StagedStatus.RECEIVING and not self.spool.is_sealed(file_id):
            raise Conflict("This file is still arriving.")
        is_ours = self.database.write(
            actor.user_id,
            lambda s: staged_files.start_inspection(s, actor.user_id, file_id, self.clock.now()),
        )
        if is_ours:
            self.feed.publish(actor.user_id, row.draft_id)
        return is_ours

    def _staged(self, actor: Actor, file_id: UUID) -> StagedFile:
        draft = self.draft(actor, self._file(actor, file_id).draft_id)
        return next(file for file in draft.files if file.id == file_id)

    def _refuse(self, actor: Actor, row: StoredFile, error: IngestioError) -> None:
        """Keep the row with its reason, and none of the bytes; in this order."""
        if isinstance(error, StorageFull):
            # Without space the reason could not be written either. The row is still true: byte 0.
            self.spool.empty(row.id)
        self.database.write(
            actor.user_id,
            lambda s: staged_files.refuse(
                s,
                actor.user_id,
                row.id,
                code=error.code,
                message=error.message,
                now=self.clock.now(),
            ),
        )
        self.spool.remove(row.id)
        self.feed.publish(actor.user_id, row.draft_id)


def _log_failure(task: Future[Any]) -> None:
    if not task.cancelled() and (error := task.exception()):
        log.error("inspection_broke_off", exc_info=error)


def _transfer(row: StoredFile, offset: int) -> Transfer:
    return Transfer(row.id, row.draft_id, row.filename, offset, row.size_bytes)
