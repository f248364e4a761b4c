"""`upload`: files as a batch to a running server, by its API as any script would (Spec 9.3).

Prints the batch as JSON: as it was submitted, or with --watch as it ended.
"""

from __future__ import annotations

import json
import os
import time
import uuid
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from ingestio.cli import say
from ingestio.config import Settings
from ingestio.errors import Invalid, Unavailable

if TYPE_CHECKING:
    from argparse import Namespace
    from collections.abc import Iterator

ENDED: Final = frozenset({"completed", "partially_completed", "failed", "cancelled"})
LOOK_EVERY_S: Final = 1.0
TIMEOUT_S: Final = 600.0
CHUNK_BYTES: Final = 1_048_576


def run(asked: Namespace) -> int:
    """Send the files; 1 where the server refused, or where the watched batch did not complete."""
    server = _Server(asked.url or Settings().origin, _key(asked))
    status, answer = server.send("/api/v1/batches", _fields(asked), [Path(f) for f in asked.files])
    if status != 201:  # noqa: PLR2004 (created)
        _tell(answer)
        return 1
    if asked.watch:
        answer = _watch(server, answer)
    say.line(answer)
    return 0 if not asked.watch or answer["status"] == "completed" else 1


def _key(asked: Namespace) -> str:
    key = asked.key or os.environ.get("INGESTIO_API_KEY", "")
    if not key:
        raise Invalid("Give an API key: --key, or INGESTIO_API_KEY. `ingestio api-key` makes one.")
    return key


def _fields(asked: Namespace) -> dict[str, str]:
    given = {
        "strategy": asked.strategy,
        "prompt": asked.prompt,
        "prompts": asked.prompts,
        "name": asked.name,
        "skip_refused": "true" if asked.skip_refused else None,
    }
    return {name: value for name, value in given.items() if value is not None}


def _tell(answer: dict[str, Any]) -> None:
    error = answer.get("error", {})
    for problem in error.get("problems", []):
        say.note(f"{problem['field']}: {problem['message']}")
    if not error.get("problems"):
        say.note(f"ingestio: {error.get('message', 'The server refused.')}")


def _watch(server: _Server, batch: dict[str, Any]) -> dict[str, Any]:
    """Look every second until the batch has ended. Scripts have no socket to be told by."""
    seen = ""
    while batch["status"] not in ENDED:
        time.sleep(LOOK_EVERY_S)
        batch = server.get(f"/api/v1/batches/{batch['id']}")
        ended = batch["completed_count"] + batch["failed_count"] + batch["cancelled_count"]
        now = f"{batch['status']}: {ended} / {batch['document_count']} documents"
        if now != seen:
            say.note(now)
        seen = now
    return batch


class _Server:
    """A server as a script sees it."""

    def __init__(self, url: str, key: str) -> None:
        self._url = urlsplit(url)
        self._headers = {"Authorization": f"Bearer {key}", "Accept": "application/json"}

    def get(self, path: str) -> dict[str, Any]:
        """A thing as JSON.

        Raises:
            Unavailable: not there, or no answer.
        """
        status, answer = self._call("GET", path, None, {})
        if status != 200:  # noqa: PLR2004
            raise Unavailable(answer.get("error", {}).get("message", f"The server said {status}."))
        return answer

    def send(
        self, path: str, fields: dict[str, str], files: list[Path]
    ) -> tuple[int, dict[str, Any]]:
        """A form with files, read from the disk as it is sent."""
        edge = uuid.uuid4().hex
        parts = [*_text_parts(edge, fields), *_file_parts(edge, files)]
        tail = f"--{edge}--\r\n".encode()
        length = sum(len(head) + size + 2 for head, size, _ in parts) + len(tail)
        headers = {
            "Content-Type": f"multipart/form-data; boundary={edge}",
            "Content-Length": str(length),
        }
        return self._call("POST", path, _body(parts, tail), headers)

    def _call(
        self, method: str, path: str, body: Iterator[bytes] | None, headers: dict[str, str]
    ) -> tuple[int, dict[str, Any]]:
        kind = HTTPSConnection if self._url.scheme == "https" else HTTPConnection
        connection = kind(self._url.hostname or "localhost", self._url.port, timeout=TIMEOUT_S)
        try:
            connection.request(method, path, body, {**self._headers, **headers})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read() or b"{}")
        except (OSError, HTTPException, ValueError) as error:
            raise Unavailable(f"No answer from {self._url.geturl()}: {error}.") from error
        finally:
            connection.close()


Part = tuple[bytes, int, "Path | bytes"]


def _text_parts(edge: str, fields: dict[str, str]) -> Iterator[Part]:
    for name, value in fields.items():
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        text = value.encode()
        yield head.encode(), len(text), text


def _file_parts(edge: str, files: list[Path]) -> Iterator[Part]:
    for path in files:
        name = path.name.replace("\\", "").replace('"', "%22")
        head = (
            f'--{edge}\r\nContent-Disposition: form-data; name="files"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        try:
            size_bytes = path.stat().st_size
        except OSError as error:
            raise Invalid(f"{path}: {error.strerror}.") from error
        yield head.encode(), size_bytes, path


def _body(parts: list[Part], tail: bytes) -> Iterator[bytes]:
    for head, _, content in parts:
        yield head
        if isinstance(content, bytes):
            yield content
        else:
            with content.open("rb") as file:
                while chunk := file.read(CHUNK_BYTES):
                    yield chunk
        yield b"\r\n"
    yield tail
