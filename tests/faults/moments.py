"""Every moment of a document's life, and what each act of its owner comes to then (Spec 6.6).

A table for two doors: the services and the API. A moment is reached by the processor's own steps.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import Enum, auto
from typing import TYPE_CHECKING

from ingestio.db import claims
from ingestio.db.engine import SYSTEM
from ingestio.domain.documents import DocumentKind
from ingestio.domain.prompts import PromptSource, ResolvedPrompt
from ingestio.domain.results import Extraction, Field
from ingestio.errors import DocumentRejected, StorageUnavailable
from ingestio.services.answers import Answer

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from ingestio.db.claims import Claim
    from ingestio.domain.accounts import Actor
    from ingestio.services.batches import Batches
    from ingestio.services.steps import Steps

ANSWER = Answer(
    ResolvedPrompt("The total.", PromptSource.DETECTED, DocumentKind.INVOICE),
    Extraction(DocumentKind.INVOICE, 0.9, (Field("total", "12.50", 0.9, 1, None, "12.50"),), "x"),
)


@dataclass
class Scene:
    """A batch whose documents all stand at one moment, and who may still come late with them."""

    steps: Steps
    batches: Batches
    actor: Actor
    batch_id: UUID
    held: list[tuple[Steps, Claim]] = field(default_factory=list)
    first_id: UUID | None = None

    @property
    def document_ids(self) -> list[UUID]:
        found = self.batches.detail(self.actor, self.batch_id).documents
        return [one.id for one in found]

    def claim_all(self, steps: Steps | None = None) -> None:
        """Nothing else waits in this database."""
        by = steps or self.steps
        while claim := by.claim():
            assert claim.batch_id == self.batch_id, "the scene is not alone"
            self.held.append((by, claim))

    def come_late(self) -> list[bool]:
        """Everybody who ever held one of them saves an answer; whether it was taken."""
        return [steps.finish(claim, ANSWER) for steps, claim in self.held]


def queued(scene: Scene) -> None:
    del scene


def put_back(scene: Scene) -> None:
    """It failed for now, and is due later."""
    scene.claim_all()
    for _, claim in scene.held:
        scene.steps.fail(claim, StorageUnavailable("Away."))


def claimed(scene: Scene) -> None:
    scene.claim_all()


def lease_dead(scene: Scene) -> None:
    """Its reader said nothing for longer than a lease."""
    scene.claim_all(replace(scene.steps, me="dead"))
    past = scene.steps.clock.now() - timedelta(seconds=1)
    scene.steps.database.write(SYSTEM, lambda session: claims.expire(session, ["dead"], past))


def taken_over(scene: Scene) -> None:
    lease_dead(scene)
    scene.claim_all()


def completed(scene: Scene) -> None:
    scene.claim_all()
    assert all(scene.come_late())
    scene.held.clear()


def failed(scene: Scene) -> None:
    scene.claim_all()
    for _, claim in scene.held:
        scene.steps.fail(claim, DocumentRejected("No."))


def retried(scene: Scene) -> None:
    """Failed before, and begun anew."""
    failed(scene)
    scene.batches.retry_failed(scene.actor, scene.batch_id)


def cancelled(scene: Scene) -> None:
    scene.claim_all()
    scene.batches.cancel(scene.actor, scene.batch_id)


class Comes(Enum):
    """What an act comes to."""

    CANCELLED = auto()
    AGAIN = auto()
    GONE = auto()
    CONFLICT = auto()


OPEN = (Comes.CANCELLED, Comes.CONFLICT, Comes.GONE)
ENDED = (Comes.CONFLICT, Comes.CONFLICT, Comes.GONE)
MOMENTS: dict[Callable[[Scene], None], tuple[Comes, Comes, Comes]] = {
    queued: OPEN,
    put_back: OPEN,
    claimed: OPEN,
    lease_dead: OPEN,
    taken_over: OPEN,
    retried: OPEN,
    completed: ENDED,
    failed: (Comes.CONFLICT, Comes.AGAIN, Comes.GONE),
    cancelled: ENDED,
}
"""At each moment: what cancel, retry and delete come to."""
ACTS = ("cancel", "retry", "delete")
