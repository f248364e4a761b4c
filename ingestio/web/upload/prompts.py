"""Step 2's state: the strategy and the texts. Every edit is kept on the server as it is made.

A text that a person types is not sent back: `_texts` and `_prompt` know what is stored, `texts` and
`prompt` are what the page was given last. They are brought together where a button changes a text.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

import reflex as rx

from ingestio.bootstrap import call, services
from ingestio.domain.batches import BatchQuery
from ingestio.domain.drafts import DraftChange
from ingestio.domain.prompts import PromptStrategy
from ingestio.errors import Invalid
from ingestio.web.ids import uuid_of
from ingestio.web.session import SessionState
from ingestio.web.upload import views
from ingestio.web.upload.views import PromptRow

if TYPE_CHECKING:
    from ingestio.domain.drafts import BatchDraft
    from ingestio.web.upload.wizard import Wizard


class PromptsState(SessionState):
    """What step 2 shows."""

    strategy: str = PromptStrategy.GLOBAL.value
    prompt: str = ""
    rows: list[PromptRow] = []  # noqa: RUF012  Reflex copies a state's defaults
    texts: dict[str, str] = {}  # noqa: RUF012
    missing: list[str] = []  # noqa: RUF012
    revision: int = 0
    filled_words: str = ""
    last: list[str] = []  # noqa: RUF012
    _draft_id: str = ""
    _seen_at: datetime | None = None
    _prompt: str = ""
    _texts: dict[str, str] = {}  # noqa: RUF012
    _before: dict[str, str] = {}  # noqa: RUF012

    @rx.var
    def have_words(self) -> str:
        """`11 of 12 have a prompt`."""
        return f"{len(self.rows) - len(self.missing)} of {len(self.rows)} have a prompt"

    @rx.var
    def has_begun(self) -> bool:
        """Whether some prompt is there: only then is a blank one marked as missing."""
        return len(self.missing) < len(self.rows)

    def _show(self, wizard: Wizard) -> None:
        self._take(wizard.draft)

    def _take(self, draft: BatchDraft | None) -> None:
        """What the server holds; an older look than the last one is passed over."""
        draft_id = str(draft.id) if draft else ""
        is_older = draft and self._seen_at and draft.updated_at < self._seen_at
        if draft_id == self._draft_id and is_older:
            return
        self._draft_id, self._seen_at = draft_id, draft.updated_at if draft else None
        self.strategy = (draft.strategy if draft else PromptStrategy.GLOBAL).value
        # Equal lists would be sent again: compare first.
        if (rows := views.prompt_rows(draft)) != self.rows:
            self.rows = rows
        texts, prompt = views.texts_of(draft), (draft.prompt if draft else None) or ""
        if (texts, prompt) != (self._texts, self._prompt):
            self._texts, self._prompt = texts, prompt
            self._bring_together()
        self._count_missing()

    def _bring_together(self) -> None:
        if self.texts != self._texts:
            self.texts = dict(self._texts)
        if self.prompt != self._prompt:
            self.prompt = self._prompt

    def _count_missing(self) -> None:
        if (missing := views.without_prompt(self._texts)) != self.missing:
            self.missing = missing

    async def _change(self, change: DraftChange) -> None:
        """Keep a change. What is typed on the page stays as it is."""
        actor = await self._actor()
        if not self._draft_id:
            return
        draft = await call(services().intake.update_draft, actor, uuid_of(self._draft_id), change)
        self._seen_at, self.strategy = draft.updated_at, draft.strategy.value
        self._texts, self._prompt = views.texts_of(draft), draft.prompt or ""
        self._count_missing()

    async def _set_texts(self, texts: dict[str, str]) -> None:
        """A button's doing: the fields on the page take it over."""
        await self._change(DraftChange(prompts={UUID(key): text for key, text in texts.items()}))
        self._bring_together()
        self.revision += 1

    @rx.event
    async def load(self):
        """The page is built anew: show what is stored, and the user's own last prompts."""
        actor = await self._actor()
        self._bring_together()
        batches = await call(services().batches.list, actor, BatchQuery())
        self.last = views.last_prompts([batch.prompt for batch in batches.items])

    @rx.event
    async def choose_strategy(self, strategy: str):
        """Global, per document, or detected."""
        if strategy not in set(PromptStrategy):
            raise Invalid("Choose one of the three ways.")
        await self._change(DraftChange(strategy=PromptStrategy(strategy)))
        self._bring_together()

    @rx.event
    async def save_prompt(self, text: str):
        """The text for all documents."""
        await self._change(DraftChange(prompt=text))

    @rx.event
    async def save_text(self, file_id: str, text: str):
        """The text for one document."""
        self.filled_words = ""
        await self._change(DraftChange(prompts={uuid_of(file_id): text}))

    @rx.event
    async def start_prompt(self, start: str):
        """A starting point for all documents."""
        text = views.started(self._prompt, views.starting_text(start, self.last), self.last)
        await self._change(DraftChange(prompt=text))
        self._bring_together()
        self.revision += 1

    @rx.event
    async def start_text(self, file_id: str, start: str):
        """A starting point for one document."""
        start_text = views.starting_text(start, self.last)
        before = self._texts.get(file_id)
        if start_text and before is not None:
            await self._set_texts({file_id: views.started(before, start_text, self.last)})

    @rx.event
    async def use_below(self, file_id: str):
        """Use one prompt for all files below; can be undone."""
        texts = views.filled_below(self._texts, file_id)
        self._before = {key: self._texts[key] for key in texts}
        await self._set_texts(texts)
        files = f"{len(texts)} file" if len(texts) == 1 else f"{len(texts)} files"
        self.filled_words = f"Used for {files} below." if texts else ""

    @rx.event
    async def undo_below(self):
        """Put back what was there."""
        await self._set_texts({k: t for k, t in self._before.items() if k in self._texts})
        self.filled_words = ""

    @rx.event
    async def use_above(self, file_id: str):
        """Use the prompt above for a file that has none."""
        if text := views.above(self._texts, file_id):
            await self._set_texts({file_id: text})
