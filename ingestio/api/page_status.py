"""The HTTP status of a page that has nothing to show, where Reflex says 200.

404 for a thing that is missing or somebody else's, 503 while the records don't answer. The page
itself is served all the same: it says so, and in the second case comes back by itself. Leaves who
sees what to the services.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from uuid import UUID

from starlette.requests import Request

from ingestio.api.identity import COOKIE
from ingestio.bootstrap import call, services
from ingestio.errors import NotFound, NotSignedIn, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ingestio.domain.accounts import Actor

PAGE: Final = re.compile(r"/dashboard/(?P<what>batches|review)/(?P<id>[^/]+)/?")
CONDITIONS: Final = (b"if-none-match", b"if-modified-since")
"""Such a page is sent whole: 304 would say that the thing is there."""


class PageStatus:
    """Answers 404 or 503 for a batch's or a document's page that has nothing to show."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, with another status where the thing is missing or can't be looked for."""
        status = await _status(scope)
        if status is None:
            await self._app(scope, receive, send)
            return

        async def with_status(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "status": status}
            await send(message)

        kept = [pair for pair in scope["headers"] if pair[0] not in CONDITIONS]
        await self._app({**scope, "headers": kept}, receive, with_status)


async def _status(scope: Scope) -> int | None:
    """Which status instead of the page's own; strangers are sent to sign in by the page."""
    page = PAGE.fullmatch(scope["path"]) if scope["type"] == "http" else None
    if page is None:
        return None
    token = Request(scope).cookies.get(COOKIE)
    try:
        actor = await call(services().accounts.actor_of_session, token)
        await call(_find(page["what"]), actor, UUID(page["id"]))
    except NotSignedIn:
        return None
    except (NotFound, ValueError):
        return NotFound.http_status
    except Unavailable as error:
        return error.http_status
    return None


def _find(what: str) -> Callable[[Actor, UUID], object]:
    batches = services().batches
    return batches.detail if what == "batches" else batches.document
