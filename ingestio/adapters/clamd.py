"""ports.VirusScanner over clamd's own protocol (INSTREAM).

Answers whether a file is clean. Closed when away: nothing passes unscanned (Spec 5.1). A client of
our own of forty lines, since services are synchronous and the one on PyPI is not.
"""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from ingestio.errors import Infected, ScannerUnavailable

if TYPE_CHECKING:
    from pathlib import Path

CHUNK_BYTES: Final = 262_144
TIMEOUT_S: Final = 60.0
DEFAULT_PORT: Final = 3310
MAX_ANSWER_BYTES: Final = 4_096
AWAY: Final = "The virus scanner does not answer. Add the file again in a moment."
TOO_LONG: Final = "The virus scanner could not take this file whole. Split it, or save it smaller."


class ClamdScanner:
    """Sends files to `tcp://host:port` or `unix:///path/to/clamd.ctl`."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    def scan(self, path: Path) -> None:
        """See ports.VirusScanner."""
        try:
            with self._connected() as connection:
                answer = _ask(connection, path)
        except OSError as error:
            raise ScannerUnavailable(AWAY) from error
        _judge(answer)

    def _connected(self) -> socket.socket:
        if self._url.scheme == "unix":
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(TIMEOUT_S)
            connection.connect(self._url.path)
            return connection
        address = (self._url.hostname or "localhost", self._url.port or DEFAULT_PORT)
        return socket.create_connection(address, TIMEOUT_S)


def _ask(connection: socket.socket, path: Path) -> str:
    try:
        connection.sendall(b"zINSTREAM\0")
        with path.open("rb") as file:
            while chunk := file.read(CHUNK_BYTES):
                connection.sendall(struct.pack("!I", len(chunk)) + chunk)
        connection.sendall(struct.pack("!I", 0))
    except ConnectionError:
        # Over its stream limit it answers and hangs up while we still send.
        return _answer(connection) or "size limit exceeded"
    return _answer(connection)


def _answer(connection: socket.socket) -> str:
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < MAX_ANSWER_BYTES:
        try:
            part = connection.recv(MAX_ANSWER_BYTES)
        except ConnectionError:
            break
        if not part:
            break
        answer += part
    return answer.rstrip(b"\0").decode("utf-8", "replace")


def _judge(answer: str) -> None:
    said = answer.removeprefix("stream: ").strip()
    if said == "OK":
        return
    if said.endswith(" FOUND"):
        raise Infected(f"This file was refused by the virus scan ({said.removesuffix(' FOUND')}).")
    raise ScannerUnavailable(TOO_LONG if "size limit" in said else AWAY)
