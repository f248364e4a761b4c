"""Parts of forms: a form the browser sends itself, labelled inputs, choices, texts that save."""

from __future__ import annotations

from typing import Any, NamedTuple

import reflex as rx

LIBRARY = "$/public/ingest_forms.js"


class PlainForm(rx.Component):
    """A form that the browser itself sends: Reflex's own always prevents that."""

    tag = '"form"'
    library = None  # pyright: ignore[reportAssignmentType]
    method: rx.Var[str]
    action: rx.Var[str]


class SavedText(rx.Component):
    """A text that saves itself while it is typed; typing is never overwritten by an echo.

    `revision` grows where a button on the page changes the text.
    """

    library = LIBRARY
    tag = "SavedText"

    value: rx.Var[str]
    revision: rx.Var[int]
    single_line: rx.Var[bool]
    save_ms: rx.Var[int]
    rows: rx.Var[int]
    max_length: rx.Var[int]
    placeholder: rx.Var[str]
    on_save: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class Radio(rx.Component):
    """A radio button that answers at once and follows the server; `name` makes the group."""

    library = LIBRARY
    tag = "Radio"

    name: rx.Var[str]
    value: rx.Var[str]
    chosen: rx.Var[str]
    on_choose: rx.EventHandler[rx.event.passthrough_event_spec(str)]


class FocusStep(rx.Component):
    """Takes the focus when `step` changes, so that keyboard and screen reader go on there."""

    library = LIBRARY
    tag = "FocusStep"

    step: rx.Var[str]


class Choice(NamedTuple):
    """One of a radio group: its value, icon, name, and what it means in a line."""

    value: str
    icon: str
    label: str
    text: str


def choice_card(
    choice: Choice, *, group: str, chosen: rx.Var[str], on_choose: rx.EventHandler
) -> rx.Component:
    """A radio button as a card: the real input lies over the whole of it."""
    return rx.el.label(
        Radio.create(name=group, value=choice.value, chosen=chosen, on_choose=on_choose),
        rx.el.span(class_name="rd", aria_hidden="true"),
        rx.icon(choice.icon, size=20, class_name="l", aria_hidden="true"),
        rx.el.span(choice.label, class_name="rt"),
        rx.el.span(choice.text, class_name="mut"),
        class_name="rc",
    )


def choice_line(
    value: str, label: str, *, group: str, chosen: rx.Var[str], on_choose: rx.EventHandler
) -> rx.Component:
    """A radio button in a line of text."""
    return rx.el.label(
        Radio.create(name=group, value=value, chosen=chosen, on_choose=on_choose),
        rx.el.span(label),
        class_name="rl",
    )


def labelled_input(
    label: str | rx.Component,
    name: str,
    *around: rx.Component,
    **attributes: Any,  # noqa: ANN401  attributes of the input, whatever HTML knows
) -> rx.Component:
    """A label and its input; `around` stands inside the frame, after the input."""
    return rx.el.div(
        rx.el.label(label, class_name="l", html_for=name),
        rx.el.div(rx.el.input(id=name, name=name, **attributes), *around, class_name="in lg"),
    )
