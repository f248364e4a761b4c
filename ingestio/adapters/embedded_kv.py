"""A cache in a file of its own: ports.KeyValueStore without a server.

SQLite, shared by every process on the machine. It may forget, so nothing is synced, and a damaged
file is simply begun anew.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from typing import TYPE_CHECKING, Final

from ingestio.errors import StoreUnavailable

if TYPE_CHECKING:
    from pathlib import Path

_SETUP: Final = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=OFF",
    "PRAGMA busy_timeout=5000",
    "CREATE TABLE IF NOT EXISTS kv (key TEXT PRIMARY KEY, value TEXT, expires_at REAL)",
    "CREATE INDEX IF NOT EXISTS ix_kv_expires ON kv (expires_at)",
)
_PURGE_EVERY: Final = 200
"""Writes between two looks for what has expired."""


class EmbeddedKeyValue:
    """Text by key in an SQLite file; opened at first use."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._open: sqlite3.Connection | None = None
        self._writes = 0

    def get(self, key: str) -> str | None:
        """The value, or None where there is none or it has expired."""
        found = self._run("SELECT value FROM kv WHERE key = ? AND expires_at > ?", key, time.time())
        return str(found[0]) if found else None

    def set(self, key: str, value: str, ttl_s: float) -> None:
        """Keep a value for a while."""
        self._run("INSERT OR REPLACE INTO kv VALUES (?, ?, ?)", key, value, time.time() + ttl_s)
        self._writes += 1
        if self._writes % _PURGE_EVERY == 1:
            self._run("DELETE FROM kv WHERE expires_at <= ?", time.time())

    def delete(self, key: str) -> None:
        """Forget it."""
        self._run("DELETE FROM kv WHERE key = ?", key)

    def close(self) -> None:
        """Let go of the file."""
        with self._lock:
            if self._open:
                self._open.close()
            self._open = None

    def _run(self, statement: str, *values: str | float) -> tuple[object, ...] | None:
        with self._lock:
            try:
                return self._connection().execute(statement, values).fetchone()
            except sqlite3.Error as error:
                self._open = None
                raise StoreUnavailable("The cache does not answer.") from error

    def _connection(self) -> sqlite3.Connection:
        if self._open is None:
            try:
                self._open = self._opened()
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise
                self._begin_anew()
                self._open = self._opened()
        return self._open

    def _opened(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
        for statement in _SETUP:
            connection.execute(statement)
        return connection

    def _begin_anew(self) -> None:
        """The file is no database any more: a cache loses nothing that matters."""
        for suffix in ("", "-wal", "-shm"):
            self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
