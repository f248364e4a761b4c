"""One theme: the scales and the stylesheet that names the parts."""

from __future__ import annotations

import reflex as rx

STYLESHEETS = ["/ingestio.css"]


def theme() -> rx.Component:
    """Ink on paper: warm gray, one ink blue; other colour means status."""
    return rx.theme(
        accent_color="indigo",
        gray_color="sand",
        radius="medium",
        scaling="100%",
        panel_background="solid",
        appearance="inherit",
    )
