"""What a page says while its line to the server is cut: that it knows, and comes back by itself.

Reflex retries and runs every follower again; until then what stands here may be out of date.
"""

from __future__ import annotations

import reflex as rx
from reflex_components_core.core.banner import has_connection_errors


def reconnecting() -> rx.Component:
    """A line at the foot of every page, while it is so."""
    return rx.fragment(
        rx.cond(
            has_connection_errors,
            rx.el.div(
                rx.icon("loader_circle", size=16, class_name="spin", aria_hidden="true"),
                rx.el.span(
                    rx.el.b("Reconnecting"), ". What is shown may have changed; nothing is lost."
                ),
                class_name="offline",
                role="status",
            ),
        )
    )
