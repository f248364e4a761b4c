"""Callouts, empty places and skeletons: what a page says when it has no rows to show."""

from __future__ import annotations

import reflex as rx


def callout(
    tone: str,
    icon: str,
    title: rx.Var[str] | str | rx.Component,
    text: rx.Var[str] | str | rx.Component = "",
    *actions: rx.Component,
    role: str = "status",
) -> rx.Component:
    """What happened and what to do; `tone` is wait, info, bad or empty."""
    return rx.el.div(
        rx.icon(icon, size=16, aria_hidden="true"),
        rx.el.div(rx.el.p(title, class_name="med"), rx.el.p(text)),
        rx.el.div(*actions, class_name="act") if actions else rx.fragment(),
        class_name=f"note {tone}",
        role=role,
    )


def empty(icon: str, title: str, text: str, *actions: rx.Component) -> rx.Component:
    """An empty place: what will be here, and how it comes here."""
    return rx.el.div(
        rx.el.div(rx.icon(icon, size=20, aria_hidden="true"), class_name="ic"),
        rx.el.h2(title),
        rx.el.p(text, class_name="mut"),
        *actions,
        class_name="empty",
    )


def skeleton(width: str = "60%", height: str = "12px") -> rx.Component:
    """A line that is not there yet, at the height it will have."""
    return rx.el.span(class_name="sk", style={"width": width, "height": height}, aria_hidden="true")


def not_found(what: str, href: str, link: str) -> rx.Component:
    """Missing, or somebody else's: the two look the same."""
    return rx.el.div(
        rx.el.div(rx.icon("file_question", size=20, aria_hidden="true"), class_name="ic"),
        rx.el.h1("Not found"),
        rx.el.p(what, class_name="mut"),
        rx.el.a(link, href=href, class_name="btn"),
        class_name="empty",
    )
