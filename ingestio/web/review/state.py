"""The review's state: the sheet, which value is active, which page is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx

from ingestio.bootstrap import call, services
from ingestio.web import live
from ingestio.web.ids import steps_of, text_of, uuid_of, uuid_or_none
from ingestio.web.notices import NoticeState
from ingestio.web.review import views
from ingestio.web.review.values import typed
from ingestio.web.review.views import FieldView, SheetView
from ingestio.web.session import SessionState
from ingestio.web.slots import assign

if TYPE_CHECKING:
    from uuid import UUID

    from reflex.event import EventCallback

    from ingestio.domain.accounts import Actor
    from ingestio.services.review import ReviewSheet

LOADING, SHOWN, MISSING = "loading", "shown", "missing"
UNTITLED = "Review · IngestIO"
NO_SHEET: SheetView = {}  # pyright: ignore[reportAssignmentType]  empty until it is read
ZOOMS = (1.0, 1.5, 2.0, 3.0)


class SheetState(SessionState):
    """What the page shows."""

    view: str = LOADING
    title: str = UNTITLED
    is_stale: bool = False
    sheet: SheetView = NO_SHEET
    fields: list[FieldView] = []  # noqa: RUF012  Reflex copies a state's defaults
    active: str = ""
    page: int = 1
    zoom: float = ZOOMS[0]
    is_editing: bool = False
    problem: str = ""
    has_keys: bool = False

    def _id(self) -> str:
        """The id in the address, whatever it is."""
        return str(self.router.url.path).rstrip("/").rpartition("/")[2]

    @rx.event(background=True)
    async def follow(self):
        """Keep the sheet true."""
        async with self:
            document_id = uuid_or_none(self._id())
            self._arrive(document_id)
        if document_id is None:
            return

        async def read(actor: Actor) -> ReviewSheet:
            return await call(services().review.open, actor, document_id)

        await live.follow(
            self, read, self._show, missing=self._show_missing, stale=self._show_stale
        )

    def _arrive(self, document_id: UUID | None) -> None:
        """A page for another document begins empty."""
        if document_id is None:
            self._show_missing()
        elif self.sheet.get("id") != str(document_id):
            self._clear(LOADING)

    def _clear(self, view: str) -> None:
        assign(self, view=view, title=UNTITLED, is_stale=False, sheet=NO_SHEET, fields=[])
        assign(self, active="", page=1, is_editing=False, problem="")

    def _show(self, sheet: ReviewSheet) -> None:
        fields = [views.field_view(field) for field in sheet.fields]
        assign(self, view=SHOWN, is_stale=False, sheet=views.sheet_view(sheet), fields=fields)
        assign(self, title=f"{sheet.document.filename} · IngestIO")
        if self.active not in {field["name"] for field in fields}:
            self._activate(views.next_to_check(fields, ""))

    def _show_missing(self) -> None:
        self._clear(MISSING)
        self.title = "Not found · IngestIO"

    def _show_stale(self, is_stale: bool) -> None:  # noqa: FBT001  the follower's signature
        assign(self, is_stale=is_stale)

    def _activate(self, to: views.Moved) -> None:
        assign(self, active=to.name, is_editing=False, problem="")
        if to.page:
            assign(self, page=to.page)

    @rx.event
    async def refresh(self):
        """Read it again now."""
        actor = await self._actor()
        self._show(await call(services().review.open, actor, uuid_of(self._id())))

    @rx.event
    async def choose(self, name: str):
        """Make a value the active one; its page is shown."""
        await self._actor()
        if self.active != name:
            self._activate(views.moved([f for f in self.fields if f["name"] == name], "", 0))

    @rx.event
    async def move(self, steps: int):
        """So many values down the list, or up."""
        await self._actor()
        self._activate(views.moved(self.fields, self.active, steps_of(steps)))

    @rx.event
    async def go_to_check(self):
        """On to the next value to check; nothing is said of this one."""
        await self._actor()
        self._activate(views.next_to_check(self.fields, self.active))

    @rx.event
    async def edit(self):
        """Open the active value's input."""
        await self._actor()
        self.is_editing, self.problem = bool(self.active), ""

    @rx.event
    async def leave(self):
        """Close the input; nothing is changed."""
        await self._actor()
        self.is_editing, self.problem = False, ""

    @rx.event
    async def save(self, form: dict[str, str]):
        """Correct the active value, and go to the next one to check."""
        answer = typed(self.active, text_of(form, "value"))
        if answer.problem:
            await self._actor()
            self.problem = answer.problem
            return
        await self._correct(answer.value)

    @rx.event
    async def confirm(self):
        """The active value is right as it stands; go to the next one to check."""
        value = next((f["value"] for f in self.fields if f["name"] == self.active), "")
        await self._correct(value)

    @rx.event
    async def mark_missing(self):
        """The active value does not stand on the document."""
        await self._correct("")

    async def _correct(self, value: str) -> None:
        actor, name = await self._actor(), self.active
        following = views.next_to_check(self.fields, name)
        await call(services().review.correct, actor, uuid_of(self._id()), name, value)
        self._activate(following)

    @rx.event
    async def approve(self):
        """The document is right as it stands; open the next one."""
        await call(services().review.approve, await self._actor(), uuid_of(self._id()))
        return self._go_on("ok", f"{self.sheet['name']} is approved")

    @rx.event
    async def reject(self):
        """Its values are not to be used; open the next one."""
        await call(services().review.reject, await self._actor(), uuid_of(self._id()))
        return self._go_on("wait", f"{self.sheet['name']} is rejected")

    @rx.event
    async def retry(self):
        """Begin a failed document anew; its batch's page shows how it goes."""
        document_id = uuid_of(self._id())
        await call(services().batches.retry_document, await self._actor(), document_id)
        return rx.redirect(self.sheet["back_href"])

    def _go_on(self, tone: str, told: str) -> list[EventCallback]:
        there = self.sheet["next_href"] or self.sheet["back_href"]
        return [NoticeState.tell(tone, told, "", ""), rx.redirect(there)]

    @rx.event
    async def turn(self, pages: int):
        """So many pages on, or back."""
        await self._actor()
        self.page = min(max(1, self.page + steps_of(pages)), self.sheet.get("pages", 1))

    @rx.event
    async def resize(self, steps: int):
        """Larger or smaller."""
        await self._actor()
        at = ZOOMS.index(self.zoom) + steps_of(steps)
        self.zoom = ZOOMS[min(max(0, at), len(ZOOMS) - 1)]

    @rx.event
    async def show_keys(self, is_open: bool):  # noqa: FBT001  the popover's own signature
        """Show the keys, or hide them."""
        await self._actor()
        self.has_keys = bool(is_open)

    @rx.event
    async def toggle_keys(self):
        """The key for the keys."""
        await self._actor()
        self.has_keys = not self.has_keys
