"""The page balance as a meter. A balance that is not known is not shown as zeros."""

from __future__ import annotations

import reflex as rx

from ingestio.web.components.notices import skeleton
from ingestio.web.components.progress import segmented_bar
from ingestio.web.frame import KNOWN, UNKNOWN, ShellState


def balance_or(
    known: rx.Component, *, waiting: rx.Component, unknown: rx.Component
) -> rx.Component:
    """The balance where it is known; else its place while it is read, or that it can't be."""
    return rx.match(ShellState.balance, (KNOWN, known), (UNKNOWN, unknown), waiting)


def quota_meter() -> rx.Component:
    """The page balance: used solid, held hatched, rest empty."""
    return rx.el.div(
        balance_or(
            _meter(),
            waiting=rx.el.div(skeleton("140px"), skeleton("100%", "6px"), class_name="col g2 late"),
            unknown=unknown_balance(),
        ),
        class_name="meter",
    )


def unknown_balance() -> rx.Component:
    """The plan can't be read just now."""
    return rx.el.div(
        rx.icon("circle_alert", size=14, class_name="c-wait", aria_hidden="true"),
        " Pages left can't be read just now. They show again by themselves.",
        class_name="sm mut",
        role="status",
    )


def _meter() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.span(
                rx.cond(
                    ShellState.is_low,
                    rx.icon("circle_alert", size=14, class_name="c-wait", aria_hidden="true"),
                ),
                rx.el.b(ShellState.left_words),
                " of ",
                ShellState.limit_words,
                " pages left",
                class_name="num",
            ),
            class_name="t",
        ),
        segmented_bar(
            [("used", ShellState.used_share), ("held", ShellState.held_share)],
            label=ShellState.meter_words,
            now=ShellState.used_share,
        ),
        rx.el.div(
            rx.el.span(ShellState.used_words, class_name="num"),
            rx.cond(
                ShellState.reserved_pages > 0,
                rx.el.span(ShellState.held_words, class_name="num"),
                rx.el.span(f"renews {ShellState.renews_on}"),
            ),
            class_name="t",
        ),
    )
