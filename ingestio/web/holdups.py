"""What holds everybody's work up, said on every page: a pause, a provider that is away."""

from __future__ import annotations

import reflex as rx

from ingestio.web import routes
from ingestio.web.components.names import Time, Until
from ingestio.web.components.notices import callout
from ingestio.web.frame import ShellState


def paused(current: str) -> rx.Component:
    """The processor stands still, and why; administrators are led to where it goes on."""
    return rx.cond(
        ShellState.paused_reason != "",
        callout(
            "wait",
            "circle_pause",
            f"Processing is paused: {ShellState.paused_reason}.",
            "Batches you submit now start afterwards.",
            *(() if current == routes.ADMIN else (_for_administrators(),)),
        ),
    )


def provider_away() -> rx.Component:
    """Since when, and when it is tried next: counted in the page, without asking the server."""
    away = ShellState.away
    return rx.cond(
        away["what"] != "",
        callout(
            "wait",
            "cloud_off",
            rx.fragment(
                away["what"],
                " ",
                Time.create(moment=away["since"]),
                ", next try ",
                Until.create(moment=away["next_try"]),
                ".",
            ),
            away["advice"],
        ),
    )


def _for_administrators() -> rx.Component:
    return rx.cond(
        ShellState.is_admin,
        rx.link("Open Admin", href=routes.ADMIN, class_name="btn", unstyled=True),
    )
