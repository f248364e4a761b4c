"""Icons and the brand's mark."""

from __future__ import annotations

import reflex as rx


def brand_mark() -> rx.Component:
    """A page with one field boxed."""
    return rx.el.svg(
        rx.el.rect(width="24", height="24", rx="6", style={"fill": "var(--accent-9)"}),
        rx.el.path(
            d="M7 7.5h10M7 12h10M7 16.5h4.5",
            style={"fill": "none", "stroke": "#fff", "strokeWidth": "2", "opacity": ".55"},
            stroke_linecap="round",
        ),
        rx.el.rect(
            x="10.2",
            y="9.5",
            width="9",
            height="5",
            rx="1.6",
            style={"fill": "var(--accent-9)", "stroke": "#fff", "strokeWidth": "1.7"},
        ),
        view_box="0 0 24 24",
        aria_hidden="true",
    )


def file_icon(*, is_picture: rx.Var[bool] | bool) -> rx.Component:
    """A document's tile: page or picture."""
    return rx.el.span(
        rx.cond(is_picture, rx.icon("image", size=16), rx.icon("file_text", size=16)),
        class_name="ft",
        aria_hidden="true",
    )
