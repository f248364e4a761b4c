"""Sign up and sign in (Spec 4.5), and the way from the bare address to the dashboard.

Lives here: the forms. Does not: passwords and cookies, which the API takes from the browser itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestio.web import routes
from ingestio.web.login.page import front_page, login_page
from ingestio.web.login.state import LoginState

if TYPE_CHECKING:
    import reflex as rx


def add_pages(app: rx.App) -> None:
    """Register the login page and the bare address."""
    app.add_page(
        login_page, route=routes.LOGIN, title="Sign in · IngestIO", on_load=LoginState.load
    )
    app.add_page(front_page, route="/", title="IngestIO", on_load=LoginState.to_dashboard)


__all__ = ["add_pages"]
