"""The review of one document (Spec 4.4): its page beside its values, by mouse or by key."""

from __future__ import annotations

import reflex as rx

from ingestio.web import routes
from ingestio.web.components.notices import callout, not_found, skeleton
from ingestio.web.review.fields import fields_panel
from ingestio.web.review.keys import ReviewKeys, keys_help
from ingestio.web.review.paper import desk
from ingestio.web.review.state import LOADING, MISSING, SheetState
from ingestio.web.shell import shell

S = SheetState.sheet


def review_page() -> rx.Component:
    """One document, or that there is none."""
    return shell(
        routes.REVIEW_QUEUE,
        rx.match(
            SheetState.view,
            (
                MISSING,
                not_found(
                    "There is no such document here. It may have been deleted.",
                    routes.REVIEW_QUEUE,
                    "To the review",
                ),
            ),
            (LOADING, _loading()),
            rx.fragment(
                _stale(),
                rx.cond(
                    S["is_completed"], _review(), rx.cond(S["is_part"], _part(), _not_completed())
                ),
            ),
        ),
        width="full",
    )


def _loading() -> rx.Component:
    return rx.el.div(
        _stale(),
        skeleton("320px", "24px"),
        skeleton("100%", "480px"),
        class_name="col g4 late pad",
        aria_busy="true",
    )


def _stale() -> rx.Component:
    return rx.cond(
        SheetState.is_stale,
        callout(
            "bad",
            "circle_alert",
            "The document could not be loaded.",
            "Your work is safe.",
            rx.el.button("Try again", type="button", class_name="btn", on_click=SheetState.refresh),
            role="alert",
        ),
    )


def _not_completed() -> rx.Component:
    return rx.el.div(
        rx.el.h1(S["name"], class_name="brk"),
        rx.el.p(S["why"], " ", S["advice"], class_name="mut"),
        rx.link("To its batch", href=S["back_href"], class_name="btn", unstyled=True),
        class_name="empty",
    )


def _part() -> rx.Component:
    """A document that failed with a part read: what was got, to look at."""
    return rx.el.div(
        _head(),
        rx.el.div(
            callout("bad", "circle_alert", S["why"], _part_advice(), role="alert"),
            class_name="pad",
        ),
        rx.el.div(desk(), fields_panel(), class_name="rvb"),
        class_name="rv part",
    )


def _part_advice() -> rx.Component:
    return rx.fragment(
        "Below is what was got; it is no result, and nothing was charged. ", S["advice"]
    )


def _review() -> rx.Component:
    return rx.el.div(
        ReviewKeys.create(
            active=SheetState.active,
            is_editing=SheetState.is_editing,
            on_move=SheetState.move,
            on_confirm=SheetState.confirm,
            on_edit=SheetState.edit,
            on_leave=SheetState.leave,
            on_missing=SheetState.mark_missing,
            on_approve=SheetState.approve,
            on_keys=SheetState.toggle_keys,
        ),
        _head(),
        rx.el.div(desk(), fields_panel(), class_name="rvb"),
        class_name="rv",
    )


def _head() -> rx.Component:
    return rx.el.header(
        rx.link(
            rx.icon("chevron_left", size=16, aria_hidden="true"),
            href=S["back_href"],
            class_name="ib",
            aria_label=f"Back to {S['batch_title']}",
            unstyled=True,
        ),
        rx.el.div(
            rx.el.h1(S["name"], class_name="nm tr", title=S["name"]),
            rx.el.div(S["batch_title"], class_name="sm mut tr"),
            class_name="mw0",
        ),
        rx.el.span(class_name="sp"),
        rx.cond(
            S["is_completed"],
            _judge(),
            rx.el.button(
                rx.icon("rotate_ccw", size=16, aria_hidden="true"),
                "Retry",
                type="button",
                class_name="btn",
                on_click=SheetState.retry,
            ),
        ),
        class_name="rvh",
    )


def _judge() -> rx.Component:
    """What can be said of a completed document."""
    return rx.fragment(
        _judged(),
        rx.el.span(keys_help(), class_name="desk-only"),
        rx.el.button("Reject", type="button", class_name="btn", on_click=SheetState.reject),
        rx.el.button(
            rx.cond(S["next_href"] != "", "Approve, open next", "Approve"),
            rx.el.kbd("Ctrl ↵"),
            type="button",
            class_name="btn pri desk-only",
            on_click=SheetState.approve,
        ),
    )


def _judged() -> rx.Component:
    """What was said of the document, or what is left to check."""
    return rx.match(
        S["review_state"],
        ("approved", _badge("ok", "circle_check", "Approved")),
        ("rejected", _badge("bad", "circle_x", "Rejected")),
        rx.cond(
            S["to_check"] > 0,
            _badge("wait desk-only", "circle_help", f"{S['to_check']} to check"),
        ),
    )


def _badge(tone: str, icon: str, words: str | rx.Var[str]) -> rx.Component:
    return rx.el.span(
        rx.icon(icon, size=14, aria_hidden="true"), words, class_name=f"bdg {tone}", role="status"
    )
