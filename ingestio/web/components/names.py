"""Names and times, shortened without lying."""

from __future__ import annotations

import reflex as rx


def middle_name(
    head: rx.Var[str] | str, tail: rx.Var[str] | str, full: rx.Var[str] | str
) -> rx.Component:
    """A file's name that shrinks in its middle: the last letters always stay."""
    return rx.el.span(
        rx.el.span(head, class_name="tr"), rx.el.span(tail), class_name="nm mt", title=full
    )


def ago(iso: rx.Var[str] | str, exact: rx.Var[str] | str) -> rx.Component:
    """A moment as a distance that keeps itself right, its exact time on hover; a dash for none."""
    return rx.cond(
        iso != "",
        rx.el.span(rx.moment(iso, from_now=True, interval=20_000), title=exact, class_name="num"),
        rx.el.span("-"),
    )
