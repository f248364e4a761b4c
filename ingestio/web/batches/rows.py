"""One batch as a row; below 1024 px the same row is laid out as a card."""

from __future__ import annotations

import reflex as rx

from ingestio.web.batch_actions import BatchActions
from ingestio.web.batches.views import BatchView  # noqa: TC001  the memo reads its annotations
from ingestio.web.components import menus
from ingestio.web.components.badges import batch_badge
from ingestio.web.components.names import ago
from ingestio.web.tallies import counts_bar


@rx.memo
def batch_row(row: rx.Var[BatchView]) -> rx.Component:
    """A row, or nothing in an empty place."""
    return rx.cond(
        row["id"],
        rx.el.tr(
            rx.el.td(_name(row), class_name="tr nmc"),
            rx.el.td(batch_badge(row["status"]), class_name="r"),
            rx.el.td(_progress(row), class_name="full prog"),
            rx.el.td(row["pages"], class_name="n hide"),
            rx.el.td(
                rx.el.span(row["pages_words"], class_name="mobi num pre"),
                ago(row["submitted"]),
                class_name="nw mut",
            ),
            rx.el.td(ago(row["completed"]), class_name="nw mut hide lo"),
            rx.el.td(_menu(row), class_name="n r"),
        ),
        rx.fragment(),
    )


def _name(row: rx.Var[BatchView]) -> rx.Component:
    return rx.link(
        row["title"],
        href=row["href"],
        title=row["title"],
        class_name=rx.cond(row["is_named"], "nm", "nm mono"),
        unstyled=True,
    )


def _progress(row: rx.Var[BatchView]) -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.span(
                rx.el.span(row["progress"], class_name="med"),
                rx.el.span(" documents", class_name="mut"),
            ),
            rx.el.span(row["beside"], class_name="mut end"),
            class_name="row num sm prog-t",
        ),
        counts_bar(row["bar"], row["bar_class"]),
    )


def _menu(row: rx.Var[BatchView]) -> rx.Component:
    return menus.actions_menu(
        f"Actions for {row['title']}",
        menus.link_item("eye", "View Details", row["href"]),
        rx.cond(
            row["may_retry"],
            menus.item("rotate_ccw", "Retry failed", BatchActions.retry_failed(row["id"])),
        ),
        rx.cond(row["may_cancel"], menus.item("ban", "Cancel", BatchActions.cancel(row["id"]))),
        menus.danger_item("trash_2", "Delete", BatchActions.ask_delete(row["id"])),
    )
