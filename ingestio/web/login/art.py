"""The picture beside the form: a page with one value marked, and the value in a list."""

from __future__ import annotations

import reflex as rx

INK, LINE = "#8c8778", "#d9d5c9"
RULES = ((40, 86, 12), (64, 120, 6), (78, 96, 6))
RIGHT = ((226, 40, 60), (238, 54, 48), (250, 134, 36), (250, 166, 36), (256, 198, 30))
ROWS = ((134, 140), (166, 116), (198, 152))


def page_and_values() -> rx.Component:
    """The figure with its sentence."""
    return rx.el.figure(
        rx.el.svg(
            _page(),
            _marked_value(),
            _values(),
            view_box="0 0 440 470",
            role="img",
            custom_attrs={
                "aria-label": "A page with one value marked, and the same value in a list of fields"
            },
        ),
        rx.el.figcaption("Every value shows where on the page it came from.", class_name="mut"),
    )


def _bar(x: int, y: int, width: int, height: int = 6) -> rx.Component:
    return rx.el.rect(
        x=str(x), y=str(y), width=str(width), height=str(height), rx="3",
        fill=INK if height > 6 else LINE,  # noqa: PLR2004  the heading is the tall one
    )  # fmt: skip


def _page() -> rx.Component:
    rules = [rx.el.path(d=f"M52 {y}h234v1H52z", fill=LINE) for y in (118, 152, 184, 216)]
    return rx.el.g(
        rx.el.rect(x="24", y="8", width="290", height="376", rx="4", class_name="sheet"),
        *[_bar(52, y, width, height) for y, width, height in RULES],
        *[_bar(x, y, width) for x, y, width in RIGHT],
        *[_bar(52, y, width) for y, width in ROWS],
        *rules,
        class_name="lift",
    )


def _marked_value() -> rx.Component:
    return rx.el.g(
        rx.el.text("Total", x="190", y="252"),
        rx.el.text("48,311.50", x="284", y="252", text_anchor="end"),
        rx.el.rect(x="224", y="238", width="66", height="20", rx="3", class_name="mark"),
        rx.el.path(d="M257 258v60", class_name="mark", stroke_dasharray="3 3"),
        class_name="found",
    )


def _values() -> rx.Component:
    return rx.el.g(
        rx.el.rect(x="116", y="318", width="312", height="128", rx="12", class_name="panel lift"),
        rx.el.rect(x="126", y="362", width="292", height="34", rx="6", class_name="on"),
        *_value(350, "Vendor", "Nordkapp Seafood AS"),
        *_value(384, "Total", "48,311.50"),
        rx.el.text("0.99", x="406", y="384", text_anchor="end", class_name="q"),
        *_value(422, "Currency", "NOK"),
        class_name="values",
    )


def _value(y: int, label: str, value: str) -> tuple[rx.Component, rx.Component]:
    return (
        rx.el.text(label, x="140", y=str(y), class_name="q"),
        rx.el.text(value, x="232", y=str(y)),
    )
