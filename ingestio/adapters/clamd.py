"""ports.VirusScanner over clamd's own protocol (INSTREAM).

Answers whether a file is clean. Closed when away: nothing passes unscanned (Spec 5.1). A client of
our own of forty lines, since services are synchronous and the one on PyPI is not.
"""

from __future__ import annotations

import socket
import struct
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from ingestio.errors import Infected, ScannerUnavailable, TooLargeToScan

if TYPE_CHECKING:
    from pathlib import Path

CHUNK_BYTES: Final = 262_144
TIMEOUT_S: Final = 60.0
DEFAULT_PORT: Final = 3310
MAX_ANSWER_BYTES: Final = 4_096
AWAY: Final = "The virus scanner does not answer. Add the file again in a moment."
TOO_LARGE: Final = "The virus scanner could not take this file whole. Split it, or save it smaller."
OVER_ITS_LIMIT: Final = "INSTREAM size limit exceeded. ERROR"
LIMIT_ALERT: Final = "Heuristics.Limits.Exceeded"
"""What it finds with AlertExceedsMax in a file that it did not look through to its end."""


class ClamdScanner:
    """Sends files to `tcp://host:port` or `unix:///path/to/clamd.ctl`."""

    def __init__(self, url: str) -> None:
        self._url = urlsplit(url)

    def scan(self, path: Path) -> None:
        """See ports.VirusScanner."""
        try:
            _judge(self._answer_to(path))
        except OSError as error:
            raise ScannerUnavailable(AWAY) from error

    def _answer_to(self, path: Path) -> str:
        with self._connected() as connection:
            try:
                _send(connection, path)
            except ConnectionError:
                # Over its limit it answers and hangs up while we still send; the answer may be
                # lost on the way, so it is asked whether it lives.
                return _read(connection) or self._reason_for_hanging_up()
            return _read(connection)

    def _reason_for_hanging_up(self) -> str:
        with self._connected() as connection:
            connection.sendall(b"zPING\0")
            return OVER_ITS_LIMIT if _read(connection) == "PONG" else ""

    def _connected(self) -> socket.socket:
        if self._url.scheme == "unix":
            connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            connection.settimeout(TIMEOUT_S)
            connection.connect(self._url.path)
            return connection
        address = (self._url.hostname or "localhost", self._url.port or DEFAULT_PORT)
        return socket.create_connection(address, TIMEOUT_S)


def _send(connection: socket.socket, path: Path) -> None:
    connection.sendall(b"zINSTREAM\0")
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            connection.sendall(struct.pack("!I", len(chunk)) + chunk)
    connection.sendall(struct.pack("!I", 0))


def _read(connection: socket.socket) -> str:
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
    name = said.removesuffix(" FOUND")
    if said == OVER_ITS_LIMIT or name.startswith(LIMIT_ALERT):
        raise TooLargeToScan(TOO_LARGE)
    if name != said:
        raise Infected(f"This file was refused by the virus scan ({name}).")
    raise ScannerUnavailable(AWAY)
