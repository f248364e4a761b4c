"""What the wizard holds before submission: the draft and what is staged in it (Spec 4.1, 5.3).

Answers a user's drafts, changes them, and takes files out again. Leaves bringing files in to
`intake` and submission to `batches`. Network and disk work is never inside a transaction.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from ingestio.db import drafts, duplicates, staged_files
from ingestio.domain.drafts import StagedStatus, change_problems, storage_key
from ingestio.domain.transfers import judge_place
from ingestio.errors import Conflict, InvalidDraft, NotFound, Refused, UpgradeRequired
from ingestio.services.inspection import copy, forget

if TYPE_CHECKING:
    from uuid import UUID

    from ingestio.db.engine import Database, Session
    from ingestio.db.staged_files import StoredFile
    from ingestio.domain.accounts import Actor
    from ingestio.domain.drafts import BatchDraft, DraftChange, StagedFile
    from ingestio.domain.plans import Plan
    from ingestio.ports import Clock, FileStorage, StatusFeed
    from ingestio.services.billing import Billing
    from ingestio.services.spool import Spool

SEEN_BEFORE: Final = timedelta(days=90)
NO_DUPLICATE: Final = "This file was not left out as a duplicate."


@dataclass(frozen=True, slots=True)
class Drafts:
    """What may be done with a draft; `Intake` adds what brings files in."""

    database: Database
    storage: FileStorage
    billing: Billing
    feed: StatusFeed
    clock: Clock
    spool: Spool

    def open_draft(self, actor: Actor) -> BatchDraft | None:
        """The wizard's one open draft."""
        with self.database.read(actor.user_id) as session:
            draft_id = drafts.open_id(session, actor.user_id)
            found = drafts.find(session, actor.user_id, draft_id) if draft_id else None
            return self._shown(session, actor, found) if found else None

    def draft(self, actor: Actor, draft_id: UUID) -> BatchDraft:
        """One draft.

        Raises:
            NotFound: not theirs, or no draft any more.
        """
        with self.database.read(actor.user_id) as session:
            found = drafts.find(session, actor.user_id, draft_id)
            if found is None:
                raise NotFound
            return self._shown(session, actor, found)

    def all_drafts(self, actor: Actor) -> tuple[BatchDraft, ...]:
        """Every draft of theirs, also the wizard's, newest first."""
        with self.database.read(actor.user_id) as session:
            found = [
                drafts.find(session, actor.user_id, draft_id)
                for draft_id in drafts.ids(session, actor.user_id)
            ]
            return tuple(self._shown(session, actor, draft) for draft in found if draft)

    def create_draft(self, actor: Actor) -> BatchDraft:
        """The wizard's open draft, made if there is none.

        Raises:
            UpgradeRequired
        """
        return self._create(actor, is_wizard_draft=True)

    def create_api_draft(self, actor: Actor, draft_id: UUID | None = None) -> BatchDraft:
        """A draft of its own, which the wizard does not show; under an id that is given.

        Raises:
            UpgradeRequired
            Conflict: something of that id is there already.
        """
        return self._create(actor, is_wizard_draft=False, draft_id=draft_id)

    def update_draft(self, actor: Actor, draft_id: UUID, change: DraftChange) -> BatchDraft:
        """Keep what the wizard holds.

        Raises:
            InvalidDraft: too long to be kept, each with its field.
            NotFound
        """
        if problems := change_problems(change):
            raise InvalidDraft(problems)

        def work(session: Session) -> None:
            self._lock(session, actor, draft_id)
            drafts.change(session, actor.user_id, draft_id, change, self.clock.now())

        self.database.write(actor.user_id, work)
        self.feed.publish(actor.user_id, draft_id)
        return self.draft(actor, draft_id)

    def discard_draft(self, actor: Actor, draft_id: UUID) -> None:
        """Remove a draft: rows, then bytes.

        Raises:
            NotFound
        """
        staged = self.database.write(
            actor.user_id, lambda s: drafts.remove(s, actor.user_id, draft_id)
        )
        if staged is None:
            raise NotFound
        self._forget(staged)
        self.feed.publish(actor.user_id, draft_id)

    def remove(self, actor: Actor, file_id: UUID) -> None:
        """Take a file out of its draft, in transfer or not. A duplicate of it takes its place.

        Raises:
            NotFound: also where another tab was faster.
        """
        draft_id = self._file(actor, file_id).draft_id

        def work(session: Session) -> tuple[StoredFile, bool]:
            self._lock(session, actor, draft_id)
            # Read under the lock: the bytes may have become another row's meanwhile.
            row = staged_files.find(session, actor.user_id, file_id)
            if row is None:
                raise NotFound
            return row, self._hand_over(session, actor, row)

        row, is_inherited = self.database.write(actor.user_id, work)
        self.spool.remove(file_id)
        if not is_inherited:
            forget(self.storage, row.storage_key)
        self.feed.publish(actor.user_id, draft_id)

    def remove_all(self, actor: Actor, draft_id: UUID) -> None:
        """Cancel everything: the draft stays, its files go.

        Raises:
            NotFound
        """

        def work(session: Session) -> list[StoredFile]:
            self._lock(session, actor, draft_id)
            staged = staged_files.of_draft(session, actor.user_id, draft_id)
            for row in staged:
                staged_files.remove(session, actor.user_id, row.id)
            drafts.touch(session, actor.user_id, draft_id, self.clock.now())
            return staged

        self._forget(self.database.write(actor.user_id, work))
        self.feed.publish(actor.user_id, draft_id)

    def keep_both(self, actor: Actor, file_id: UUID) -> None:
        """The user insists on a file whose content is in the draft already.

        Raises:
            Conflict: it was not refused for that, or another tab was faster.
            NotFound, InvalidDraft, StorageUnavailable, StorageFull
        """
        row, plan = self._file(actor, file_id), self._plan(actor)
        key = storage_key(actor.user_id, row.draft_id, uuid4(), row.filename)

        def begin(session: Session) -> StoredFile:
            self._lock(session, actor, row.draft_id)
            twin = duplicates.twin(session, actor.user_id, row.draft_id, file_id, row.sha256 or "")
            if twin is None or not duplicates.take_key(session, actor.user_id, file_id, key):
                raise Conflict(NO_DUPLICATE)
            self._judge_place(session, actor, row, plan, twin.size_bytes)
            return twin

        twin = self.database.write(actor.user_id, begin)
        copy(self.storage, twin.storage_key, key)

        def end(session: Session) -> None:
            self._lock(session, actor, row.draft_id)
            self._judge_place(session, actor, row, plan, twin.size_bytes)
            now, size_bytes = self.clock.now(), twin.size_bytes
            drafts.touch(session, actor.user_id, row.draft_id, now)
            if not duplicates.keep_twice(
                session, actor.user_id, file_id, storage_key=key, size_bytes=size_bytes, now=now
            ):
                raise Conflict(NO_DUPLICATE)

        try:
            self.database.write(actor.user_id, end)
        except Refused:
            # Only what is certain: where the database went away, the row may own them by now.
            forget(self.storage, key)
            raise
        self.feed.publish(actor.user_id, row.draft_id)

    def _create(
        self, actor: Actor, *, is_wizard_draft: bool, draft_id: UUID | None = None
    ) -> BatchDraft:
        self._plan(actor)
        now = self.clock.now()
        made_id = self.database.write(
            actor.user_id,
            lambda s: drafts.add(
                s, actor.user_id, now, is_wizard_draft=is_wizard_draft, draft_id=draft_id
            ),
        )
        self.feed.publish(actor.user_id, made_id)
        return self.draft(actor, made_id)

    def _plan(self, actor: Actor) -> Plan:
        right = self.billing.entitlement(actor)
        if not right.may_submit:
            raise UpgradeRequired(right.why_not or "Batches need a paid plan.")
        return right.plan

    def _judge_place(
        self, session: Session, actor: Actor, row: StoredFile, plan: Plan, size_bytes: int
    ) -> None:
        seen = staged_files.occupied(session, actor.user_id, row.draft_id)
        judge_place(seen, plan, size_bytes)

    def _lock(self, session: Session, actor: Actor, draft_id: UUID) -> None:
        if not drafts.lock(session, actor.user_id, draft_id):
            raise NotFound

    def _file(self, actor: Actor, file_id: UUID) -> StoredFile:
        with self.database.read(actor.user_id) as session:
            row = staged_files.find(session, actor.user_id, file_id)
        if row is None:
            raise NotFound
        return row

    def _hand_over(self, session: Session, actor: Actor, row: StoredFile) -> bool:
        """Delete the row; whether a refused duplicate took over its bytes."""
        now = self.clock.now()
        staged_files.remove(session, actor.user_id, row.id)
        drafts.touch(session, actor.user_id, row.draft_id, now)
        if row.status is not StagedStatus.COMPLETE or not row.sha256:
            return False
        heir = duplicates.duplicate_of(session, actor.user_id, row.draft_id, row.sha256)
        twin = duplicates.twin(session, actor.user_id, row.draft_id, row.id, row.sha256)
        if heir is None or twin is not None:
            return False
        return duplicates.inherit(session, actor.user_id, heir.id, row, now)

    def _forget(self, staged: list[StoredFile]) -> None:
        for row in staged:
            self.spool.remove(row.id)
            forget(self.storage, row.storage_key)

    def _shown(self, session: Session, actor: Actor, draft: BatchDraft) -> BatchDraft:
        """Add what the rows don't know: bytes so far, and where the same content came before."""
        hashes = duplicates.hashes(session, actor.user_id, draft.id)
        since = self.clock.now() - SEEN_BEFORE
        earlier = duplicates.earlier_batches(session, actor.user_id, hashes.values(), since)
        shown = tuple(self._note(f, earlier.get(hashes.get(f.id, ""))) for f in draft.files)
        return replace(draft, files=shown)

    def _note(self, file: StagedFile, batch_id: UUID | None) -> StagedFile:
        if file.status is StagedStatus.RECEIVING:
            return replace(file, received_bytes=self.spool.offset(file.id))
        if batch_id is None:
            return file
        words = "Already extracted in an earlier batch."
        return replace(file, note=words, note_href=f"/dashboard/batches/{batch_id}")
