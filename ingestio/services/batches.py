"""Batches as their owner works with them: submit, look, cancel, retry, delete (Spec 4.2, 4.3, 6.6).

Answers with values for every door. Leaves drafts to intake, submission's rules to `submission`, and
the work itself to the processor.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final, TypeVar

import structlog

from ingestio.db import actions, balances, batches, results
from ingestio.db.engine import SYSTEM
from ingestio.domain import batches as rules
from ingestio.domain import documents as document_rules
from ingestio.domain.batches import BatchDetail, BatchId, BatchQuery, BatchRow
from ingestio.domain.documents import DocumentResult, DocumentStatus, StoredFile
from ingestio.errors import Conflict, NotFound, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from uuid import UUID

    from ingestio.db.actions import Standing
    from ingestio.db.engine import Database, Session
    from ingestio.domain.accounts import Actor
    from ingestio.domain.batches import BatchStatus
    from ingestio.domain.documents import DocumentRow
    from ingestio.domain.pages import Page
    from ingestio.domain.results import Field
    from ingestio.ports import Clock, FileStorage, StatusFeed, WorkQueue
    from ingestio.services.submission import Submission

T = TypeVar("T")
log = structlog.get_logger(__name__)
_RECENT: Final = timedelta(days=7)
_SAMPLES: Final = 200
_CHUNK: Final = 500


@dataclass(frozen=True, slots=True)
class Batches:
    """A user's batches. `at_once`: how many documents are worked on beside each other."""

    database: Database
    submission: Submission
    storage: FileStorage
    feed: StatusFeed
    queue: WorkQueue
    clock: Clock
    at_once: int

    def submit(self, actor: Actor, draft_id: UUID) -> BatchId:
        """Submit a draft, once: the batch's id, also the second time.

        Raises:
            NotFound, UpgradeRequired, RateLimited, PaymentsUnavailable
            InvalidDraft: with every problem at once.
        """
        return self.submission.submit(actor, draft_id)

    def list(self, actor: Actor, query: BatchQuery) -> Page[BatchRow]:
        """One page of the actor's batches."""
        with self.database.read(actor.user_id) as session:
            return batches.shown(session, actor.user_id, query)

    def tallies(self, actor: Actor) -> dict[BatchStatus, int]:
        """How many of the actor's batches stand where."""
        with self.database.read(actor.user_id) as session:
            return batches.tallies(session, actor.user_id)

    def pages_waiting(self, actor: Actor) -> dict[UUID, int]:
        """Pages that wait for quota, of each of the actor's batches that has some."""
        with self.database.read(actor.user_id) as session:
            return batches.pages_waiting(session, actor.user_id)

    def detail(self, actor: Actor, batch_id: UUID) -> BatchDetail:
        """One batch with its documents and its pages.

        Raises:
            NotFound: missing, a draft, or somebody else's.
        """
        owner = actor.user_id
        with self.database.read(owner) as session:
            batch = _found(batches.one(session, owner, batch_id))
            documents = batches.documents_of(session, owner, batch_id)
            charged, held = balances.of_batch(session, owner, batch_id)
            balance = balances.current(session, owner, self.clock.now())
        waiting = sum(
            one.pages for one in documents if one.status is DocumentStatus.WAITING_FOR_QUOTA
        )
        left = balance.left_pages if balance else 0
        return BatchDetail(batch, documents, charged, held, max(0, waiting - left))

    def document(self, actor: Actor, document_id: UUID) -> DocumentRow:
        """One document.

        Raises:
            NotFound
        """
        with self.database.read(actor.user_id) as session:
            return _found(batches.document(session, actor.user_id, document_id))

    def results(self, actor: Actor, batch_id: UUID) -> list[DocumentResult]:
        """Every document of a batch with its fields, corrections laid over.

        Raises:
            NotFound
        """
        owner = actor.user_id
        with self.database.read(owner) as session:
            _found(batches.one(session, owner, batch_id))
            documents = batches.documents_of(session, owner, batch_id)
            fields: dict[UUID, tuple[Field, ...]] = {}
            for at in range(0, len(documents), _CHUNK):
                ids = [one.id for one in documents[at : at + _CHUNK]]
                fields |= results.fields_of(session, owner, ids)
        return [DocumentResult(one, fields.get(one.id, ())) for one in documents]

    def result(self, actor: Actor, document_id: UUID) -> DocumentResult:
        """One document with its fields.

        Raises:
            NotFound
        """
        owner = actor.user_id
        with self.database.read(owner) as session:
            document = _found(batches.document(session, owner, document_id))
            fields = results.fields_of(session, owner, [document_id])
        return DocumentResult(document, fields.get(document_id, ()))

    def file(self, actor: Actor, document_id: UUID) -> StoredFile:
        """Where a document's bytes are, and how they are called.

        Raises:
            NotFound
        """
        with self.database.read(actor.user_id) as session:
            document = _found(batches.document(session, actor.user_id, document_id))
            key = _found(batches.storage_key(session, actor.user_id, document_id))
        return StoredFile(key, document.filename, document.media_type, document.size_bytes)

    def open_file(self, actor: Actor, document_id: UUID) -> Iterator[bytes]:
        """A document's bytes, in chunks.

        Raises:
            NotFound, StorageUnavailable
        """
        return self.storage.open(self.file(actor, document_id).key)

    def estimate(self, actor: Actor, pages: int) -> tuple[float, float] | None:
        """Seconds that so many pages will take, as a range; None while too little was measured."""
        del actor  # measured over everybody's documents, and says nothing of any
        since = self.clock.now() - _RECENT
        with self.database.read(SYSTEM) as session:
            measured = results.seconds_a_page(session, since, _SAMPLES)
        return rules.estimate(measured, pages, self.at_once)

    def cancel(self, actor: Actor, batch_id: UUID) -> None:
        """Stop what has not ended; what waits stops at once, what is in work is not charged.

        Raises:
            NotFound
            Conflict: all of it has ended.
        """
        now = self.clock.now()

        def work(session: Session) -> None:
            open_ones = [
                one
                for one in _found(actions.documents_of(session, actor.user_id, batch_id))
                if one.status not in document_rules.ENDED
            ]
            if not open_ones:
                raise Conflict("This batch has ended. There is nothing left to cancel.")
            actions.cancel(session, actor.user_id, open_ones, now)

        self._write(actor, batch_id, work)

    def retry_failed(self, actor: Actor, batch_id: UUID) -> int:
        """Begin every failed document of a batch anew; how many.

        Raises:
            NotFound
            Conflict: none has failed.
        """
        now = self.clock.now()

        def work(session: Session) -> int:
            failed = [
                one
                for one in _found(actions.documents_of(session, actor.user_id, batch_id))
                if one.status is DocumentStatus.FAILED
            ]
            if not failed:
                raise Conflict("No document of this batch has failed.")
            actions.retry(session, actor.user_id, failed, now)
            return len(failed)

        retried = self._write(actor, batch_id, work)
        self.queue.wake()
        return retried

    def delete(self, actor: Actor, batch_id: UUID) -> None:
        """Remove a batch, its documents, results and files; the ledger stays.

        Raises:
            NotFound
        """
        now = self.clock.now()

        def work(session: Session) -> list[Standing]:
            documents = _found(actions.documents_of(session, actor.user_id, batch_id))
            actions.remove_batch(session, actor.user_id, batch_id, documents, now)
            return documents

        self._remove_files(self._write(actor, batch_id, work))

    def cancel_document(self, actor: Actor, document_id: UUID) -> None:
        """Stop one document that has not ended.

        Raises:
            NotFound
            Conflict: it has ended.
        """
        now = self.clock.now()

        def work(session: Session) -> UUID | None:
            document = _found(actions.document(session, actor.user_id, document_id))
            if document.status in document_rules.ENDED:
                raise Conflict("This document has ended. There is nothing left to cancel.")
            actions.cancel(session, actor.user_id, [document], now)
            return document.batch_id

        self._write_one(actor, work)

    def retry_document(self, actor: Actor, document_id: UUID) -> None:
        """Begin one failed document anew.

        Raises:
            NotFound
            Conflict: it has not failed.
        """
        now = self.clock.now()

        def work(session: Session) -> UUID | None:
            document = _found(actions.document(session, actor.user_id, document_id))
            if document.status is not DocumentStatus.FAILED:
                raise Conflict("Only a document that failed can be tried again.")
            actions.retry(session, actor.user_id, [document], now)
            return document.batch_id

        self._write_one(actor, work)
        self.queue.wake()

    def delete_document(self, actor: Actor, document_id: UUID) -> None:
        """Remove one document, its result and its file; its batch's counts and pages follow.

        Raises:
            NotFound
        """
        now = self.clock.now()

        def work(session: Session) -> Standing:
            document = _found(actions.document(session, actor.user_id, document_id))
            actions.remove(session, actor.user_id, [document], now)
            return document

        removed = self.database.write(actor.user_id, work)
        self.feed.publish(actor.user_id, removed.batch_id)
        self._remove_files([removed])

    def _write(self, actor: Actor, batch_id: UUID, work: Callable[[Session], T]) -> T:
        done = self.database.write(actor.user_id, work)
        self.feed.publish(actor.user_id, batch_id)
        return done

    def _write_one(self, actor: Actor, work: Callable[[Session], UUID | None]) -> None:
        batch_id = self.database.write(actor.user_id, work)
        self.feed.publish(actor.user_id, batch_id)

    def _remove_files(self, documents: Sequence[Standing]) -> None:
        """After the commit: a file that stays is an orphan, which intake's purge finds."""
        for document in documents:
            try:
                self.storage.delete(document.storage_key)
            except Unavailable as error:
                log.warning("file_left", key=document.storage_key, error=error.message)


def _found(thing: T | None) -> T:
    """The thing.

    Raises:
        NotFound: missing, or somebody else's.
    """
    if thing is None:
        raise NotFound
    return thing
