"""What must hold after every commit of a life, and what only who watches it over time can see.

Answers with a violation. The records' own invariants are the product's (`db/invariants`); here is
what needs the past: no token twice, no late writer, no page taken beyond the limit of that moment.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlmodel import col, func, select

from ingestio.db import invariants
from ingestio.db.engine import SYSTEM, Database
from ingestio.db.tables import Document, ExtractionJob, UsagePeriod
from ingestio.errors import QuotaExceeded

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from sqlmodel import Session

    from ingestio.db.claims import Claim
    from tests.sim.fate import Fate

_PERIODS = select(
    col(UsagePeriod.user_id),
    col(UsagePeriod.starts_at),
    col(UsagePeriod.used_pages) + col(UsagePeriod.reserved_pages),
    col(UsagePeriod.limit_pages),
)
_ATTEMPTS = (
    select(
        col(ExtractionJob.id),
        col(ExtractionJob.document_id),
        col(ExtractionJob.lease_token) == col(Document.lease_token),
    )
    .join(Document, col(Document.id) == col(ExtractionJob.document_id))
    .where(
        # What failed for want of pages had not been claimed.
        func.coalesce(col(ExtractionJob.error_code), "") != QuotaExceeded.code,
    )
)


class Watch:
    """Looks at one life's records from beside."""

    def __init__(self, database: Database, fate: Fate) -> None:
        self._database, self._fate = database, fate
        self._taken: dict[tuple[UUID, datetime], int] = {}
        self._saved: set[UUID] = set()
        self._tokens: dict[UUID, int] = {}
        self._attempts: dict[tuple[UUID, int], int] = {}

    def check(self) -> None:
        """Everything, as it was just committed.

        Raises:
            Violation
        """
        self._fate.figures.commits_checked += 1
        with self._database.read(SYSTEM) as session:
            broken = invariants.broken(session) + self._overdrawn(session) + self._late(session)
        if broken:
            self._fate.violated(broken)

    def handed(self, claim: Claim) -> None:
        """A server has this claim now: its token is newer than every other of the document."""
        if claim.token <= self._tokens.get(claim.document_id, -1):
            self._fate.violated([f"a token was given twice: {claim.document_id} {claim.token}"])
        self._tokens[claim.document_id] = claim.token
        key = (claim.document_id, claim.generation)
        if self._attempts.get(key) == claim.attempt:
            self._fate.figures.taken_over += 1
        self._attempts[key] = claim.attempt

    def _late(self, session: Session) -> list[str]:
        """Attempts that were just saved by somebody whose claim was not the newest."""
        rows = session.connection().execute(_ATTEMPTS).all()
        new = [row for row in rows if row[0] not in self._saved]
        self._saved |= {row[0] for row in new}
        return [f"a late writer got through: {at}" for _, at, is_newest in new if not is_newest]

    def _overdrawn(self, session: Session) -> list[str]:
        broken: list[str] = []
        for user_id, starts_at, taken, limit in session.connection().execute(_PERIODS):
            key = (user_id, starts_at)
            if taken > max(limit, self._taken.get(key, 0)):
                broken.append(f"more pages than are allowed: {user_id}, {taken} of {limit}")
            self._taken[key] = taken
        return broken
