"""Step 1's state: the files that the server has staged, and what may be done with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import reflex as rx

from ingestio.bootstrap import call, services
from ingestio.web import routes
from ingestio.web.components.confirm import NOTHING_ASKED, Question
from ingestio.web.ids import uuid_of
from ingestio.web.session import SessionState
from ingestio.web.upload import views
from ingestio.web.upload.views import FileRow

if TYPE_CHECKING:
    from ingestio.domain.plans import Entitlement
    from ingestio.web.upload.wizard import Wizard


class FilesState(SessionState):
    """What the list of files shows; transfers are drawn by the browser itself."""

    rows: list[FileRow] = []  # noqa: RUF012  Reflex copies a state's defaults
    limits: dict[str, Any] = {}  # noqa: RUF012
    words: dict[str, Any] = {}  # noqa: RUF012
    pages_words: str = ""
    came_back: str = ""
    is_adding_samples: bool = False
    question: Question = NOTHING_ASKED
    _draft_id: str = ""

    def _show(self, wizard: Wizard, right: Entitlement, *, is_arriving: bool) -> None:
        """The draft's files; `is_arriving` on the first look after the page was opened."""
        draft = wizard.draft
        draft_id = str(draft.id) if draft else ""
        if is_arriving and draft and draft.files and draft_id != self._draft_id:
            self.came_back = views.came_back_words(draft)
        if not draft:
            self.came_back = ""
        self._draft_id = draft_id
        self.pages_words = views.pages_words(draft)
        # Equal lists would be sent again: compare first.
        if (rows := views.file_rows(draft)) != self.rows:
            self.rows = rows
        if (limits := views.uploader_limits(right.plan)) != self.limits:
            self.limits, self.words = limits, views.uploader_words(right.plan)

    @rx.event
    async def remove(self, file_id: str):
        """Take a file out of the draft; one that is gone already is fine."""
        actor = await self._actor()
        if any(row["id"] == file_id for row in self.rows):
            await call(services().intake.remove, actor, uuid_of(file_id))

    @rx.event
    async def keep_both(self, file_id: str):
        """The user insists on a file whose content is in the draft already."""
        await call(services().intake.keep_both, await self._actor(), uuid_of(file_id))

    @rx.event(background=True)
    async def add_samples(self):
        """Stage the sample documents; they come in one by one through the feed."""
        async with self:
            actor = await self._actor()
            self.is_adding_samples = True
        try:
            await call(services().intake.add_samples, actor)
        finally:
            async with self:
                self.is_adding_samples = False

    @rx.event
    async def ask_to_discard(self):
        """Ask first: files and prompts go for good."""
        await self._actor()
        if self._draft_id:
            self.question = views.discard_question(self._draft_id, len(self.rows))

    @rx.event
    async def keep(self):
        """The draft stays."""
        await self._actor()
        self.question = NOTHING_ASKED

    @rx.event
    async def discard(self):
        """Start over: the draft goes, with its files."""
        actor = await self._actor()
        self.question = NOTHING_ASKED
        if self._draft_id:
            await call(services().intake.discard_draft, actor, uuid_of(self._draft_id))
        return rx.redirect(routes.UPLOAD)
