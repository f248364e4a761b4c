"""Who is signed in, asked anew in every handler.

Answers `_actor()`: session id out of this event's cookie, looked up in the database, so that a
sign-out in another tab counts at the next event. Leaves passwords and cookies to the API.
"""

from __future__ import annotations

import hashlib

import reflex as rx
from starlette.requests import cookie_parser

from ingestio.bootstrap import call, services
from ingestio.domain.accounts import Actor  # noqa: TC001  Reflex reads the annotations
from ingestio.errors import NotSignedIn
from ingestio.web import routes

COOKIE = "ingestio_session"


class SessionState(rx.State):
    """The root of every page's state. Holds nothing that a visitor may not see."""

    _bound_to: str = ""
    """Hash of the session that this state was filled for."""

    def _token(self) -> str | None:
        # The API's parser: the standard library's stops at another site's cookie it can't read.
        return cookie_parser(self.router.headers.cookie or "").get(COOKIE)

    async def _actor(self) -> Actor:
        """Who is asking.

        Raises:
            NotSignedIn: no session, or one that ended.
        """
        return await call(services().accounts.actor_of_session, self._token())

    @rx.event
    async def enter(self):
        """First of every private page's `on_load`: send strangers to sign in.

        A tab's state may outlive its session; what it held for another user is dropped here.
        """
        try:
            await self._actor()
        except NotSignedIn:
            self.reset()
            return rx.redirect(routes.login(str(self.router.url.path)))
        bound_to = hashlib.sha256((self._token() or "").encode()).hexdigest()
        if self._bound_to not in {"", bound_to}:
            self.reset()
        self._bound_to = bound_to
        return None
