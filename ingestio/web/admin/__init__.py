"""Accounts and the queue, for administrators (Spec 4.5). To everybody else there is no such page.

Lives here: the page, its table and its two forms. Does not: who is one (`services.admin` says
NotFound to everybody else, at every call).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestio.web import routes
from ingestio.web.admin.page import admin_page
from ingestio.web.admin.state import AdminState
from ingestio.web.shell import page_loads

if TYPE_CHECKING:
    import reflex as rx


def add_pages(app: rx.App) -> None:
    """Register the page."""
    app.add_page(
        admin_page,
        route=routes.ADMIN,
        title="Admin · IngestIO",
        on_load=page_loads(AdminState.follow),
    )


__all__ = ["add_pages"]
