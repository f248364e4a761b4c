"""Who is asking: an API key, or the session cookie with our own Origin (Spec 9.1, 10).

Answers with an Actor before anything else of a request is read. Leaves what the Actor may do to the
services.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.routing import APIRoute
from fastapi.security import APIKeyCookie, HTTPBearer

from ingestio.api.bodies import JSON_BYTES, bound
from ingestio.api.origins import is_ours
from ingestio.bootstrap import call, services
from ingestio.domain.accounts import Actor
from ingestio.errors import NotAllowed

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine

    from fastapi import Response

COOKIE: Final = "ingestio_session"
SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_ACTOR: Final = "ingestio.actor"


_KEY = HTTPBearer(scheme_name="key", description="An API key: ing_...", auto_error=False)
_SESSION = APIKeyCookie(name=COOKIE, scheme_name="session", auto_error=False)


async def signed_in(
    request: Request,
    _key: Annotated[object, Depends(_KEY)] = None,
    _session: Annotated[object, Depends(_SESSION)] = None,
) -> Actor:
    """Who is asking, asked once a request. The other two only describe how, for OpenAPI.

    Raises:
        NotSignedIn, NotAllowed
    """
    known = request.scope.get(_ACTOR)
    return known if isinstance(known, Actor) else await identify(request)


SignedIn = Annotated[Actor, Depends(signed_in)]


async def identify(request: Request) -> Actor:
    """Who is asking. A key that is given decides, whatever the cookie says.

    Raises:
        NotSignedIn: no key or session, or one that ended.
        NotAllowed: a change by cookie that does not come from our own pages.
    """
    accounts = services().accounts
    header = request.headers.get("authorization")
    if header is not None:
        return await call(accounts.actor_of_key, bearer(header))
    actor = await call(accounts.actor_of_session, request.cookies.get(COOKIE))
    if request.method not in SAFE_METHODS and not is_ours(request.headers.get("origin")):
        raise NotAllowed("Changes by cookie are taken from our own pages only. Use an API key.")
    return actor


def bearer(header: str) -> str | None:
    """The token of an Authorization header, or None."""
    scheme, _, token = header.partition(" ")
    return token.strip() or None if scheme.lower() == "bearer" else None


class SignedInRoute(APIRoute):
    """Asks who it is before the body is read or anything is validated: 401 wins over 422.

    `max_body_bytes` is what a request may send.
    """

    max_body_bytes = JSON_BYTES

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """FastAPI's handler, behind the question."""
        handle = super().get_route_handler()

        async def ask_first(request: Request) -> Response:
            request.scope[_ACTOR] = await identify(request)
            bound(request, self.max_body_bytes)
            return await handle(request)

        return ask_first


def private_router(tag: str, route: type[SignedInRoute] = SignedInRoute) -> APIRouter:
    """A router whose every route needs a user."""
    return APIRouter(route_class=route, tags=[tag])


def client_address(request: Request) -> str:
    """Where a request comes from, for rate limits.

    X-Forwarded-For is believed as far as trusted proxies wrote it: with none, not at all.
    """
    peer = request.client.host if request.client else "unknown"
    hops = services().settings.trusted_hops
    if not hops:
        return peer
    forwarded = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
    named = [part.strip() for part in forwarded if part.strip()]
    return named[-hops] if len(named) >= hops else peer
