"""`pages` and `extract`: files of this machine, without server, account or charge (Spec 9.3).

A JSON line for each file, in the given order; one bad file never stops the rest.
"""

from __future__ import annotations

import hashlib
import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ingestio.bootstrap import services
from ingestio.cli import say
from ingestio.domain.documents import DocumentKind
from ingestio.domain.drafts import judge_name, judge_size
from ingestio.errors import IngestioError, Unavailable, Unreadable
from ingestio.ports import CountedFile, SourceDocument
from ingestio.services.reading import read_at_once

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Callable, Generator

    from ingestio.bootstrap import Services
    from ingestio.domain.results import Field
    from ingestio.ports import Extractor

AT_ONCE: Final = max(2, os.cpu_count() or 1)


def pages(asked: Namespace) -> int:
    """`{"path", "media_type", "pages"}` or `{"path", "error", "message"}` for each file."""
    with _helpers() as made:

        def count(name: str) -> dict[str, Any]:
            counted = _counted(made, Path(name))
            _drop(counted)
            return {"media_type": counted.media_type.value, "pages": counted.pages}

        return _each(asked.files, count)


def extract(asked: Namespace) -> int:
    """`{"path", "type", "fields"}` or `{"path", "error", "message"}` for each file."""
    kind = DocumentKind(asked.type) if asked.type else None
    with _helpers() as made:
        engine = _engine(made, asked.engine)

        def read(name: str) -> dict[str, Any]:
            path = Path(name)
            counted = _counted(made, path)
            try:
                found = read_at_once(engine, _source(path, counted), asked.prompt, kind)
            finally:
                _drop(counted)
            fields = {field.name: _evidence(field) for field in found.fields}
            return {"type": found.kind.value, "fields": fields}

        return _each(asked.files, read)


def _each(names: list[str], work: Callable[[str], dict[str, Any]]) -> int:
    """Print what becomes of each file, several in work at once; 1 where one was refused."""

    def told(name: str) -> dict[str, Any]:
        try:
            return {"path": name, **work(name)}
        except IngestioError as error:
            return {"path": name, "error": error.code, "message": error.message}

    is_any_refused = False
    with ThreadPoolExecutor(AT_ONCE) as threads:
        for result in say.with_progress(threads.map(told, names), len(names)):
            say.line(result)
            is_any_refused = is_any_refused or "error" in result
    return int(is_any_refused)


@contextmanager
def _helpers() -> Generator[Services]:
    """The services, their helper processes ended afterwards."""
    made = services()
    try:
        yield made
    finally:
        made.counter.stop()
        made.local_engine.stop()


def _counted(made: Services, path: Path) -> CountedFile:
    """Type and pages, refused as at the other doors.

    Raises:
        DocumentRejected, ReaderCrashed
    """
    try:
        size_bytes = path.stat().st_size
    except OSError as error:
        raise Unreadable(f"Can't open it: {error.strerror}.") from error
    if not path.is_file():
        raise Unreadable("This is not a file.")
    judge_name(path.name)
    judge_size(size_bytes)
    return made.counter.count(path, path.name)


def _drop(counted: CountedFile) -> None:
    if counted.repaired:
        with suppress(OSError):
            counted.repaired.unlink()


def _source(path: Path, counted: CountedFile) -> SourceDocument:
    read = counted.repaired or path
    with read.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return SourceDocument(read, counted.media_type, counted.pages, digest)


def _engine(made: Services, name: str) -> Extractor:
    if name not in made.engines:
        raise Unavailable("The openai engine is not configured. Set OPENAI_API_KEY.")
    return made.engines[name]


def _evidence(field: Field) -> dict[str, Any]:
    return {
        "value": field.value,
        "confidence": field.confidence,
        "page": field.page,
        "box": field.box.as_list() if field.box else None,
        "quote": field.quote,
    }
