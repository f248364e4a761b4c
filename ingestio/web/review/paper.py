"""The page's picture with every value's box on it."""

from __future__ import annotations

import reflex as rx

from ingestio.web.review.state import SheetState
from ingestio.web.review.views import FieldView  # noqa: TC001  names what the functions take

S = SheetState.sheet
PICTURE = f"/api/v1/documents/{S['id']}/pages/{SheetState.page}.jpg"


def desk() -> rx.Component:
    """The picture on its ground, with the way to the other pages."""
    return rx.el.section(
        _tools(),
        rx.el.div(_paper(), class_name="desk", tab_index=0, role="group", aria_label="Page"),
        class_name="deskw",
        aria_label="Page picture",
    )


def _paper() -> rx.Component:
    return rx.el.div(
        rx.el.img(
            src=PICTURE,
            alt=f"Page {SheetState.page} of {S['name']}",
            key=PICTURE,
            class_name="pic",
        ),
        rx.el.svg(
            rx.foreach(SheetState.fields, _box),
            view_box="0 0 100 100",
            preserve_aspect_ratio="none",
            aria_hidden="true",
        ),
        rx.foreach(SheetState.fields, _label),
        class_name="paper",
        style={"--zoom": SheetState.zoom.to_string()},
    )


def _tools() -> rx.Component:
    return rx.el.div(
        _tool("Previous page", "chevron_left", SheetState.turn(-1), SheetState.page <= 1),
        rx.el.span(f"{SheetState.page} / {S['pages']}", class_name="sm med num"),
        _tool("Next page", "chevron_right", SheetState.turn(1), SheetState.page >= S["pages"]),
        rx.el.span(class_name="vr"),
        _tool("Zoom out", "zoom_out", SheetState.resize(-1), SheetState.zoom <= 1),
        _tool("Zoom in", "zoom_in", SheetState.resize(1), SheetState.zoom >= 3),  # noqa: PLR2004  ZOOMS
        class_name="ptools",
        role="group",
        aria_label="Page",
    )


def _tool(
    label: str, icon: str, on_click: rx.event.EventSpec, is_off: rx.Var[bool]
) -> rx.Component:
    return rx.el.button(
        rx.icon(icon, size=16, aria_hidden="true"),
        type="button",
        class_name="ib",
        aria_label=label,
        title=label,
        disabled=is_off,
        on_click=on_click,
    )


def _is_here(field: rx.Var[FieldView]) -> rx.Var[bool]:
    return (field["page"] == SheetState.page) & field["has_box"]


def _box(field: rx.Var[FieldView]) -> rx.Component:
    is_active = field["name"] == SheetState.active
    return rx.cond(
        _is_here(field),
        rx.el.svg.rect(
            x=field["x"],
            y=field["y"],
            width=field["width"],
            height=field["height"],
            class_name=rx.cond(is_active, f"{field['box_class']} on", field["box_class"]),
            on_click=SheetState.choose(field["name"]),
        ),
    )


def _label(field: rx.Var[FieldView]) -> rx.Component:
    """The active box says what it is; the others are quiet."""
    return rx.cond(
        _is_here(field) & (field["name"] == SheetState.active),
        rx.el.span(
            field["label"],
            class_name=f"evl {field['state']} {field['label_side']}",
            style={"left": field["label_left"], "top": f"calc({field['y']}% + {field['height']}%)"},
            aria_hidden="true",
        ),
    )


def crop(field: rx.Var[FieldView]) -> rx.Component:
    """The value's place on the page, close up."""
    return rx.cond(
        field["has_box"],
        rx.el.div(
            rx.el.img(
                src=f"/api/v1/documents/{S['id']}/pages/{field['page']}.jpg",
                alt="",
                style={"transform": field["crop"]},
            ),
            class_name="crop",
        ),
    )
