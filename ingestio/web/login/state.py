"""What the login page knows: where it leads back to, what went wrong, whether this is a demo.

Public: nobody is signed in here. Holds no address and no password; the browser sends the forms
itself, and the API judges `next` again.
"""

from __future__ import annotations

from urllib.parse import quote

import reflex as rx

from ingestio.bootstrap import services
from ingestio.errors import NotSignedIn
from ingestio.services.accounts import DEMO_PASSWORD
from ingestio.web import routes
from ingestio.web.login.words import error_words, safe_next
from ingestio.web.session import SessionState

SIGN_UP = "sign-up"


class LoginState(SessionState):
    """What the login page shows."""

    is_sign_up: bool = False
    back_to: str = routes.DASHBOARD
    error: str = ""
    is_demo: bool = False
    demo_accounts: list[str] = []  # noqa: RUF012  Reflex copies a state's defaults
    demo_password: str = ""
    is_password_shown: bool = False

    @rx.var
    def back_to_quoted(self) -> str:
        """The same inside an address."""
        return quote(self.back_to, safe="")

    @rx.event
    async def load(self):
        """Read the address; who is signed in goes on."""
        query = self.router.url.query_parameters
        self.back_to = safe_next(str(query.get("next", "")))
        self.is_sign_up = query.get("mode") == SIGN_UP
        self.error = error_words(str(query["error"])) if query.get("error") else ""
        self.is_password_shown = False
        self._show_demo()
        if self.error:
            return None
        try:
            await self._actor()
        except NotSignedIn:
            return None
        return rx.redirect(self.back_to)

    def _show_demo(self) -> None:
        self.is_demo = services().settings.is_demo
        self.demo_accounts = list(services().accounts.demo_accounts()) if self.is_demo else []
        self.demo_password = DEMO_PASSWORD if self.is_demo else ""

    @rx.event
    def show_password(self):
        """Show or hide what is typed."""
        self.is_password_shown = not self.is_password_shown

    @rx.event
    def to_dashboard(self):
        """From the bare address."""
        return rx.redirect(routes.DASHBOARD, replace=True)
