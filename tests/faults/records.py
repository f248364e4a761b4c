"""Looks into a served product's records and folders from beside it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.e2e.served import Served


def one(server: Served, query: str) -> int:
    """A number from its database."""
    path = server.data_dir / "ingestio.sqlite3"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=30)) as database:
        return int(database.execute(query).fetchone()[0])


def in_work(server: Served) -> int:
    """Documents between claim and commit."""
    return one(server, "SELECT count(*) FROM documents WHERE status = 'processing'")


def completed(server: Served) -> int:
    return one(server, "SELECT count(*) FROM documents WHERE status = 'completed'")


def held(server: Served) -> int:
    """Lines of the ledger that are held."""
    return one(server, "SELECT count(*) FROM usage_entries WHERE state = 'held'")


def files(server: Served, folder: str) -> list[str]:
    """Files below one of its data folder's folders."""
    root = server.data_dir / folder
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())
