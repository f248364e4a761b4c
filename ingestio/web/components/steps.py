"""Where in a row of steps one stands; what is done can be gone back to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx

if TYPE_CHECKING:
    from collections.abc import Sequence


def steps(
    names: Sequence[tuple[str, str]], current: rx.Var[str], on_go: rx.EventHandler
) -> rx.Component:
    """A numbered list of (key, label); the current one is `aria-current`."""
    keys = [key for key, _ in names]
    items: list[rx.Component] = []
    for place, (key, label) in enumerate(names):
        if place:
            items.append(rx.el.li(class_name="ln", aria_hidden="true"))
        later = keys[place + 1 :]
        cases = [(key, _here(place + 1, label))]
        cases += [(name, _done(key, label, on_go)) for name in later]
        items.append(rx.match(current, *cases, rx.el.li(*_numbered(place + 1, label))))
    return rx.el.nav(rx.el.ol(*items, class_name="steps"), aria_label="Steps")


def _numbered(number: int, label: str) -> list[rx.Component]:
    return [rx.el.span(str(number), class_name="o"), rx.el.span(label, class_name="w")]


def _here(number: int, label: str) -> rx.Component:
    return rx.el.li(*_numbered(number, label), aria_current="step")


def _done(key: str, label: str, on_go: rx.EventHandler) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            rx.el.span(rx.icon("check", size=14, aria_hidden="true"), class_name="o"),
            rx.el.span(label, class_name="w"),
            type="button",
            aria_label=f"{label}, done. Go back",
            on_click=on_go(key),
        ),
        class_name="dn",
    )
