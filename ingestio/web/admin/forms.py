"""The two forms: pausing with a reason that everybody sees, and giving pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx

from ingestio.bootstrap import call, services
from ingestio.domain.accounts import MAX_EMAIL_CHARS
from ingestio.web import format as fmt
from ingestio.web.admin.state import AdminState
from ingestio.web.components.forms import labelled_input
from ingestio.web.ids import text_of
from ingestio.web.notices import NoticeState
from ingestio.web.session import SessionState

if TYPE_CHECKING:
    from collections.abc import Sequence

PAUSE, GRANT = "pause", "grant"
MAX_DIGITS = 7


class AdminForms(SessionState):
    """Which form is open, and for whom."""

    form: str = ""
    email: str = ""

    @rx.event
    async def ask_pause(self):
        """Ask for the reason."""
        await self._actor()
        self.form = PAUSE

    @rx.event
    async def ask_grant(self, email: str):
        """Ask how many pages, and why."""
        await self._actor()
        self.form, self.email = GRANT, str(email)[:MAX_EMAIL_CHARS]

    @rx.event
    async def leave(self):
        """Close it; nothing is changed."""
        await self._actor()
        self.form = ""

    @rx.event
    async def pause(self, form: dict[str, str]):
        """Stop claiming; the reason is shown on every page."""
        await call(services().admin.pause, await self._actor(), text_of(form, "reason"))
        self.form = ""
        return AdminState.refresh

    @rx.event
    async def grant(self, form: dict[str, str]):
        """Give pages for the present period."""
        email, pages = text_of(form, "email"), _whole(text_of(form, "pages"))
        reason = text_of(form, "reason")
        await call(services().admin.grant_pages, await self._actor(), email, pages, reason)
        self.form = ""
        told = f"{fmt.count(pages, 'page')} given to {email}"
        return [NoticeState.tell("ok", told, "", ""), AdminState.refresh]


def _whole(text: str) -> int:
    """A number of pages; 0, which the service refuses, where it is none."""
    plain = text.strip().replace(",", "")
    return int(plain) if plain.isascii() and plain.isdigit() and len(plain) <= MAX_DIGITS else 0


def admin_forms() -> rx.Component:
    """Both dialogs; once on the page."""
    return rx.fragment(
        _dialog(
            PAUSE,
            "Pause the processor",
            "What is in work ends. Nothing new is begun until it is resumed.",
            [labelled_input("Reason, shown to everybody", "reason", required=True, max_length=500)],
            submit="Pause",
            on_submit=AdminForms.pause,
        ),
        _dialog(
            GRANT,
            "Grant pages",
            "They count in the account's present period. What waited for them goes on by itself.",
            [
                labelled_input(
                    "Account", "email", type="email", required=True, default_value=AdminForms.email
                ),
                labelled_input(
                    "Pages", "pages", type="number", min="1", required=True, input_mode="numeric"
                ),
                labelled_input("Reason, kept in the audit", "reason", required=True),
            ],
            submit="Grant pages",
            on_submit=AdminForms.grant,
        ),
    )


def _dialog(
    name: str,
    title: str,
    text: str,
    fields: Sequence[rx.Component],
    *,
    submit: str,
    on_submit: rx.EventHandler,
) -> rx.Component:
    return rx.dialog.root(
        rx.dialog.content(
            rx.dialog.title(title, size="4"),
            rx.dialog.description(text, size="2", class_name="mut"),
            rx.el.form(
                *fields,
                rx.el.div(
                    rx.dialog.close(rx.el.button("Leave it", type="button", class_name="btn")),
                    rx.el.button(submit, type="submit", class_name="btn pri"),
                    class_name="row dlg-acts",
                ),
                on_submit=on_submit,
                class_name="col g4 dlg-form",
            ),
            max_width="440px",
        ),
        open=AdminForms.form == name,
        on_open_change=AdminForms.leave,
    )
