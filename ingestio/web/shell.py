"""The frame around every private page: navigation, balance, notifications, account, notices.

Answers who is signed in and what is left, live. Leaves the page itself to its feature.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypedDict

import reflex as rx

from ingestio.bootstrap import call, services
from ingestio.web import format as fmt
from ingestio.web import live, routes
from ingestio.web.components.forms import PlainForm
from ingestio.web.components.icons import brand_mark
from ingestio.web.components.names import ago
from ingestio.web.components.notices import callout
from ingestio.web.components.progress import segmented_bar
from ingestio.web.notices import NoticeState, notice_region
from ingestio.web.session import SessionState
from ingestio.web.slots import assign

if TYPE_CHECKING:
    from ingestio.domain.accounts import Actor
    from ingestio.services.notifications import NotificationRow

LOW_SHARE = 10


class Told(TypedDict):
    """A line of the bell's menu."""

    id: str
    title: str
    body: str
    href: str
    at: str


class Frame(NamedTuple):
    """All that the frame shows, read in one go."""

    actor: Actor
    plan: str
    limit: int
    used: int
    reserved: int
    left: int
    renews: str
    told: tuple[NotificationRow, ...]
    paused: str


def _read_frame(actor: Actor) -> Frame:
    """Every number of the frame, owner-checked."""
    entitlement = services().billing.entitlement(actor)
    balance = services().usage.balance(actor)
    state = services().processor.state()
    return Frame(
        actor,
        entitlement.plan.label,
        balance.limit_pages,
        balance.used_pages,
        balance.reserved_pages,
        balance.left_pages,
        fmt.day(balance.period_end),
        tuple(services().notifications.unread(actor)),
        (state.reason or "maintenance") if state.is_paused else "",
    )


class ShellState(SessionState):
    """What the frame shows."""

    email: str = ""
    is_admin: bool = False
    plan: str = ""
    limit_pages: int = 0
    used_pages: int = 0
    reserved_pages: int = 0
    left_pages: int = 0
    renews_on: str = ""
    paused_reason: str = ""
    told: list[Told] = []  # noqa: RUF012  Reflex copies a state's defaults

    @rx.var
    def initials(self) -> str:
        """Two letters for the account's mark."""
        return self.email[:2].upper()

    @rx.var
    def used_share(self) -> float:
        """Used pages in percent of the limit."""
        return min(100.0, 100 * self.used_pages / self.limit_pages) if self.limit_pages else 0.0

    @rx.var
    def held_share(self) -> float:
        """Held pages in percent of the limit."""
        if not self.limit_pages:
            return 0.0
        return min(100.0 - self.used_share, 100 * self.reserved_pages / self.limit_pages)

    @rx.var
    def left_words(self) -> str:
        """Left pages as a person reads them."""
        return f"{self.left_pages:,}"

    @rx.var
    def limit_words(self) -> str:
        """The limit as a person reads it."""
        return f"{self.limit_pages:,}"

    @rx.var
    def used_words(self) -> str:
        """Used pages in words."""
        return f"{self.used_pages:,} used"

    @rx.var
    def held_words(self) -> str:
        """Held pages in words."""
        return f"{self.reserved_pages:,} held"

    @rx.var
    def is_low(self) -> bool:
        """Whether under a tenth of the pages is left."""
        return self.left_pages * 100 < self.limit_pages * LOW_SHARE

    @rx.var
    def meter_words(self) -> str:
        """The meter in words, for who hears it."""
        return (
            f"{self.used_pages:,} used, {self.reserved_pages:,} held, "
            f"{self.left_pages:,} left of {self.limit_pages:,} pages"
        )

    @rx.event(background=True)
    async def follow_frame(self):
        """Keep balance and notifications true."""

        async def read(actor: Actor) -> Frame:
            return await call(_read_frame, actor)

        await live.follow(self, read, self._show_frame)

    def _show_frame(self, frame: Frame) -> None:
        assign(
            self,
            email=frame.actor.email,
            is_admin=frame.actor.is_admin,
            plan=frame.plan,
            limit_pages=frame.limit,
            used_pages=frame.used,
            reserved_pages=frame.reserved,
            left_pages=frame.left,
            renews_on=frame.renews,
            paused_reason=frame.paused,
            told=[_told(row) for row in frame.told],
        )

    @rx.event
    async def mark_read(self):
        """The bell's menu was read."""
        await call(services().notifications.mark_read, await self._actor())
        self.told = []


def _told(row: NotificationRow) -> Told:
    return Told(
        id=str(row.id), title=row.title, body=row.body, href=row.href or "", at=fmt.iso(row.at)
    )


class Entry(NamedTuple):
    """A line of the navigation."""

    label: str
    icon: str
    href: str


ENTRIES = (
    Entry("Dashboard", "layout_dashboard", routes.DASHBOARD),
    Entry("New Batch Upload", "layers", routes.UPLOAD),
    Entry("Batches", "list", routes.BATCHES),
    Entry("Review", "scan_line", routes.REVIEW_QUEUE),
    Entry("Billing", "credit_card", routes.BILLING),
)
ADMIN_ENTRY = Entry("Admin", "shield", routes.ADMIN)


def page_loads(*more: rx.EventHandler) -> list[rx.EventHandler]:
    """A private page's `on_load`: the guard first, then what keeps it true."""
    return [SessionState.enter, ShellState.follow_frame, *more]


def shell(current: str, *content: rx.Component, width: str = "wide") -> rx.Component:
    """A page in its frame. `current` is the navigation's address; `width` wide, mid or full."""
    return rx.el.div(
        rx.el.a("Skip to content", href="#content", class_name="skip"),
        _topbar(current),
        _sidebar(current),
        rx.el.main(
            rx.el.div(_paused_notice(), *content, class_name=width), class_name="main", id="content"
        ),
        notice_region(),
        class_name="app",
    )


def _sidebar(current: str) -> rx.Component:
    return rx.el.aside(
        rx.el.div(_brand(), _bell(), class_name="row side-head"),
        _navigation(current),
        rx.el.span(class_name="sp"),
        quota_meter(),
        _account(),
        class_name="side",
    )


def _brand() -> rx.Component:
    return rx.el.a(brand_mark(), "IngestIO", href=routes.DASHBOARD, class_name="brand")


def _navigation(current: str) -> rx.Component:
    return rx.el.nav(
        *[_entry(entry, current) for entry in ENTRIES],
        rx.cond(
            ShellState.is_admin,
            rx.fragment(rx.el.div(class_name="sep"), _entry(ADMIN_ENTRY, current)),
        ),
        class_name="nav",
        aria_label="Main",
    )


def _entry(entry: Entry, current: str) -> rx.Component:
    here = {"aria_current": "page"} if entry.href == current else {}
    return rx.link(
        rx.icon(entry.icon, size=16, aria_hidden="true"),
        rx.el.span(entry.label),
        href=entry.href,
        title=entry.label,
        unstyled=True,
        **here,
    )


def quota_meter() -> rx.Component:
    """The page balance as a meter: used solid, held hatched, rest empty."""
    return rx.el.div(
        rx.el.div(
            rx.el.span(
                rx.cond(
                    ShellState.is_low,
                    rx.icon("circle_alert", size=14, class_name="c-wait", aria_hidden="true"),
                ),
                rx.el.b(ShellState.left_words),
                " of ",
                ShellState.limit_words,
                " pages left",
                class_name="num",
            ),
            class_name="t",
        ),
        segmented_bar(
            [("used", ShellState.used_share), ("held", ShellState.held_share)],
            label=ShellState.meter_words,
            now=ShellState.used_share,
        ),
        rx.el.div(
            rx.el.span(ShellState.used_words, class_name="num"),
            rx.cond(
                ShellState.reserved_pages > 0,
                rx.el.span(ShellState.held_words, class_name="num"),
                rx.el.span(f"renews {ShellState.renews_on}"),
            ),
            class_name="t",
        ),
        class_name="meter",
    )


def _account() -> rx.Component:
    return rx.el.div(
        rx.el.span(ShellState.initials, class_name="ava", aria_hidden="true"),
        rx.el.div(
            rx.el.div(ShellState.email, class_name="sm med tr"),
            rx.el.div(ShellState.plan, class_name="sm mut tr"),
            class_name="who",
        ),
        rx.el.button(
            rx.color_mode_cond(rx.icon("moon", size=16), rx.icon("sun", size=16)),
            type="button",
            class_name="ib",
            aria_label="Switch between light and dark",
            on_click=rx.toggle_color_mode,
        ),
        sign_out_form(),
        class_name="acct",
    )


def sign_out_form() -> rx.Component:
    """Sign out: the API ends the session and drops the cookie."""
    return PlainForm.create(
        rx.el.button(
            rx.icon("log_out", size=16), type="submit", class_name="ib", aria_label="Sign out"
        ),
        method="post",
        action="/api/sign-out",
    )


def _bell() -> rx.Component:
    return rx.popover.root(
        rx.popover.trigger(
            rx.el.button(
                rx.icon("bell", size=16, aria_hidden="true"),
                rx.cond(ShellState.told.length() > 0, rx.el.span(class_name="dot")),  # pyright: ignore[reportAttributeAccessIssue]
                type="button",
                class_name="ib",
                aria_label=f"Notifications, {ShellState.told.length()} new",  # pyright: ignore[reportAttributeAccessIssue]
            )
        ),
        rx.popover.content(
            rx.cond(
                ShellState.told.length() > 0,  # pyright: ignore[reportAttributeAccessIssue]
                rx.el.div(
                    rx.el.ul(rx.foreach(ShellState.told, _told_line), class_name="told"),
                    rx.el.button(
                        "Mark all as read",
                        type="button",
                        class_name="btn",
                        on_click=ShellState.mark_read,
                    ),
                    class_name="col g2",
                ),
                rx.el.p("Nothing new.", class_name="mut"),
            ),
            width="320px",
            aria_label="Notifications",
        ),
    )


def _told_line(told: rx.Var[Told]) -> rx.Component:
    return rx.el.li(
        rx.el.a(told["title"], href=told["href"], class_name="med"),
        rx.el.p(told["body"], class_name="sm mut"),
        rx.el.p(ago(told["at"]), class_name="sm mut"),
    )


def _topbar(current: str) -> rx.Component:
    return rx.el.header(
        rx.drawer.root(
            rx.drawer.trigger(
                rx.el.button(
                    rx.icon("menu", size=20), type="button", class_name="ib big", aria_label="Menu"
                )
            ),
            rx.drawer.overlay(z_index="5"),
            rx.drawer.portal(
                rx.drawer.content(
                    rx.drawer.title("Menu", class_name="sr"),
                    _navigation(current),
                    rx.el.span(class_name="sp"),
                    quota_meter(),
                    _account(),
                    class_name="drawer",
                )
            ),
            direction="left",
        ),
        _brand(),
        rx.el.span(class_name="sp"),
        rx.el.span(rx.el.b(ShellState.left_words), " pages left", class_name="sm mut num nw"),
        _bell(),
        class_name="topbar",
    )


def _paused_notice() -> rx.Component:
    return rx.cond(
        ShellState.paused_reason != "",
        callout(
            "wait",
            "circle_pause",
            f"Processing is paused: {ShellState.paused_reason}.",
            "Batches you submit now start afterwards.",
        ),
    )


__all__ = ["NoticeState", "PlainForm", "ShellState", "page_loads", "quota_meter", "shell"]
