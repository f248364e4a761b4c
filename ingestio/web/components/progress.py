"""Bars: how far, of what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx

if TYPE_CHECKING:
    from collections.abc import Sequence

Percent = rx.Var[float] | rx.Var[int] | float | int


def segmented_bar(
    segments: Sequence[tuple[str, Percent]],
    *,
    label: rx.Var[str] | str,
    size: str = "",
    now: Percent = 0,
) -> rx.Component:
    """Segments by class (`done fail stop work wait used held`) and percent, left to right.

    `label` says in words what the bar shows; `now` is the ended share in percent.
    """
    return rx.el.div(
        *[rx.el.i(class_name=name, style={"width": _width(share)}) for name, share in segments],
        class_name=f"bar {size}",
        role="progressbar",
        aria_valuemin="0",
        aria_valuemax="100",
        aria_valuenow=now,
        aria_valuetext=label,
        aria_label=label,
    )


def _width(share: Percent) -> rx.Var[str] | str:
    if isinstance(share, rx.Var):
        return share.to_string() + "%"
    return f"{share}%"
