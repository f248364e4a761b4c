"""What needs attention, what is in work, what came out, what is left (Spec 4.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestio.web import routes
from ingestio.web.dashboard.page import dashboard_page
from ingestio.web.dashboard.state import DashboardState
from ingestio.web.shell import page_loads

if TYPE_CHECKING:
    import reflex as rx


def add_pages(app: rx.App) -> None:
    """Register the page."""
    app.add_page(
        dashboard_page,
        route=routes.DASHBOARD,
        title="Dashboard · IngestIO",
        on_load=page_loads(DashboardState.follow),
    )


__all__ = ["add_pages"]
