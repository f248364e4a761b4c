"""What the ledger must say, kept by hand: a document's generations, holds, charges and limits.

Small enough to be believed by reading it: sums are taken anew each time, nothing is moved along.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingestio.domain.documents import DocumentStatus
from ingestio.domain.usage import UsageState

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from ingestio.db.claims import Claim


@dataclass
class Entry:
    """A line: of which period, how many pages, and what became of them."""

    period: datetime
    pages: int
    state: UsageState


@dataclass
class Paper:
    """A document as the model knows it."""

    id: UUID
    batch_id: UUID
    pages: int
    status: DocumentStatus = DocumentStatus.UPLOADED
    generation: int = 1


@dataclass
class Model:
    """One user's."""

    period: datetime
    plan_pages: int
    papers: dict[UUID, Paper] = field(default_factory=dict)
    entries: dict[tuple[UUID, int], Entry] = field(default_factory=dict)
    limits: dict[datetime, int] = field(default_factory=dict)
    granted: dict[datetime, int] = field(default_factory=dict)

    def looked_at(self) -> None:
        """The present period's limit follows the plan and the grants."""
        self.limits[self.period] = self.plan_pages + self.granted.get(self.period, 0)

    def pages(self, state: UsageState, period: datetime) -> int:
        """Of all lines in this state and period."""
        return sum(
            one.pages
            for one in self.entries.values()
            if one.state is state and one.period == period
        )

    def left(self) -> int:
        """What a claim may take in the present period; below 0 after a downgrade."""
        taken = self.pages(UsageState.HELD, self.period) + self.pages(
            UsageState.SETTLED, self.period
        )
        return self.limits[self.period] - taken

    def standing(self, *statuses: DocumentStatus) -> list[Paper]:
        """The papers that stand there."""
        return [paper for paper in self.papers.values() if paper.status in statuses]

    def held(self, claim: Claim) -> None:
        """A claim has taken its pages: anew, or again after they were given back."""
        key = (claim.document_id, claim.generation)
        self.papers[claim.document_id].status = DocumentStatus.PROCESSING
        self.entries[key] = Entry(self.period, claim.pages, UsageState.HELD)

    def ended(self, paper: Paper, status: DocumentStatus) -> None:
        """Charged where it was completed; given back where it was in work and was not."""
        if paper.status is DocumentStatus.PROCESSING:
            is_charged = status is DocumentStatus.COMPLETED
            entry = self.entries[paper.id, paper.generation]
            entry.state = UsageState.SETTLED if is_charged else UsageState.RELEASED
        paper.status = status
