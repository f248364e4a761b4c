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
    # No handler on the button in `cancel`: Reflex would wrap it, and the wrapper takes no focus.
    return rx.alert_dialog.root(
        rx.alert_dialog.content(
            rx.alert_dialog.title(question["title"], size="4", class_name="brk"),
            rx.alert_dialog.description(question["text"], size="2", class_name="mut"),
            rx.el.div(
                rx.alert_dialog.cancel(rx.el.button("Keep it", type="button", class_name="btn")),
                rx.el.button(
                    rx.icon("trash_2", size=16, aria_hidden="true"),
                    question["action"],
                    type="button",
                    class_name="btn danger",
                    on_click=on_go,
                ),
                class_name="row dlg-acts",
            ),
            max_width="440px",
        ),
        open=question["id"] != "",
        on_open_change=on_keep,
    )
