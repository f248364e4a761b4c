"""ports.FileStorage over obstore: a folder on this disk, or a bucket, by the same calls.

Answers with the bytes of a key. Leaves keys to the services, which make them of ids and a slug.
"""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl, urlsplit, urlunsplit
from uuid import uuid4

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from ingestio.errors import NotFound, StorageFull, StorageUnavailable

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

CHUNK_BYTES: Final = 1_048_576
CONNECT_TIMEOUT: Final = timedelta(seconds=5)
RETRIED_FOR: Final = timedelta(seconds=15)
_FULL_SIGNS: Final = ("os error 28", "os error 122", "No space left", "StorageFull")


class ObjectFiles:
    """Files below a folder, or in `s3://bucket/prefix?endpoint=...&region=...`.

    Credentials come from the environment (`AWS_ACCESS_KEY_ID`, ...), never from the address.
    """

    def __init__(self, place: str | Path) -> None:
        text = str(place)
        self._root = None if text.startswith("s3://") else Path(text).absolute()
        if self._root:
            self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._store = LocalStore(self._root, automatic_cleanup=True, mkdir=True)
        else:
            self._store = _bucket(text)

    def put(self, key: str, source: Path) -> None:
        """See ports.FileStorage."""
        with _translated():
            if self._root and _is_linked(source, self._root, key):
                return
            obstore.put(self._store, key, source)
            if self._root:
                _sync(self._root / key)

    def open(self, key: str) -> Iterator[bytes]:
        """See ports.FileStorage. A missing key is noticed here, not at the first chunk."""
        with _translated():
            stream = obstore.get(self._store, key).stream(min_chunk_size=CHUNK_BYTES)
        return _chunks(iter(stream))

    @contextmanager
    def as_file(self, key: str) -> Generator[Path]:
        """See ports.FileStorage. Only a bucket's file is copied."""
        if self._root:
            path = self._root / key
            if not path.is_file():
                raise NotFound
            yield path
            return
        with tempfile.TemporaryDirectory(prefix="ingestio-") as folder:
            path = Path(folder) / Path(key).name
            with path.open("wb") as file:
                file.writelines(self.open(key))
            yield path

    def delete(self, key: str) -> None:
        """See ports.FileStorage."""
        try:
            with _translated():
                obstore.delete(self._store, key)
        except NotFound:
            return

    def keys(self, prefix: str) -> Iterator[str]:
        """See ports.FileStorage."""
        with _translated():
            for page in obstore.list(self._store, prefix.rstrip("/") or None):  # pyright: ignore[reportUnknownMemberType]
                for entry in page:
                    yield entry["path"]


def _bucket(url: str) -> S3Store:
    parts = urlsplit(url)
    options: Any = {f"aws_{key}": value for key, value in parse_qsl(parts.query)}
    is_plain = options.get("aws_endpoint", "").startswith("http://")
    return S3Store.from_url(
        urlunsplit((parts.scheme, parts.netloc, parts.path, "", "")),
        config=options,
        client_options={"allow_http": is_plain, "connect_timeout": CONNECT_TIMEOUT},
        retry_config={"max_retries": 3, "retry_timeout": RETRIED_FOR},
    )


def _is_linked(source: Path, root: Path, key: str) -> bool:
    """Give the bytes a second name instead of copying them, where the disk is the same."""
    if ".." in Path(key).parts:
        return False
    target = root / key
    target.parent.mkdir(parents=True, exist_ok=True)
    beside = target.with_name(f"{target.name}#{uuid4().hex}")
    try:
        beside.hardlink_to(source)
    except OSError as error:
        if error.errno in {errno.EXDEV, errno.EPERM, errno.EMLINK, errno.EOPNOTSUPP}:
            return False
        raise
    beside.replace(target)
    # Where both already were names of the same bytes, the system has renamed nothing.
    beside.unlink(missing_ok=True)
    _sync(target)
    return True


def _sync(path: Path) -> None:
    """The rename was atomic; now it also survives a power cut."""
    for target in (path, path.parent):
        handle = os.open(target, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _chunks(stream: Iterator[object]) -> Iterator[bytes]:
    with _translated():
        for chunk in stream:
            yield bytes(chunk)  # pyright: ignore[reportArgumentType]


@contextmanager
def _translated() -> Generator[None]:
    try:
        yield
    except FileNotFoundError as error:
        raise NotFound from error
    except (BaseError, OSError, ValueError) as error:
        if any(sign in str(error) for sign in _FULL_SIGNS):
            raise StorageFull("There is no space left for this file.") from error
        raise StorageUnavailable("The file store does not answer. Try again.") from error
