"""Puts the pages together into one Reflex app. Each feature adds its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx

from ingestio.web import admin, batch, batches, billing, dashboard, login, review, upload
from ingestio.web.connection import reconnecting
from ingestio.web.notices import of_error
from ingestio.web.session import OneSession
from ingestio.web.theme import STYLESHEETS, theme

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.types import ASGIApp

_OVERLAY = (5, "Overlay")
"""Where Reflex would put its own sign of a lost connection."""
FEATURES = (dashboard, upload, batches, batch, review, billing, admin, login)


def build_app(
    *,
    around: Sequence[Callable[[ASGIApp], ASGIApp] | ASGIApp],
    lifespans: Sequence[Callable[[], object]],
) -> rx.App:
    """The app with its pages.

    `around` are the API to mount and the walls to put in front, innermost first; `lifespans` are
    context managers that run while the server does.
    """
    app = rx.App(
        theme=theme(),
        stylesheets=STYLESHEETS,
        toaster=None,
        extra_app_wraps={_OVERLAY: lambda stateful: reconnecting() if stateful else None},
        backend_exception_handler=of_error,
        api_transformer=list(around),  # pyright: ignore[reportArgumentType]
    )
    app.add_middleware(OneSession())
    for feature in FEATURES:
        feature.add_pages(app)
    for lifespan in lifespans:
        app.register_lifespan_task(lifespan)
    return app
