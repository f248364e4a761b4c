"""What may be done with a whole batch, from the list and from its own page.

Answers the user's verbs, and the question in front of Delete. Leaves whether they fit to the
service, which says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx

from ingestio.bootstrap import call, services
from ingestio.web import format as fmt
from ingestio.web import routes
from ingestio.web.components.confirm import NOTHING_ASKED, Question, confirm
from ingestio.web.ids import uuid_of
from ingestio.web.notices import NoticeState
from ingestio.web.session import SessionState

if TYPE_CHECKING:
    from ingestio.domain.batches import BatchDetail


def deletion_of(detail: BatchDetail) -> Question:
    """The question before a batch goes: by name, what goes, what stays."""
    counts = detail.batch.counts
    goes = [fmt.count(counts.total, "document")]
    if counts.completed:
        whose = "its" if counts.total == 1 else "their"
        goes.append(f"{whose} {fmt.count(counts.completed, 'result')} and all corrections")
    stays = fmt.count(detail.pages_charged, "page")
    used = f" The {stays} it used stay in your ledger." if detail.pages_charged else ""
    return Question(
        id=str(detail.batch.id),
        title=f"Delete “{detail.batch.title}”?",
        text=f"This removes {', '.join(goes)}. It can't be undone.{used}",
        action="Delete batch",
    )


class BatchActions(SessionState):
    """The verbs, and what is asked before the last of them."""

    question: Question = NOTHING_ASKED

    @rx.event
    async def cancel(self, batch_id: str):
        """Stop what has not ended."""
        await call(services().batches.cancel, await self._actor(), uuid_of(batch_id))
        return NoticeState.tell(
            "wait", "Batch cancelled", "What is in work ends by itself and is not charged.", ""
        )

    @rx.event
    async def retry_failed(self, batch_id: str):
        """Begin every failed document anew."""
        retried = await call(
            services().batches.retry_failed, await self._actor(), uuid_of(batch_id)
        )
        words = fmt.count(retried, "document is", "documents are")
        return NoticeState.tell("ok", f"{words} tried again", "", "")

    @rx.event
    async def ask_delete(self, batch_id: str):
        """Ask first."""
        detail = await call(services().batches.detail, await self._actor(), uuid_of(batch_id))
        self.question = deletion_of(detail)

    @rx.event
    async def keep(self):
        """Nothing goes."""
        await self._actor()
        self.question = NOTHING_ASKED

    @rx.event
    async def delete(self):
        """Remove the batch that was asked about; its own page is left."""
        batch_id, title = self.question["id"], self.question["title"]
        self.question = NOTHING_ASKED
        await call(services().batches.delete, await self._actor(), uuid_of(batch_id))
        told = NoticeState.tell(
            "ok", f"{title.removeprefix('Delete ').rstrip('?')} is deleted", "", ""
        )
        is_own_page = str(self.router.url.path).rstrip("/") == routes.batch(batch_id)
        return [rx.redirect(routes.BATCHES), told] if is_own_page else told


def confirm_delete() -> rx.Component:
    """The dialog; once on each page that offers Delete."""
    return confirm(BatchActions.question, on_keep=BatchActions.keep, on_go=BatchActions.delete)
