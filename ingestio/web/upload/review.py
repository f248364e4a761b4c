"""Step 3's state: what will be submitted, what it will use, and Submit itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx

from ingestio.bootstrap import call, services
from ingestio.domain.drafts import DraftChange
from ingestio.domain.prompts import PromptStrategy
from ingestio.domain.usage import WhenPagesRunOut
from ingestio.errors import Invalid, Refused
from ingestio.web import format as fmt
from ingestio.web import routes
from ingestio.web.ids import uuid_of
from ingestio.web.session import SessionState
from ingestio.web.upload import quoting, views
from ingestio.web.upload.quoting import Fact, ReviewFile

if TYPE_CHECKING:
    from ingestio.domain.drafts import BatchDraft
    from ingestio.domain.usage import PageBalance, Quote
    from ingestio.web.upload.wizard import Wizard


class ReviewState(SessionState):
    """What step 3 shows."""

    name: str = ""
    facts: list[Fact] = []  # noqa: RUF012  Reflex copies a state's defaults
    quote_lines: list[Fact] = []  # noqa: RUF012
    files: list[ReviewFile] = []  # noqa: RUF012
    pages_words: str = ""
    strategy: str = PromptStrategy.GLOBAL.value
    prompt: str = ""
    when: str = WhenPagesRunOut.WAIT.value
    starts_share: float = 100.0
    starts_words: str = ""
    short_words: str = ""
    short_title: str = ""
    short_text: str = ""
    problems: list[str] = []  # noqa: RUF012
    is_submitting: bool = False
    _draft_id: str = ""

    def _show(self, wizard: Wizard) -> None:
        draft, quote, balance = wizard.draft, wizard.quote, wizard.balance
        self._draft_id = str(draft.id) if draft else ""
        if draft is None or quote is None or balance is None:
            self.facts, self.quote_lines, self.files, self.name = [], [], [], ""
            return
        self.name, self.prompt = draft.name or "", draft.prompt or ""
        self.strategy, self.when = draft.strategy.value, draft.when_pages_run_out.value
        self.facts = quoting.facts(draft, quote, wizard.estimate)
        self.pages_words = fmt.count(draft.pages, "page")
        files = quoting.review_files(draft, balance.left_pages)
        # Equal lists would be sent again: compare first.
        if files != self.files:
            self.files = files
        self._show_quote(draft, quote, balance)

    def _show_quote(self, draft: BatchDraft, quote: Quote, balance: PageBalance) -> None:
        when = draft.when_pages_run_out
        self.quote_lines = quoting.quote_lines(quote, balance, when)
        self.starts_share, self.starts_words, self.short_words = quoting.shares(quote, when)
        self.short_title, self.short_text = quoting.shortage(quote, balance, when)

    async def _change(self, change: DraftChange) -> None:
        actor = await self._actor()
        if self._draft_id:
            await call(services().intake.update_draft, actor, uuid_of(self._draft_id), change)

    @rx.event
    async def save_name(self, name: str):
        """The batch's name; blank for none."""
        self.name = name
        await self._change(DraftChange(name=name))

    @rx.event
    async def choose_when(self, when: str):
        """What happens to what does not fit."""
        if when not in set(WhenPagesRunOut):
            raise Invalid("Choose wait or fail.")
        self.when = when
        await self._change(DraftChange(when_pages_run_out=WhenPagesRunOut(when)))

    @rx.event
    async def submit(self):
        """Make it a batch, once, and go to its page."""
        actor = await self._actor()
        if self.is_submitting or not self._draft_id:
            return
        self.problems, self.is_submitting = [], True
        yield
        batch_id = None
        try:
            batch_id = await call(services().batches.submit, actor, uuid_of(self._draft_id))
        except Refused as refusal:
            # It needs a decision: said where Submit is, not in passing.
            self.problems = views.refusal_words(refusal)
        finally:
            self.is_submitting = batch_id is not None
        if batch_id:
            yield rx.redirect(routes.batch(batch_id))
