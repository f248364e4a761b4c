"""Tables: headers that sort, the pager, rows that are not there yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx

from ingestio.web.components.notices import skeleton

if TYPE_CHECKING:
    from collections.abc import Sequence

ABSENT = rx.Var("undefined")
"""Leaves an attribute out."""


def sort_header(
    label: str, key: str, *, sort: rx.Var[str], on_sort: rx.EventHandler, class_name: str = ""
) -> rx.Component:
    """A column's header that sorts by it; pressed again, the other way round."""
    return rx.el.th(
        rx.el.button(
            label,
            rx.match(
                sort,
                (key, rx.icon("arrow_up", size=12, aria_hidden="true")),
                (f"-{key}", rx.icon("arrow_down", size=12, aria_hidden="true")),
                rx.icon("chevrons_up_down", size=12, aria_hidden="true"),
            ),
            type="button",
            on_click=on_sort(key),
        ),
        scope="col",
        class_name=class_name,
        aria_sort=rx.match(sort, (key, "ascending"), (f"-{key}", "descending"), ABSENT),
    )


def plain_header(label: str, class_name: str = "") -> rx.Component:
    """A column's header that only names it."""
    return rx.el.th(label, scope="col", class_name=class_name)


def hidden_header(label: str) -> rx.Component:
    """A header for those who can't see that the column holds actions."""
    return rx.el.th(rx.el.span(label, class_name="sr"), scope="col")


def pager(
    *,
    told: rx.Var[str] | str,
    place: rx.Var[str] | str,
    has_previous: rx.Var[bool],
    has_next: rx.Var[bool],
    on_turn: rx.EventHandler,
    more: Sequence[rx.Component] = (),
) -> rx.Component:
    """`1 to 20 of 43`, then `more` (a choice of sizes), then the way back and on."""
    return rx.el.nav(
        rx.el.span(told, role="status"),
        rx.el.span(class_name="sp"),
        *more,
        _turn("Previous page", "chevron_left", has_previous, on_turn(-1)),
        rx.el.span(place, class_name="num"),
        _turn("Next page", "chevron_right", has_next, on_turn(1)),
        class_name="pager",
        aria_label="Pages",
    )


def _turn(
    label: str, icon: str, is_possible: rx.Var[bool], on_click: rx.event.EventSpec
) -> rx.Component:
    return rx.el.button(
        rx.icon(icon, size=16, aria_hidden="true"),
        type="button",
        class_name="ib sq",
        aria_label=label,
        disabled=~is_possible,
        on_click=on_click,
    )


def choice(
    label: str,
    options: Sequence[tuple[str, str | rx.Var[str]]],
    *,
    value: rx.Var[str] | rx.Var[int],
    on_change: rx.EventHandler,
    class_name: str = "",
) -> rx.Component:
    """The browser's own select: a name for who hears it, (value, words) for each option."""
    return rx.el.select(
        *[rx.el.option(words, value=name) for name, words in options],
        value=value,
        on_change=on_change,
        aria_label=label,
        class_name=f"btn sel {class_name}",
    )


def skeleton_rows(widths: Sequence[str], rows: int = 6) -> rx.Component:
    """Rows at the height that they will have; shown only where loading takes a while."""
    return rx.el.tbody(
        *[rx.el.tr(*[rx.el.td(skeleton(width)) for width in widths]) for _ in range(rows)],
        aria_busy="true",
        class_name="late",
    )
