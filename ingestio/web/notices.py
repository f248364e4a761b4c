"""What the product tells a person in passing, and the web's one map of errors.

A region of ours (`role="status"`), driven by state: toasts sent by the server would need
`unsafe-eval`. Errors that need a decision are shown where they belong, not here.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, TypedDict

import reflex as rx
import structlog

from ingestio.errors import IngestioError, NotSignedIn
from ingestio.web import routes
from ingestio.web.components.names import After

if TYPE_CHECKING:
    from reflex.event import EventSpec

log = structlog.get_logger(__name__)
MAX_NOTICES = 3
SHOWN_MS = 6_000
"""How long a notice stays; what went wrong stays until it is dismissed."""


class Notice(TypedDict):
    """One line. `tone` is ok, wait or bad; `href` leads on where there is something to open."""

    id: str
    tone: str
    title: str
    text: str
    href: str


class NoticeState(rx.State):
    """The notices on screen, newest last."""

    notices: list[Notice] = []  # noqa: RUF012  Reflex copies a state's defaults

    @rx.event
    def tell(self, tone: str, title: str, text: str, href: str = ""):
        """Add a notice; the oldest of four goes."""
        notice = Notice(
            id=secrets.token_hex(4), tone=tone[:8], title=title[:200], text=text[:500], href=href
        )
        self.notices = [*self.notices, notice][-MAX_NOTICES:]

    @rx.event
    def dismiss(self, notice_id: str):
        """Take one away."""
        self.notices = [n for n in self.notices if n["id"] != notice_id]


def of_error(exception: Exception) -> list[EventSpec]:
    """The web's error map: every exception of a handler ends here."""
    if isinstance(exception, NotSignedIn):
        return [rx.redirect(routes.LOGIN)]
    if isinstance(exception, IngestioError):
        log.info("refused", code=exception.code)
        return [NoticeState.tell("bad", exception.message, "", "")]
    reference = f"{secrets.token_hex(2)}-{secrets.token_hex(2)}".upper()
    log.error("bug", reference=reference, exc_info=exception)
    return [
        NoticeState.tell(
            "bad",
            "Something broke on our side.",
            f"Try again; if it stays, send us reference {reference}.",
            "",
        )
    ]


def notice_region() -> rx.Component:
    """Where notices appear: bottom right, polite."""
    return rx.el.div(rx.foreach(NoticeState.notices, _notice), class_name="notices", role="status")


def _notice(notice: rx.Var[Notice]) -> rx.Component:
    return rx.el.div(
        rx.match(
            notice["tone"],
            ("ok", rx.icon("circle_check", size=16, class_name="c-ok")),
            ("wait", rx.icon("hourglass", size=16, class_name="c-wait")),
            rx.icon("circle_alert", size=16, class_name="c-bad"),
        ),
        rx.el.div(
            rx.el.p(notice["title"], class_name="med"),
            rx.cond(notice["text"] != "", rx.el.p(notice["text"], class_name="mut")),
            rx.cond(notice["href"] != "", rx.el.a("Open", href=notice["href"])),
            class_name="sp",
        ),
        rx.cond(
            notice["tone"] != "bad",
            After.create(ms=SHOWN_MS, on_done=NoticeState.dismiss(notice["id"])),
        ),
        rx.el.button(
            rx.icon("x", size=16, aria_hidden="true"),
            type="button",
            class_name="ib",
            aria_label="Dismiss",
            on_click=NoticeState.dismiss(notice["id"]),
        ),
        class_name="toast",
        key=notice["id"],
    )
