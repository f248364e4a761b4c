"""A multipart body streamed to disk: text fields in memory, files in a folder, both bounded.

Answers with what was sent, also where a file is over the cap: its bytes are counted and dropped, so
that every file's problem can be said at once. Leaves what the fields mean to `submissions`.
"""

from __future__ import annotations

import asyncio
import errno
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO, Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from ingestio.errors import Invalid, InvalidDraft, Problem, StorageFull, StorageUnavailable

if TYPE_CHECKING:
    from pathlib import Path

    from fastapi import Request

MAX_TEXT_BYTES: Final = 6_291_456
"""All text fields together: a hundred prompts of 10,000 characters fit in."""
MAX_FIELDS: Final = 32
MAX_HEADER_BYTES: Final = 8_192
WRITE_BYTES: Final = 1_048_576
CUT: Final = "The multipart body ends in the middle."


@dataclass(slots=True)
class SentFile:
    """A file of the form. `size_bytes` is what was sent; `path` keeps no more than the cap."""

    filename: str
    path: Path
    size_bytes: int = 0


@dataclass(slots=True)
class SentForm:
    """Text fields by name, and the parts named `files` in order."""

    fields: dict[str, str] = field(default_factory=dict[str, str])
    files: list[SentFile] = field(default_factory=list[SentFile])


async def receive(
    request: Request, folder: Path, *, max_files: int, max_file_bytes: int
) -> SentForm:
    """Read the whole body, at most about 1 MiB of it in memory at a time.

    Raises:
        Invalid: no multipart body, or a broken one.
        InvalidDraft: more than `max_files` files, or more text than is taken.
        StorageFull, StorageUnavailable: the disk does not take it.
    """
    parts = _Parts(folder, max_files, max_file_bytes)
    parser = MultipartParser(_boundary(request), parts.callbacks)  # pyright: ignore[reportArgumentType]
    try:
        async for chunk in request.stream():
            parser.write(chunk)
            if parts.pending_bytes >= WRITE_BYTES:
                await asyncio.to_thread(parts.flush)
        parser.finalize()
        await asyncio.to_thread(parts.flush)
    except FormParserError as error:
        raise Invalid("The multipart body can't be read.") from error
    except ClientDisconnect:
        raise Invalid(CUT) from None  # nobody hears it, but it is no bug
    except OSError as error:
        raise _translated(error) from error
    finally:
        parts.close()
    if not parts.has_ended:
        raise Invalid(CUT)
    return parts.form


def _translated(error: OSError) -> StorageFull | StorageUnavailable:
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return StorageFull("There is no space left for this batch. Nothing of it was kept.")
    return StorageUnavailable("The batch could not be kept. Send it again in a moment.")


def _boundary(request: Request) -> bytes:
    kind, options = parse_options_header(request.headers.get("content-type"))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        raise Invalid("Send the batch as multipart/form-data.")
    return boundary


class _Parts:
    """What the parser calls. Collects in memory; `flush` writes what was collected."""

    def __init__(self, folder: Path, max_files: int, max_file_bytes: int) -> None:
        self.form = SentForm()
        self.has_ended = False
        self.pending_bytes = 0
        self._folder = folder
        self._max_files = max_files
        self._max_file_bytes = max_file_bytes
        self._pending: list[tuple[SentFile, bytes]] = []
        self._open: tuple[SentFile, BinaryIO] | None = None
        self._header = [bytearray(), bytearray()]
        self._disposition = b""
        self._name = ""
        self._file: SentFile | None = None
        self._text = bytearray()
        self._text_bytes = 0

    @property
    def callbacks(self) -> dict[str, object]:
        """By the parser's names for them."""
        names = ("part_begin", "part_data", "part_end", "header_field", "header_value")
        names += ("header_end", "headers_finished", "end")
        return {f"on_{name}": getattr(self, f"_{name}") for name in names}

    def flush(self) -> None:
        """Write what was collected, up to each file's cap."""
        for sent, data in self._pending:
            room = self._max_file_bytes - sent.size_bytes
            sent.size_bytes += len(data)
            file = self._opened(sent)
            if room > 0:
                file.write(data[:room])
        self._pending.clear()
        self.pending_bytes = 0

    def close(self) -> None:
        """Let go of the file that is being written."""
        if self._open:
            self._open[1].close()
            self._open = None

    def _opened(self, sent: SentFile) -> BinaryIO:
        if self._open and self._open[0] is sent:
            return self._open[1]
        self.close()
        file = sent.path.open("ab")
        self._open = (sent, file)
        return file

    def _part_begin(self) -> None:
        self._disposition, self._name, self._file = b"", "", None
        self._text = bytearray()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._collect_header(0, data[start:end])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._collect_header(1, data[start:end])

    def _collect_header(self, side: int, data: bytes) -> None:
        self._header[side] += data
        if len(self._header[side]) > MAX_HEADER_BYTES:
            raise Invalid("A part's header is too long.")

    def _header_end(self) -> None:
        name, value = map(bytes, self._header)
        if name.lower() == b"content-disposition":
            self._disposition = value
        self._header = [bytearray(), bytearray()]

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        self._name = _decoded(options.get(b"name", b""))
        if b"filename" not in options:
            if len(self.form.fields) >= MAX_FIELDS:
                raise Invalid(f"A form has at most {MAX_FIELDS} fields.")
            return
        if self._name != "files":
            raise InvalidDraft([Problem(self._name, "extra_forbidden", "Files go into `files`.")])
        if len(self.form.files) >= self._max_files:
            words = f"A batch on your plan holds {self._max_files} files. Send fewer at a time."
            raise InvalidDraft([Problem("files", "too_many_files", words)])
        path = self._folder / str(len(self.form.files))
        path.touch()
        self._file = SentFile(_decoded(options[b"filename"]), path)
        self.form.files.append(self._file)

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._file:
            self._pending.append((self._file, data[start:end]))
            self.pending_bytes += end - start
            return
        self._text += data[start:end]
        self._text_bytes += end - start
        if self._text_bytes > MAX_TEXT_BYTES:
            raise InvalidDraft([Problem(self._name, "too_long", "The text fields are too long.")])

    def _part_end(self) -> None:
        if self._file is None:
            self.form.fields[self._name] = _decoded(bytes(self._text))

    def _end(self) -> None:
        self.has_ended = True


def _decoded(data: bytes) -> str:
    """UTF-8 as browsers send it; what is not, byte by byte."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("latin-1")
