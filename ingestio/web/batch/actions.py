"""What may be done with one document of a batch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx

from ingestio.bootstrap import call, services
from ingestio.web import format as fmt
from ingestio.web.components.confirm import NOTHING_ASKED, Question, confirm
from ingestio.web.ids import uuid_of
from ingestio.web.session import SessionState

if TYPE_CHECKING:
    from ingestio.domain.documents import DocumentRow


def deletion_of(document: DocumentRow) -> Question:
    """The question before a document goes: by name, what goes, what stays."""
    charged = document.pages_charged
    stays = f"{fmt.count(charged, 'page')} it used {'stays' if charged == 1 else 'stay'}"
    return Question(
        id=str(document.id),
        title=f"Delete “{document.filename}”?",
        text="This removes the document, its result and all corrections from the batch. "
        "It can't be undone." + (f" The {stays} in your ledger." if charged else ""),
        action="Delete document",
    )


class DocumentActions(SessionState):
    """The verbs, and what is asked before the last of them."""

    question: Question = NOTHING_ASKED

    @rx.event
    async def retry(self, document_id: str):
        """Begin a failed document anew."""
        await call(services().batches.retry_document, await self._actor(), uuid_of(document_id))

    @rx.event
    async def cancel(self, document_id: str):
        """Stop one that has not ended."""
        await call(services().batches.cancel_document, await self._actor(), uuid_of(document_id))

    @rx.event
    async def ask_delete(self, document_id: str):
        """Ask first."""
        document = await call(
            services().batches.document, await self._actor(), uuid_of(document_id)
        )
        self.question = deletion_of(document)

    @rx.event
    async def keep(self):
        """Nothing goes."""
        await self._actor()
        self.question = NOTHING_ASKED

    @rx.event
    async def delete(self):
        """Remove the document that was asked about."""
        document_id, self.question = self.question["id"], NOTHING_ASKED
        await call(services().batches.delete_document, await self._actor(), uuid_of(document_id))


def confirm_delete_document() -> rx.Component:
    """The dialog; once on the page."""
    return confirm(
        DocumentActions.question, on_keep=DocumentActions.keep, on_go=DocumentActions.delete
    )
