"""The keys of the review (Spec 8): our own component, see `assets/ingest_review.js`."""

from __future__ import annotations

import reflex as rx

from ingestio.web.review.state import SheetState

KEYS = (
    ("J", "next value"),
    ("K", "previous value"),
    ("↵", "confirm, go to the next uncertain"),
    ("E", "edit"),
    ("M", "not on the document"),
    ("Esc", "leave the input"),
    ("Ctrl ↵", "approve, open the next document"),
    ("?", "these keys"),
)


class ReviewKeys(rx.Component):
    """Hears the keys while the page is open, and keeps the active value in view."""

    library = "$/public/ingest_review.js"
    tag = "ReviewKeys"

    active: rx.Var[str]
    is_editing: rx.Var[bool]
    on_move: rx.EventHandler[rx.event.passthrough_event_spec(int)]
    on_confirm: rx.EventHandler[rx.event.no_args_event_spec]
    on_edit: rx.EventHandler[rx.event.no_args_event_spec]
    on_leave: rx.EventHandler[rx.event.no_args_event_spec]
    on_missing: rx.EventHandler[rx.event.no_args_event_spec]
    on_approve: rx.EventHandler[rx.event.no_args_event_spec]
    on_keys: rx.EventHandler[rx.event.no_args_event_spec]


def keys_help() -> rx.Component:
    """The list of keys, by a button or by `?`."""
    return rx.popover.root(
        rx.popover.trigger(
            rx.el.button(
                rx.icon("keyboard", size=16, aria_hidden="true"),
                "Keys",
                rx.el.kbd("?"),
                type="button",
                class_name="btn",
            )
        ),
        rx.popover.content(
            rx.el.dl(
                *[rx.el.div(rx.el.dt(rx.el.kbd(key)), rx.el.dd(does)) for key, does in KEYS],
                class_name="keys-list",
            ),
            aria_label="Keys",
        ),
        open=SheetState.has_keys,
        on_open_change=SheetState.show_keys,
    )
