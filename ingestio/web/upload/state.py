"""The wizard's own state: may it be used, which step, why it does not go on.

One follower reads the wizard and hands it to the steps' states: the same path for the first look, a
refresh and every change by another tab.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx

from ingestio.bootstrap import call
from ingestio.web import format as fmt
from ingestio.web import live, routes
from ingestio.web.session import SessionState
from ingestio.web.upload import views
from ingestio.web.upload.files import FilesState
from ingestio.web.upload.prompts import PromptsState
from ingestio.web.upload.review import ReviewState
from ingestio.web.upload.wizard import read_wizard

if TYPE_CHECKING:
    from reflex.event import EventSpec

    from ingestio.domain.accounts import Actor
    from ingestio.domain.plans import Entitlement
    from ingestio.web.upload.wizard import Wizard

LOADING, OPEN, UPGRADE, UNKNOWN = "loading", "open", "upgrade", "unknown"
NEXT = {views.FILES: views.PROMPTS, views.PROMPTS: views.REVIEW}
PREVIOUS = {later: step for step, later in NEXT.items()}


class UploadState(SessionState):
    """What stands around the steps."""

    gate: str = LOADING
    why: str = ""
    plan: str = ""
    max_files: int = 0
    left: str = ""
    renews_on: str = ""
    step: str = views.FILES
    blocked: str = ""
    has_draft: bool = False
    is_stale: bool = False
    transfers: int = 0
    _is_arriving: bool = True

    @rx.event
    async def load(self):
        """The step is in the address, so that reload and Back keep it."""
        await self._actor()
        self.step = str(self.router.url.query_parameters.get("step", views.FILES))
        self.transfers, self._is_arriving = 0, True
        (await self.get_state(ReviewState)).is_submitting = False

    @rx.event(background=True)
    async def follow(self):
        """Keep the wizard true."""

        async def read(actor: Actor) -> Wizard:
            return await call(read_wizard, actor)

        await live.follow(self, read, self._show, stale=self._show_stale)

    async def _show(self, wizard: Wizard) -> None:
        review = await self.get_state(ReviewState)
        if review.is_submitting:
            return  # on its way to the batch's page: an empty wizard would only flash by
        self._show_gate(wizard)
        if wizard.right is None or self.gate != OPEN:
            return
        files, prompts = await self.get_state(FilesState), await self.get_state(PromptsState)
        files._show(wizard, wizard.right, is_arriving=self._is_arriving)  # noqa: SLF001
        prompts._show(wizard)  # noqa: SLF001
        review._show(wizard)  # noqa: SLF001
        self._show_step(wizard, wizard.right)

    def _show_gate(self, wizard: Wizard) -> None:
        right, balance = wizard.right, wizard.balance
        if right is None or balance is None:
            self.gate = UNKNOWN
            return
        self.gate, self.why = OPEN if right.may_submit else UPGRADE, right.why_not or ""
        self.plan, self.max_files = right.plan.label, right.plan.files_per_batch
        self.left, self.renews_on = f"{balance.left_pages:,}", fmt.day(balance.period_end)

    def _show_step(self, wizard: Wizard, right: Entitlement) -> None:
        self.step = views.furthest(self.step, wizard.draft)
        self.has_draft, self._is_arriving = wizard.draft is not None, False
        self.blocked = views.blocked(self.step, wizard.draft, right, self.transfers)

    def _show_stale(self, is_stale: bool) -> None:  # noqa: FBT001  the follower's signature
        self.is_stale = is_stale

    @rx.event
    async def refresh(self):
        """Read it all again."""
        await self._show(await call(read_wizard, await self._actor()))

    @rx.event
    async def count_transfers(self, transfers: int):
        """How many files the browser has in transfer; reported in batches."""
        actor = await self._actor()
        self.transfers = max(0, int(transfers))
        await self._show(await call(read_wizard, actor))

    @rx.event
    async def go_next(self):
        """On to the next step, where the draft as stored allows it."""
        wizard = await call(read_wizard, await self._actor())
        await self._show(wizard)
        if self.blocked or self.step not in NEXT:
            return None
        going = self._go(NEXT[self.step])
        await self._show(wizard)
        return going

    @rx.event
    async def go_previous(self):
        """Back one step."""
        await self._actor()
        return self._go(PREVIOUS.get(self.step, views.FILES))

    @rx.event
    async def go_back_to(self, step: str):
        """Back to a step that is done."""
        await self._actor()
        return self._go(step if step in PREVIOUS else views.FILES)

    def _go(self, step: str) -> EventSpec:
        self.step = step
        address = routes.UPLOAD if step == views.FILES else f"{routes.UPLOAD}?step={step}"
        return rx.redirect(address)
