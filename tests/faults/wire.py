"""A wire to PostgreSQL that can be cut at the worst moment: around a COMMIT.

`answer`: the server has committed, and nobody is told. `question`: the COMMIT never arrives.
"""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sqlalchemy import URL

COMMIT = b"Q\x00\x00\x00\x0bCOMMIT\x00"
Cut = Literal["answer", "question"]


class Wire:
    """Listens on TCP, and passes everything on to the server's socket until it is told to cut."""

    def __init__(self, server: URL) -> None:
        self._socket_path = f"{server.query['host']}/.s.PGSQL.5432"
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.url = server.set(
            host="127.0.0.1", port=port, query={"sslmode": "disable", "gssencmode": "disable"}
        ).render_as_string(hide_password=False)
        self._lock = threading.Lock()
        self._every, self._seen, self._how = 0, 0, "answer"
        self._left = 0
        self.cuts = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def cut(self, how: Cut, times: int = 1, *, every: int = 1) -> None:
        """Cut at the next COMMIT, or so many times at each `every`-th."""
        with self._lock:
            self._how, self._left, self._every, self._seen = how, times, every, 0

    def close(self) -> None:
        """No new connections."""
        self._listener.close()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX)
                try:
                    server.connect(self._socket_path)
                except OSError:
                    _reset(client, server)
                    continue
                threading.Thread(target=self._carry, args=(client, server), daemon=True).start()

    def _carry(self, client: socket.socket, server: socket.socket) -> None:
        is_cut = threading.Event()
        back = threading.Thread(target=_back, args=(client, server, is_cut), daemon=True)
        back.start()
        with suppress(OSError):
            while data := client.recv(65_536):
                if COMMIT in data and self._is_due():
                    if self._how == "question":
                        break
                    is_cut.set()
                server.sendall(data)
        if not is_cut.is_set():
            _reset(client, server)

    def _is_due(self) -> bool:
        with self._lock:
            self._seen += 1
            if not self._left or self._seen % self._every:
                return False
            self._left -= 1
            self.cuts += 1
            return True


def _back(client: socket.socket, server: socket.socket, is_cut: threading.Event) -> None:
    """From the server to the client; with the wire cut, the answer is taken and dropped."""
    with suppress(OSError):
        while data := server.recv(65_536):
            if is_cut.is_set():
                break
            client.sendall(data)
    _reset(client, server)


def _reset(*ends: socket.socket) -> None:
    """Hang up as a broken network does: no polite end."""
    for end in ends:
        with suppress(OSError):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
