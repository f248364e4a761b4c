"""From a received file to a staged one: opened, counted, scanned, compared, stored.

Answers whether a file whose bytes are all here may be part of a batch. A refusal is kept on its row
with code and sentence. Safe to repeat: after a crash it is simply done again. Leaves receiving to
`intake` and looking inside to ports.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import structlog

from ingestio.db import drafts, duplicates, staged_files, sweeps
from ingestio.db.engine import SYSTEM
from ingestio.db.staged_files import Accepted
from ingestio.domain.drafts import StagedStatus
from ingestio.errors import (
    Duplicate,
    IngestioError,
    StorageUnavailable,
    StoreUnavailable,
    Unavailable,
)

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path
    from uuid import UUID

    from ingestio.db.engine import Database, Session
    from ingestio.db.staged_files import StoredFile
    from ingestio.ports import Clock, FileStorage, PageCounter, StatusFeed, VirusScanner
    from ingestio.services.spool import Spool

log = structlog.get_logger(__name__)
KEPT_TRYING: Final = timedelta(minutes=10)
"""So long a file waits for a store that is away; then its person is told."""
LOST_AFTER: Final = timedelta(minutes=15)
"""Longer than any queue of inspections: another server may have the bytes in a spool of its own."""
LOST: Final = "The file was lost on its way. Add it again."
TWICE: Final = "Added twice, kept once."


@dataclass(frozen=True, slots=True)
class Inspection:
    """Looks at one received file after the other; called from many threads."""

    database: Database
    storage: FileStorage
    page_counter: PageCounter
    scanner: VirusScanner
    feed: StatusFeed
    clock: Clock
    spool: Spool
    _in_hand: set[UUID] = field(default_factory=set["UUID"])
    _taking: threading.Lock = field(default_factory=threading.Lock)
    _sweeping: threading.Lock = field(default_factory=threading.Lock)

    def inspect(self, owner_id: UUID, file_id: UUID) -> None:
        """Move a file from `inspecting` to `complete` or `error`.

        Where the database or the file store is away it stays `inspecting`, with its bytes:
        `recover` comes back for it.

        Raises:
            StoreUnavailable
        """
        if not self._take(file_id):
            return
        try:
            self._inspect(owner_id, file_id)
        finally:
            self._in_hand.discard(file_id)

    def recover(self) -> int:
        """Inspect what has arrived whole and is in nobody's hand; how many.

        After a start and every few minutes, so that nothing depends on one call going through.
        """
        if not self._sweeping.acquire(blocking=False):
            return 0
        try:
            with self.database.read(SYSTEM) as session:
                rows = sweeps.in_transfer(session)
            return sum(self._is_recovered(row) for row in rows)
        finally:
            self._sweeping.release()

    def _take(self, file_id: UUID) -> bool:
        with self._taking:
            if file_id in self._in_hand:
                return False
            self._in_hand.add(file_id)
            return True

    def _inspect(self, owner_id: UUID, file_id: UUID) -> None:
        with self.database.read(owner_id) as session:
            row = staged_files.find(session, owner_id, file_id)
        if row is None or row.status is not StagedStatus.INSPECTING:
            return
        try:
            self._admit(row)
        except StoreUnavailable:
            raise
        except StorageUnavailable as error:
            if row.updated_at > self.clock.now() - KEPT_TRYING:
                log.warning("inspection_put_off", file_id=str(file_id), code=error.code)
                return
            self._refuse(row, error.code, error.message)
        except IngestioError as error:
            self._refuse(row, error.code, error.message)
        except FileNotFoundError:
            self._refuse(row, StorageUnavailable.code, LOST)
        except Exception:
            log.exception("inspection_failed", file_id=str(file_id))
            words = "Something broke on our side. Add the file again in a moment."
            self._refuse(row, IngestioError.code, words)
        # Last: until what was decided is written, the bytes are all there is.
        self.spool.remove(file_id)
        self.feed.publish(owner_id, row.draft_id)

    def _is_recovered(self, row: StoredFile) -> bool:
        try:
            return self._recover(row)
        except Exception:
            log.exception("recovery_failed", file_id=str(row.id))
            return False

    def _recover(self, row: StoredFile) -> bool:
        if row.id in self._in_hand:
            return False
        is_whole = self.spool.offset(row.id) == row.size_bytes
        if is_whole and not self.spool.is_sealed(row.id):
            self.spool.seal(row.id)
        if is_whole:
            self._start(row)
            self.inspect(row.owner_id, row.id)
            return True
        # Another server of the same database may be at it, with a spool of its own.
        is_lost = row.updated_at < self.clock.now() - LOST_AFTER
        if row.status is StagedStatus.INSPECTING and is_lost:
            self._refuse(row, StorageUnavailable.code, LOST)
            self.feed.publish(row.owner_id, row.draft_id)
        return False

    def _start(self, row: StoredFile) -> None:
        self.database.write(
            row.owner_id,
            lambda s: staged_files.start_inspection(s, row.owner_id, row.id, self.clock.now()),
        )

    def _admit(self, row: StoredFile) -> None:
        path = self.spool.sealed(row.id)
        if not path.exists():
            raise FileNotFoundError(path)
        with self._examined(row, path) as (kept, found):
            with self.database.read(row.owner_id) as session:
                twin = _twin(session, row, found)
            if twin is None:
                self.storage.put(row.storage_key, kept)
        if not self.database.write(row.owner_id, lambda s: self._decide(s, row, found)):
            forget(self.storage, row.storage_key)

    @contextmanager
    def _examined(self, row: StoredFile, path: Path) -> Generator[tuple[Path, Accepted]]:
        counted = self.page_counter.count(path, row.filename)
        kept = counted.repaired or path
        try:
            self.scanner.scan(path)
            sha256 = self.spool.sha256(row.id)
            size_bytes = kept.stat().st_size
            yield kept, Accepted(counted.media_type, counted.pages, sha256, size_bytes)
        finally:
            if counted.repaired:
                counted.repaired.unlink(missing_ok=True)

    def _decide(self, session: Session, row: StoredFile, found: Accepted) -> bool:
        """The one transaction at the end; whether the stored bytes are needed."""
        now = self.clock.now()
        if not drafts.lock(session, row.owner_id, row.draft_id):
            return False
        drafts.touch(session, row.owner_id, row.draft_id, now)
        if _twin(session, row, found):
            staged_files.refuse(
                session,
                row.owner_id,
                row.id,
                code=Duplicate.code,
                message=TWICE,
                now=now,
                what=found,
            )
            return False
        if staged_files.accept(session, row.owner_id, row.id, found, now):
            return True
        # A second inspection after a crash comes too late, and must not take the bytes away.
        current = staged_files.find(session, row.owner_id, row.id)
        return current is not None and current.status is StagedStatus.COMPLETE

    def _refuse(self, row: StoredFile, code: str, message: str) -> None:
        is_refused = self.database.write(
            row.owner_id,
            lambda s: staged_files.refuse(
                s, row.owner_id, row.id, code=code, message=message, now=self.clock.now()
            ),
        )
        if is_refused:
            forget(self.storage, row.storage_key)


def forget(storage: FileStorage, key: str) -> None:
    """Remove stored bytes; where the store is away, the sweep of orphans finds them later."""
    try:
        storage.delete(key)
    except Unavailable:
        log.warning("delete_failed", key=key)


def copy(storage: FileStorage, source_key: str, key: str) -> None:
    """Store the same bytes under a second key.

    Raises:
        NotFound, StorageUnavailable, StorageFull
    """
    with storage.as_file(source_key) as path:
        storage.put(key, path)


def _twin(session: Session, row: StoredFile, found: Accepted) -> StoredFile | None:
    return duplicates.twin(session, row.owner_id, row.draft_id, row.id, found.sha256)
