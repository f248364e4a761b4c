"""What nobody came back for: old drafts, transfers without an end, bytes whose row is gone.

Answers what may be removed without asking. Rows go before bytes, so that a crash in between leaves
only orphans, which the sweep finds; it is safe to repeat at any time. Leaves when to the scheduler.
"""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from ingestio.db import drafts, staged_files, sweeps
from ingestio.db.engine import SYSTEM
from ingestio.domain.drafts import StagedStatus
from ingestio.domain.transfers import KEPT_UNTOUCHED
from ingestio.services.inspection import forget

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from uuid import UUID

    from ingestio.db.engine import Database
    from ingestio.ports import FileStorage
    from ingestio.services.spool import Spool

KEYS_AT_ONCE: Final = 500


def purge_drafts(database: Database, storage: FileStorage, spool: Spool, now: datetime) -> int:
    """Remove drafts that nobody touched for a day, with their bytes; how many.

    A transfer that still goes on keeps its draft: each byte is a touch.
    """
    limit = now - KEPT_UNTOUCHED
    fresh = _fresh(spool, limit)
    with database.read(SYSTEM) as session:
        old = sweeps.untouched_since(session, limit)
        busy = {row.draft_id for row in sweeps.in_transfer(session) if row.id in fresh}
    count = 0
    for owner_id, draft_id in old:
        if draft_id in busy:
            continue
        staged = database.write(
            owner_id, lambda s, o=owner_id, d=draft_id: drafts.remove(s, o, d, limit)
        )
        if staged is None:
            continue
        count += 1
        for row in staged:
            spool.remove(row.id)
            forget(storage, row.storage_key)
    return count


def purge_transfers(database: Database, spool: Spool, now: datetime) -> int:
    """Remove files that began to arrive and of which no byte came for a day; how many.

    Their draft may be as young as it likes: it could not be submitted with them.
    """
    limit = now - KEPT_UNTOUCHED
    fresh = _fresh(spool, limit)
    with database.read(SYSTEM) as session:
        rows = sweeps.in_transfer(session)
    count = 0
    for row in rows:
        if row.status is not StagedStatus.RECEIVING or row.id in fresh or row.updated_at >= limit:
            continue
        if database.write(row.owner_id, lambda s, r=row: staged_files.expire(s, r.owner_id, r.id)):
            spool.remove(row.id)
            count += 1
    return count


def sweep_orphans(database: Database, storage: FileStorage, spool: Spool, now: datetime) -> int:
    """Remove stored and spooled bytes that belong to no row; how many.

    A row is written before its bytes are stored, so stored bytes without one were deleted. In the
    spool the file comes first: only what has lain there for a day is stray.
    """
    count = 0
    for key in _orphans(database, storage):
        forget(storage, key)
        count += 1
    limit_s = (now - KEPT_UNTOUCHED).timestamp()
    with database.read(SYSTEM) as session:
        known = {row.id for row in sweeps.in_transfer(session)}
    for file_id, touched_s in list(spool.ids()):
        if file_id not in known and touched_s < limit_s:
            spool.remove(file_id)
            count += 1
    return count


def _fresh(spool: Spool, limit: datetime) -> set[UUID]:
    return {file_id for file_id, touched_s in spool.ids() if touched_s > limit.timestamp()}


def _orphans(database: Database, storage: FileStorage) -> Iterator[str]:
    keys = storage.keys("batches/")
    while some := list(islice(keys, KEYS_AT_ONCE)):
        with database.read(SYSTEM) as session:
            known = sweeps.known_keys(session, [_base(key) for key in some])
        yield from (key for key in some if _base(key) not in known)


def _base(key: str) -> str:
    """A file that is just being put lies beside its key for a moment, with a mark after it."""
    return key.partition("#")[0]
