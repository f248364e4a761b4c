"""One document as a row; below 1024 px the same row is laid out as a card."""

from __future__ import annotations

import reflex as rx

from ingestio.web.batch.actions import DocumentActions
from ingestio.web.batch.documents import DocumentView  # noqa: TC001  the memo reads its annotations
from ingestio.web.components import menus
from ingestio.web.components.badges import document_badge
from ingestio.web.components.icons import file_icon
from ingestio.web.components.names import ago, middle_name


@rx.memo
def document_row(row: rx.Var[DocumentView]) -> rx.Component:
    """A row, or nothing in an empty place."""
    return rx.cond(
        row["id"],
        rx.el.tr(
            rx.el.td(_name(row), class_name="full doc"),
            rx.el.td(document_badge(row["status"])),
            rx.el.td(row["pages"], class_name="n hide"),
            rx.el.td(_prompt(row), class_name="hide lo pr"),
            rx.el.td(ago(row["updated"]), class_name="nw mut hide"),
            rx.el.td(_actions(row), class_name="n r"),
        ),
        rx.fragment(),
    )


def _name(row: rx.Var[DocumentView]) -> rx.Component:
    return rx.el.div(
        file_icon(is_picture=row["is_picture"]),
        rx.el.div(
            middle_name(row["head"], row["tail"], row["name"]),
            rx.el.div(
                rx.el.span(row["pages_words"], class_name="mobi num pre"),
                rx.el.span(row["line"], class_name=rx.cond(row["is_bad"], "t-bad tr", "tr")),
                rx.cond(row["is_bad"], _details(row)),
                class_name="sm mut ln1",
            ),
            class_name="sp mw0",
        ),
        class_name="row g3 mw0",
    )


def _details(row: rx.Var[DocumentView]) -> rx.Component:
    """What happened in full, and what to do about it."""
    return rx.popover.root(
        rx.popover.trigger(
            rx.el.button(
                "Details",
                rx.el.span(f" about {row['name']}", class_name="sr"),
                type="button",
                class_name="lkb",
            )
        ),
        rx.popover.content(
            rx.el.p(row["name"], class_name="b brk"),
            rx.el.p(row["line"], class_name="t-bad"),
            rx.el.p(row["advice"]),
            rx.el.p("Nothing was charged. Code ", rx.el.span(row["code"], class_name="mono")),
            rx.cond(
                row["part_href"] != "",
                rx.link(
                    "See what was read", href=row["part_href"], class_name="btn", unstyled=True
                ),
            ),
            class_name="pop col g2",
            aria_label="What happened",
            max_width="340px",
        ),
    )


def _prompt(row: rx.Var[DocumentView]) -> rx.Component:
    """Where the prompt comes from and its beginning; the full text on hover and on focus."""
    return rx.hover_card.root(
        rx.hover_card.trigger(
            rx.el.div(
                rx.el.span(row["source"], class_name="bdg tag"),
                rx.el.div(row["prompt"], class_name="sm mut tr"),
                tab_index=0,
                role="note",
                aria_label=f"{row['source']} prompt: {row['prompt']}",
            )
        ),
        rx.hover_card.content(
            rx.el.p(row["source"], class_name="b"),
            rx.el.p(row["prompt"], class_name="pre"),
            class_name="pop",
            max_width="420px",
        ),
    )


def _actions(row: rx.Var[DocumentView]) -> rx.Component:
    return rx.el.div(
        rx.match(
            row["status"],
            ("completed", _review(row)),
            ("failed", _button(row, "Retry", "rotate_ccw", DocumentActions.retry(row["id"]))),
            ("waiting_for_quota", _button(row, "Cancel", "", DocumentActions.cancel(row["id"]))),
            ("uploaded", _button(row, "Cancel", "", DocumentActions.cancel(row["id"]))),
            rx.fragment(),
        ),
        _menu(row),
        class_name="row rowacts",
    )


def _review(row: rx.Var[DocumentView]) -> rx.Component:
    return rx.link(
        rx.icon("scan_line", size=14, aria_hidden="true"),
        "Review",
        rx.el.span(f" {row['name']}", class_name="sr"),
        href=row["review_href"],
        class_name="btn xs",
        unstyled=True,
    )


def _button(
    row: rx.Var[DocumentView], label: str, icon: str, on_click: rx.event.EventSpec
) -> rx.Component:
    return rx.el.button(
        rx.icon(icon, size=14, aria_hidden="true") if icon else rx.fragment(),
        label,
        rx.el.span(f" {row['name']}", class_name="sr"),
        type="button",
        class_name="btn xs",
        on_click=on_click,
    )


def _menu(row: rx.Var[DocumentView]) -> rx.Component:
    return menus.actions_menu(
        f"More for {row['name']}",
        rx.cond(row["may_review"], menus.link_item("scan_line", "Review", row["review_href"])),
        rx.cond(
            row["part_href"] != "",
            menus.link_item("scan_line", "See what was read", row["part_href"]),
        ),
        rx.cond(
            row["may_retry"],
            menus.item("rotate_ccw", "Retry", DocumentActions.retry(row["id"])),
        ),
        rx.cond(row["may_cancel"], menus.item("ban", "Cancel", DocumentActions.cancel(row["id"]))),
        menus.download_item("file_down", "Original file", row["file_href"]),
        menus.danger_item("trash_2", "Delete", DocumentActions.ask_delete(row["id"])),
    )
