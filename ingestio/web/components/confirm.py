"""A question before something goes for good: by name, what goes, what stays."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import reflex as rx

if TYPE_CHECKING:
    from reflex.event import EventSpec


class Question(TypedDict):
    """What is asked; `id` is empty while nothing is."""

    id: str
    title: str
    text: str
    action: str


NOTHING_ASKED = Question(id="", title="", text="", action="")


def confirm(
    question: rx.Var[Question],
    *,
    on_keep: rx.EventHandler | EventSpec,
    on_go: rx.EventHandler | EventSpec,
) -> rx.Component:
    """The dialog. "Keep it" has the focus, and Escape keeps too."""
    return rx.alert_dialog.root(
        rx.alert_dialog.content(
            rx.alert_dialog.title(question["title"], size="4"),
            rx.alert_dialog.description(question["text"], class_name="mut"),
            rx.el.div(
                rx.alert_dialog.cancel(
                    rx.el.button("Keep it", type="button", class_name="btn", on_click=on_keep)
                ),
                rx.alert_dialog.action(
                    rx.el.button(
                        rx.icon("trash_2", size=16, aria_hidden="true"),
                        question["action"],
                        type="button",
                        class_name="btn danger",
                        on_click=on_go,
                    )
                ),
                class_name="row dlg-acts",
            ),
            max_width="440px",
            on_escape_key_down=on_keep,
        ),
        open=question["id"] != "",
    )
