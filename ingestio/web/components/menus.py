"""A menu of what can be done with a thing."""

from __future__ import annotations

from typing import Any

import reflex as rx


def actions_menu(
    label: rx.Var[str] | str, *items: rx.Component, class_name: str = "ib"
) -> rx.Component:
    """Three dots that open a menu; `label` names it for who hears it."""
    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(
            rx.el.button(
                rx.icon("ellipsis", size=16, aria_hidden="true"),
                type="button",
                class_name=class_name,
                aria_label=label,
            )
        ),
        rx.dropdown_menu.content(*items, align="end"),
    )


def button_menu(
    icon: str,
    label: rx.Var[str] | str,
    *items: rx.Component,
    **attributes: Any,  # noqa: ANN401
) -> rx.Component:
    """A button with a word that opens a menu."""
    return rx.dropdown_menu.root(
        rx.dropdown_menu.trigger(
            rx.el.button(
                rx.icon(icon, size=16, aria_hidden="true"),
                label,
                type="button",
                class_name="btn",
                **attributes,
            )
        ),
        rx.dropdown_menu.content(*items, align="end"),
    )


def item(icon: str, label: str, on_click: Any) -> rx.Component:  # noqa: ANN401  an event, as Reflex types it
    """One action."""
    return rx.dropdown_menu.item(
        rx.icon(icon, size=16, aria_hidden="true"), label, on_click=on_click
    )


def danger_item(icon: str, label: str, on_click: Any) -> rx.Component:  # noqa: ANN401  as above
    """An action that removes something, set apart from the others."""
    return rx.fragment(
        rx.dropdown_menu.separator(),
        rx.dropdown_menu.item(
            rx.icon(icon, size=16, aria_hidden="true"), label, color="red", on_click=on_click
        ),
    )


def link_item(icon: str, label: str, href: rx.Var[str] | str) -> rx.Component:
    """A way to another page."""
    return rx.dropdown_menu.item(
        rx.el.a(rx.icon(icon, size=16, aria_hidden="true"), label, href=href), as_child=True
    )


def download_item(icon: str, label: str, href: rx.Var[str] | str) -> rx.Component:
    """A file to keep; the API names it. The browser follows the link, not the page's router."""
    return rx.dropdown_menu.item(
        rx.el.a(
            rx.icon(icon, size=16, aria_hidden="true"),
            label,
            href=href,
            download="",
            custom_attrs={"reloadDocument": True},
        ),
        as_child=True,
    )
