"""Bytes on their way in, on the local disk: a file's size is the upload's offset.

Answers how far a file has come, and lets one writer at a time go on. Nothing beside the file says
how much has arrived, so a crash can't put the two out of step. Leaves rows and rights to `intake`.
"""

from __future__ import annotations

import errno
import os
import shutil
import threading
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final, Self
from uuid import UUID

from ingestio.errors import Conflict, Locked, NotFound, StorageFull, StorageUnavailable, TooLarge

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    OnFailure = Callable[["StorageFull | StorageUnavailable"], None]

ARRIVING: Final = ".part"
SEALED: Final = ".done"
RESERVED_BYTES: Final = 64 * 1_048_576
"""Kept free, so that the database on the same disk can still say what happened."""
MAX_PARTS: Final = 512
"""The system takes 1,024 at once."""
TAKE_OVER_AFTER_S: Final = 5.0
"""A writer that was silent for so long has lost its connection: the next one goes on."""


class Spool:
    """A folder of files in transfer, by id."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writers: dict[UUID, Writer] = {}
        self._lock = threading.Lock()

    def create(self, file_id: UUID, size_bytes: int) -> None:
        """Make room for a file.

        Raises:
            StorageFull: the disk would not hold it.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if shutil.disk_usage(self._folder).free < size_bytes + RESERVED_BYTES:
            raise _full()
        try:
            self.arriving(file_id).touch(mode=0o600)
        except OSError as error:
            raise _translated(error) from error

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
            writer = Writer(self, file_id, offset, size_bytes, on_failure)
            self._writers[file_id] = writer
            return writer

    def release(self, writer: Writer) -> None:
        """A writer is done."""
        with self._lock:
            if self._writers.get(writer.file_id) is writer:
                del self._writers[writer.file_id]

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
            raise _translated(error) from error

    def empty(self, file_id: UUID) -> None:
        """Give a file's space back, and begin it anew."""
        with suppress(FileNotFoundError):
            os.truncate(self.arriving(file_id), 0)

    def remove(self, file_id: UUID) -> None:
        """Forget a file; a writer at it notices at its next write."""
        self.arriving(file_id).unlink(missing_ok=True)
        self.sealed(file_id).unlink(missing_ok=True)

    def ids(self) -> Iterator[tuple[UUID, float]]:
        """What lies here, with the time of its last byte (seconds since the epoch)."""
        for path in self._folder.glob("*"):
            with suppress(FileNotFoundError, ValueError):
                yield UUID(path.stem), path.stat().st_mtime


class Writer:
    """The one who may append to a file. Thread-safe; close it whatever happens."""

    def __init__(
        self,
        spool: Spool,
        file_id: UUID,
        offset: int,
        size_bytes: int,
        on_failure: OnFailure,
    ) -> None:
        self.file_id = file_id
        self.offset = offset
        self.size_bytes = size_bytes
        self._spool = spool
        self._on_failure = on_failure
        self._mutex = threading.Lock()
        self._wrote_at = time.monotonic()
        try:
            self._fd: int | None = os.open(spool.arriving(file_id), os.O_WRONLY | os.O_APPEND)
        except FileNotFoundError as error:
            raise NotFound from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def write(self, *parts: bytes) -> None:
        """Append. About 1 MiB at a time is quickest; parts need not be joined for it.

        Raises:
            TooLarge: more than was declared.
            NotFound: the file was cancelled meanwhile.
            Locked: another writer took over.
            StorageFull, StorageUnavailable
        """
        with self._mutex:
            if self._fd is None:
                raise Locked("Another connection goes on with this file.")
            size_bytes = sum(map(len, parts))
            if self.offset + size_bytes > self.size_bytes:
                raise TooLarge("More bytes than the file's declared size.")
            if os.fstat(self._fd).st_nlink == 0:
                raise NotFound
            self._append(self._fd, parts, size_bytes)
            self._wrote_at = time.monotonic()

    def give_way(self) -> bool:
        """End this writer if it was silent for too long; whether it has ended."""
        with self._mutex:
            if self._fd is None:
                return True
            if time.monotonic() - self._wrote_at < TAKE_OVER_AFTER_S:
                return False
            self._drop(self._fd)
            return True

    def close(self) -> None:
        """Let go; a file that is complete is sealed.

        Raises:
            StorageFull, StorageUnavailable
        """
        with self._mutex:
            if self._fd is None:
                return
            is_here = os.fstat(self._fd).st_nlink > 0
            self._drop(self._fd)
        try:
            if is_here and self.offset == self.size_bytes:
                self._spool.seal(self.file_id)
        finally:
            self._spool.release(self)

    def _append(self, fd: int, parts: Sequence[bytes], size_bytes: int) -> None:
        left = size_bytes
        while left:
            try:
                written = os.writev(fd, parts[:MAX_PARTS])
            except OSError as error:
                failure = _translated(error)
                self._on_failure(failure)
                raise failure from error
            self.offset += written
            left -= written
            parts = _after(parts, written) if left else ()

    def _drop(self, fd: int) -> None:
        os.close(fd)
        self._fd = None


def _after(parts: Sequence[bytes], written: int) -> Sequence[bytes]:
    """What is left of parts once so many bytes are written."""
    for index, part in enumerate(parts):
        if written < len(part):
            return (part[written:], *parts[index + 1 :])
        written -= len(part)
    return ()


def _translated(error: OSError) -> StorageFull | StorageUnavailable:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return _full()
    return StorageUnavailable("The file could not be kept. Add it again in a moment.")


def _full() -> StorageFull:
    return StorageFull("There is no space left for this file. Nothing of it was kept.")
