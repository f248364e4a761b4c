"""The one who may append to a file in transfer.

Answers what may be written, and keeps the sha-256 of it running, so that nobody has to read a file
of 50 MB again for it. Leaves which files there are, and who may write to them, to `spool`.
"""

from __future__ import annotations

import errno
import hashlib
import os
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self

from ingestio.errors import Locked, NotFound, StorageFull, StorageUnavailable, TooLarge

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from hashlib import _Hash  # pyright: ignore[reportPrivateUsage]
    from pathlib import Path
    from uuid import UUID

    OnFailure = Callable[["StorageFull | StorageUnavailable"], None]
    OnEnd = Callable[["Writer"], None]

MAX_PARTS: Final = 512
"""The system takes 1,024 at once."""
TAKE_OVER_AFTER_S: Final = 5.0
"""A writer that was silent for so long has lost its connection: the next one goes on."""


@dataclass(frozen=True, slots=True)
class Digest:
    """The sha-256 of a file's first `size_bytes`, ready to go on."""

    size_bytes: int = 0
    running: _Hash = field(default_factory=hashlib.sha256)

    def copy(self) -> _Hash:
        """To go on from, so that this one can be come back to."""
        return self.running.copy()


class Writer:
    """Appends to one file. Thread-safe; close it whatever happens.

    `digest` is of what lies there already, or None where nobody has kept count: after a restart.
    """

    def __init__(
        self,
        path: Path,
        file_id: UUID,
        size_bytes: int,
        digest: Digest | None,
        *,
        offset: int,
        on_failure: OnFailure,
        on_end: OnEnd,
    ) -> None:
        self.file_id = file_id
        self.offset = offset
        self.size_bytes = size_bytes
        self.is_here = True
        self._began_at = offset
        self._before = digest
        self._running = digest.copy() if digest else None
        self._on_failure = on_failure
        self._on_end = on_end
        self._mutex = threading.Lock()
        self._wrote_at = time.monotonic()
        try:
            self._fd: int | None = os.open(path, os.O_WRONLY | os.O_APPEND)
        except FileNotFoundError as error:
            raise NotFound from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def digest(self) -> Digest | None:
        """Of all that lies there now."""
        return Digest(self.offset, self._running) if self._running else None

    def write(self, *parts: bytes) -> None:
        """Append. About 256 KiB at a time is quickest; parts need not be joined for it.

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

    def undo(self) -> None:
        """Take back all that this writer has written, and let go: what is under way is lost."""
        with self._mutex:
            if self._fd is None:
                return
            os.ftruncate(self._fd, self._began_at)
            self.offset = self._began_at
            self._running = self._before.copy() if self._before else None
            self._drop(self._fd)
        self._on_end(self)

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
            self._drop(self._fd)
        self._on_end(self)

    def _append(self, fd: int, parts: Sequence[bytes], size_bytes: int) -> None:
        if self._running:
            # Before the write, whose copying then finds the bytes in the processor's cache.
            for part in parts:
                self._running.update(part)
        left, rest = size_bytes, parts
        while left:
            try:
                written = os.writev(fd, rest[:MAX_PARTS])
            except OSError as error:
                self._running = None  # of a part that was cut
                failure = translated(error)
                self._on_failure(failure)
                raise failure from error
            self.offset += written
            left -= written
            rest = _after(rest, written) if left else ()

    def _drop(self, fd: int) -> None:
        self.is_here = os.fstat(fd).st_nlink > 0
        os.close(fd)
        self._fd = None


def translated(error: OSError) -> StorageFull | StorageUnavailable:
    """What the disk said, as one of ours."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return full()
    return StorageUnavailable("The file could not be kept. Add it again in a moment.")


def full() -> StorageFull:
    """No space left."""
    return StorageFull("There is no space left for this file. Nothing of it was kept.")


def _after(parts: Sequence[bytes], written: int) -> Sequence[bytes]:
    """What is left of parts once so many bytes are written."""
    for index, part in enumerate(parts):
        if written < len(part):
            return (part[written:], *parts[index + 1 :])
        written -= len(part)
    return ()
