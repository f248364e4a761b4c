"""The frame around every private page: navigation, balance, notifications, account, notices.

Answers where one is and where one can go. Leaves what it knows to `frame`, the page to its feature.
"""

from __future__ import annotations

from typing import NamedTuple

import reflex as rx

from ingestio.web import routes
from ingestio.web.components.forms import PlainForm
from ingestio.web.components.icons import brand_mark
from ingestio.web.components.names import ago
from ingestio.web.frame import KNOWN, ShellState, Told
from ingestio.web.holdups import paused, provider_away
from ingestio.web.meter import quota_meter
from ingestio.web.notices import notice_region
from ingestio.web.session import SessionState


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
            rx.el.div(paused(current), provider_away(), *content, class_name=width),
            class_name="main",
            id="content",
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
        rx.cond(
            ShellState.balance == KNOWN,
            rx.el.span(rx.el.b(ShellState.left_words), " pages left", class_name="sm mut num nw"),
        ),
        _bell(),
        class_name="topbar",
    )
