"""The HTTP status of a page whose thing is missing or somebody else's: 404, where Reflex says 200.

The page itself is served all the same, so that it shows its own "Not found". Leaves who sees what
to the services.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from uuid import UUID

from starlette.requests import Request

from ingestio.api.identity import COOKIE
from ingestio.bootstrap import call, services
from ingestio.errors import NotFound, NotSignedIn

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ingestio.domain.accounts import Actor

PAGE: Final = re.compile(r"/dashboard/(?P<what>batches|review)/(?P<id>[^/]+)/?")
CONDITIONS: Final = (b"if-none-match", b"if-modified-since")
"""A missing page is sent whole: 304 would say that it is there."""


class PageStatus:
    """Answers 404 for a batch's or a document's page that has nothing to show."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with another status where the thing is missing."""
        if not await _is_missing(scope):
            await self._app(scope, receive, send)
            return

        async def as_missing(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "status": 404}
            await send(message)

        kept = [pair for pair in scope["headers"] if pair[0] not in CONDITIONS]
        await self._app({**scope, "headers": kept}, receive, as_missing)


async def _is_missing(scope: Scope) -> bool:
    """Whether a signed-in visitor asks for what is not theirs; strangers are sent to sign in."""
    page = PAGE.fullmatch(scope["path"]) if scope["type"] == "http" else None
    if page is None:
        return False
    token = Request(scope).cookies.get(COOKIE)
    try:
        actor = await call(services().accounts.actor_of_session, token)
        await call(_find(page["what"]), actor, UUID(page["id"]))
    except NotSignedIn:
        return False
    except (NotFound, ValueError):
        return True
    return False


def _find(what: str) -> Callable[[Actor, UUID], object]:
    batches = services().batches
    return batches.detail if what == "batches" else batches.document
