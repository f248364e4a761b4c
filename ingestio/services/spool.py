"""Bytes on their way in, on the local disk: a file's size is the upload's offset.

Answers how far a file has come, and lets one writer at a time go on. Nothing beside the file says
how much has arrived, so a crash can't put the two out of step. Leaves writing to `writing`, rows
and rights to `intake`.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final
from uuid import UUID

from ingestio.errors import Conflict, Locked, NotFound
from ingestio.services.writing import Digest, Writer, full, translated

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ingestio.services.writing import OnFailure

ARRIVING: Final = ".part"
SEALED: Final = ".done"
RESERVED_BYTES: Final = 64 * 1_048_576
"""Kept free, so that the database on the same disk can still say what happened."""


class Spool:
    """A folder of files in transfer, by id; `reserved_bytes` of its disk stay free."""

    def __init__(self, folder: Path, *, reserved_bytes: int = RESERVED_BYTES) -> None:
        self._folder = folder
        self._reserved_bytes = reserved_bytes
        self._writers: dict[UUID, Writer] = {}
        self._digests: dict[UUID, Digest] = {}
        self._lock = threading.Lock()

    def create(self, file_id: UUID, size_bytes: int) -> None:
        """Make room for a file.

        Raises:
            StorageFull: the disk would not hold it.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if shutil.disk_usage(self._folder).free < size_bytes + self._reserved_bytes:
            raise full()
        try:
            self.arriving(file_id).touch(mode=0o600)
        except OSError as error:
            raise translated(error) from error

    def arriving(self, file_id: UUID) -> Path:
        """Where a file's bytes gather."""
        return self._folder / f"{file_id}{ARRIVING}"

    def sealed(self, file_id: UUID) -> Path:
        """Where a file lies once all of it is here."""
        return self._folder / f"{file_id}{SEALED}"

    def offset(self, file_id: UUID) -> int:
        """Bytes that have arrived."""
        for path in (self.sealed(file_id), self.arriving(file_id)):
            with suppress(FileNotFoundError):
                return path.stat().st_size
        return 0

    def is_sealed(self, file_id: UUID) -> bool:
        """Whether all bytes are safe on the disk."""
        return self.sealed(file_id).exists()

    def writer(self, file_id: UUID, offset: int, size_bytes: int, on_failure: OnFailure) -> Writer:
        """Go on writing at `offset`; `on_failure` hears of a disk that is full or broken.

        Raises:
            Locked: another writer is at it.
            Conflict: the file is not at that offset.
            NotFound: its bytes are gone.
        """
        with self._lock:
            current = self._writers.get(file_id)
            if current and not current.give_way():
                raise Locked("Another connection is sending this file. Try again in a moment.")
            here = self.offset(file_id)
            if here != offset or self.is_sealed(file_id):
                raise Conflict(f"This upload is at byte {here}.")
            writer = Writer(
                self.arriving(file_id),
                file_id,
                size_bytes,
                self._digest(file_id, offset),
                offset=offset,
                on_failure=on_failure,
                on_end=self._end,
            )
            self._writers[file_id] = writer
            return writer

    def seal(self, file_id: UUID) -> None:
        """All bytes are here: give the file its final name.

        Not synced: that would halve the speed. It is when stored, and only then called complete;
        what a power cut takes before that, the inspection refuses.
        """
        try:
            self.arriving(file_id).rename(self.sealed(file_id))
        except FileNotFoundError as error:
            if not self.is_sealed(file_id):
                raise NotFound from error
        except OSError as error:
            raise translated(error) from error

    def empty(self, file_id: UUID) -> None:
        """Give a file's space back, and begin it anew."""
        self._digests.pop(file_id, None)
        with suppress(FileNotFoundError):
            os.truncate(self.arriving(file_id), 0)

    def sha256(self, file_id: UUID) -> str:
        """Of a sealed file: kept count of while it arrived, read again where a restart lost count.

        Raises:
            FileNotFoundError
        """
        path = self.sealed(file_id)
        if known := self._digest(file_id, path.stat().st_size):
            return known.running.hexdigest()
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    def remove(self, file_id: UUID) -> None:
        """Forget a file; a writer at it notices at its next write."""
        self._digests.pop(file_id, None)
        self.arriving(file_id).unlink(missing_ok=True)
        self.sealed(file_id).unlink(missing_ok=True)

    def ids(self) -> Iterator[tuple[UUID, float]]:
        """What lies here, with the time of its last byte (seconds since the epoch)."""
        for path in self._folder.glob("*"):
            with suppress(FileNotFoundError, ValueError):
                yield UUID(path.stem), path.stat().st_mtime

    def _digest(self, file_id: UUID, size_bytes: int) -> Digest | None:
        """Of a file's first bytes, where that many were kept count of."""
        kept = self._digests.get(file_id, Digest())
        return kept if kept.size_bytes == size_bytes else None

    def _end(self, writer: Writer) -> None:
        """A writer is done: keep its count, and seal what is complete."""
        if writer.is_here and (digest := writer.digest):
            self._digests[writer.file_id] = digest
        try:
            if writer.is_here and writer.offset == writer.size_bytes:
                self.seal(writer.file_id)
        finally:
            with self._lock:
                if self._writers.get(writer.file_id) is writer:
                    del self._writers[writer.file_id]
