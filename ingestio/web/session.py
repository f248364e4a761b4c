"""Who is signed in, asked anew in every handler.

Answers `_actor()`: session id out of this event's cookie, looked up in the database, so that a
sign-out in another tab counts at the next event. Leaves passwords and cookies to the API.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import reflex as rx
from reflex.middleware.middleware import Middleware
from starlette.requests import cookie_parser

from ingestio.bootstrap import call, services
from ingestio.domain.accounts import Actor  # noqa: TC001  Reflex reads the annotations
from ingestio.errors import NotSignedIn
from ingestio.web import routes

if TYPE_CHECKING:
    from reflex.app import App
    from reflex.event import Event
    from reflex.state import BaseState, StateUpdate

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

    def _session_hash(self) -> str:
        return hashlib.sha256((self._token() or "").encode()).hexdigest()

    @rx.event
    async def enter(self):
        """First of every private page's `on_load`: send strangers to sign in."""
        try:
            await self._actor()
        except NotSignedIn:
            return rx.redirect(routes.login(str(self.router.url.path)))
        return None


class OneSession(Middleware):
    """Gives a tab's state to no other session than the one that filled it.

    A tab keeps its token over sign-out and sign-in, and Reflex sends the whole state when the tab
    connects, before any handler runs: what was shown to one user would reach the next.
    """

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:
        """Before every event, the first of a connection included."""
        del app, event
        session = await state.get_state(SessionState)
        now = session._session_hash()  # noqa: SLF001  its own, asked under the state's lock
        if session._bound_to not in {"", now}:  # noqa: SLF001
            state._get_root_state().reset()  # noqa: SLF001  Reflex names it so
        session._bound_to = now  # noqa: SLF001
        return None
