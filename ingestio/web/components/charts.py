"""Bars by day, drawn with boxes: no chart library travels for thirty bars."""

from __future__ import annotations

from typing import TypedDict

import reflex as rx


class DayBar(TypedDict):
    """One day: heights in percent of the chart, `told` for the tooltip, `label` under some."""

    label: str
    told: str
    used: str
    held: str


def day_bars(bars: rx.Var[list[DayBar]], *, top: rx.Var[str], label: rx.Var[str]) -> rx.Component:
    """Used solid, held hatched on top; `top` is the highest number, `label` says the sum."""
    return rx.el.div(
        rx.el.div(
            rx.el.span(top, class_name="num"),
            rx.el.span("0"),
            class_name="axis",
            aria_hidden="true",
        ),
        rx.el.div(rx.foreach(bars, _day), class_name="bars", role="img", aria_label=label),
        class_name="days chw",
    )


def _day(bar: rx.Var[DayBar]) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.i(class_name="held", style={"height": bar["held"]}),
            rx.el.i(class_name="used", style={"height": bar["used"]}),
            class_name="stack",
        ),
        rx.el.span(bar["label"], class_name="num"),
        class_name="day",
        title=bar["told"],
    )
