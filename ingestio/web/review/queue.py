"""The documents that nobody has judged yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx

from ingestio.bootstrap import call, services
from ingestio.web import live, routes
from ingestio.web.components import tables
from ingestio.web.components.icons import file_icon
from ingestio.web.components.names import ago, middle_name
from ingestio.web.components.notices import callout, empty
from ingestio.web.results import ResultView, result_view, to_check
from ingestio.web.session import SessionState
from ingestio.web.shell import shell
from ingestio.web.slots import assign

if TYPE_CHECKING:
    from ingestio.domain.accounts import Actor
    from ingestio.domain.documents import DocumentRow

SHOWN_AT_ONCE = 50


class QueueState(SessionState):
    """What the queue shows."""

    is_loaded: bool = False
    is_stale: bool = False
    rows: list[ResultView] = []  # noqa: RUF012  Reflex copies a state's defaults

    @rx.event(background=True)
    async def follow(self):
        """Keep the queue true."""

        async def read(actor: Actor) -> list[DocumentRow]:
            return await call(services().review.queue, actor, SHOWN_AT_ONCE)

        await live.follow(self, read, self._show, stale=self._show_stale)

    @rx.event
    async def refresh(self):
        """Try again now."""
        self._show(await call(services().review.queue, await self._actor(), SHOWN_AT_ONCE))

    def _show(self, documents: list[DocumentRow]) -> None:
        assign(self, rows=[result_view(one) for one in documents])
        assign(self, is_loaded=True, is_stale=False)

    def _show_stale(self, is_stale: bool) -> None:  # noqa: FBT001  the follower's signature
        assign(self, is_stale=is_stale)


def queue_page() -> rx.Component:
    """Completed and not judged, the latest first."""
    return shell(
        routes.REVIEW_QUEUE,
        rx.el.div(
            rx.el.div(
                rx.el.h1("Review"),
                rx.el.p("Completed documents that nobody has approved or rejected yet."),
            ),
            rx.cond(QueueState.rows.length() > 0, _start()),
            class_name="head",
        ),
        rx.cond(QueueState.is_stale, _stale()),
        rx.el.section(
            rx.cond(QueueState.is_loaded & (QueueState.rows.length() == 0), _nothing(), _table()),
            class_name="card",
            aria_label="Documents to review",
        ),
    )


def _start() -> rx.Component:
    return rx.el.div(
        rx.link(
            "Start review", href=QueueState.rows[0]["href"], class_name="btn pri", unstyled=True
        ),
        class_name="acts end",
    )


def _stale() -> rx.Component:
    return callout(
        "bad",
        "circle_alert",
        "The documents could not be loaded.",
        "Your work is safe.",
        rx.el.button("Try again", type="button", class_name="btn", on_click=QueueState.refresh),
        role="alert",
    )


def _nothing() -> rx.Component:
    return empty(
        "scan_line",
        "Nothing to review",
        "Documents appear here as soon as they are completed.",
        rx.link("All batches", href=routes.BATCHES, class_name="btn", unstyled=True),
    )


def _table() -> rx.Component:
    return rx.el.table(
        rx.el.thead(
            rx.el.tr(
                tables.plain_header("Document"),
                tables.plain_header("Type"),
                tables.plain_header("To check"),
                tables.plain_header("Pages", "n"),
                tables.plain_header("Completed"),
                tables.hidden_header("Actions"),
            )
        ),
        rx.cond(
            QueueState.is_loaded,
            rx.el.tbody(rx.foreach(QueueState.rows, _row)),
            tables.skeleton_rows(("220px", "80px", "96px", "24px", "72px", "64px")),
        ),
        class_name="tb cards",
    )


def _row(row: rx.Var[ResultView]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.link(
                file_icon(is_picture=row["is_picture"]),
                middle_name(row["head"], row["tail"], row["name"]),
                href=row["href"],
                class_name="row g3 mw0 lk",
                unstyled=True,
            ),
            class_name="full doc",
        ),
        rx.el.td(row["kind"], class_name="nw"),
        rx.el.td(to_check(row["to_check"]), class_name="nw"),
        rx.el.td(row["pages"], class_name="n hide"),
        rx.el.td(ago(row["updated"]), class_name="nw mut hide"),
        rx.el.td(
            rx.link(
                "Review",
                rx.el.span(f" {row['name']}", class_name="sr"),
                href=row["href"],
                class_name="btn xs",
                unstyled=True,
            ),
            class_name="n r",
        ),
        key=row["id"],
    )
