"""The list of values beside the page: each with its state; the active one opens."""

from __future__ import annotations

import reflex as rx

from ingestio.web.components.badges import look_icon
from ingestio.web.review.paper import crop
from ingestio.web.review.state import SheetState
from ingestio.web.review.views import FIELD_LOOKS, FieldView

S = SheetState.sheet


def fields_panel() -> rx.Component:
    """What was read, how sure, and what can be said of it."""
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                rx.el.h2(S["kind"]),
                rx.el.span(S["told"], class_name="sm mut num"),
                rx.el.span(
                    rx.cond(S["confirmed"] > 0, rx.el.span(f"{S['confirmed']} confirmed")),
                    rx.cond(S["edited"] > 0, rx.el.span(f"{S['edited']} edited")),
                    class_name="end sm mut num row g3",
                ),
                class_name="row",
            ),
            class_name="ph",
        ),
        rx.el.ol(rx.foreach(SheetState.fields, _field), class_name="list"),
        rx.cond(S["is_completed"], _foot()),
        class_name="pan",
        aria_label="Fields",
    )


def _foot() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.button(
                "Next to check",
                type="button",
                class_name="btn",
                on_click=SheetState.go_to_check,
            ),
            rx.el.button(
                "Approve", type="button", class_name="btn pri", on_click=SheetState.approve
            ),
            class_name="mob row two-up",
        ),
        rx.el.div(
            rx.el.span(rx.el.kbd("J"), rx.el.kbd("K"), " move"),
            rx.el.span(rx.el.kbd("↵"), " confirm, next uncertain"),
            rx.el.span(rx.el.kbd("E"), " edit"),
            rx.el.span(rx.el.kbd("M"), " missing"),
            class_name="hint desk-only",
        ),
        class_name="pf",
    )


def _field(field: rx.Var[FieldView]) -> rx.Component:
    is_active = field["name"] == SheetState.active
    return rx.el.li(
        rx.el.button(
            _state_icon(field["state"]),
            rx.el.span(field["label"], class_name="fl", title=field["name"]),
            rx.cond(
                field["value"] != "",
                rx.el.span(field["value"], class_name="fv"),
                rx.el.span("Not found on any page", class_name="fv plain mut"),
            ),
            rx.el.span(field["score"], class_name="cf"),
            type="button",
            class_name="frb",
            aria_expanded=is_active,
            on_click=SheetState.choose(field["name"]),
        ),
        rx.cond(field["note"] != "", rx.el.span(field["note"], class_name="sub")),
        rx.cond(is_active, _open(field)),
        class_name=rx.cond(is_active, "fr on", "fr"),
        aria_current=rx.cond(is_active, "true", "false"),
    )


def _state_icon(state: rx.Var[str]) -> rx.Component:
    """A field's state as an icon and, for who hears it, a word."""
    cases = [
        (
            name.value,
            rx.el.span(
                look_icon(look, 16),
                rx.el.span(look.word, class_name="sr"),
                class_name=look.tone,
                title=look.word,
            ),
        )
        for name, look in FIELD_LOOKS.items()
    ]
    return rx.match(state, *cases, rx.fragment())


def _open(field: rx.Var[FieldView]) -> rx.Component:
    """The active value: where it stands, and what can be said of it."""
    return rx.el.div(
        crop(field),
        rx.cond(S["is_completed"], rx.cond(SheetState.is_editing, _input(field), _verbs(field))),
        class_name="edit",
    )


def _verbs(field: rx.Var[FieldView]) -> rx.Component:
    return rx.el.div(
        rx.cond(
            field["value"] != "",
            rx.el.button(
                "Confirm",
                rx.el.kbd("↵"),
                type="button",
                class_name="btn",
                on_click=SheetState.confirm,
            ),
        ),
        rx.el.button(
            rx.cond(field["value"] != "", "Edit", "Add"),
            rx.el.kbd("E"),
            type="button",
            class_name="btn",
            on_click=SheetState.edit,
        ),
        rx.cond(
            field["value"] != "",
            rx.el.button(
                "Missing",
                rx.el.kbd("M"),
                type="button",
                class_name="btn ghost",
                on_click=SheetState.mark_missing,
            ),
        ),
        class_name="row wrap",
    )


def _input(field: rx.Var[FieldView]) -> rx.Component:
    return rx.el.form(
        rx.el.div(
            rx.el.input(
                id="field-value",
                name="value",
                default_value=field["value"],
                key=field["name"],
                auto_complete="off",
                aria_label=f"Value of {field['label']}",
                aria_describedby="field-problem",
                aria_invalid=SheetState.problem != "",
            ),
            class_name="in lg",
        ),
        rx.el.p(SheetState.problem, id="field-problem", class_name="sm t-bad", role="alert"),
        rx.el.div(
            rx.el.button("Save", rx.el.kbd("↵"), type="submit", class_name="btn pri"),
            rx.el.button(
                "Leave it",
                rx.el.kbd("Esc"),
                type="button",
                class_name="btn",
                on_click=SheetState.leave,
            ),
            class_name="row wrap",
        ),
        on_submit=SheetState.save,
        class_name="col g2",
    )
