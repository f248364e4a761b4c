"""Sign-up, sign-in and sign-out as plain forms, since only HTTP can set an HttpOnly cookie.

Answers with 303 to a page of ours, or with JSON and a status where that is asked for (Spec 9.2).
Leaves passwords, limits and sessions to the accounts service.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode, urlsplit

from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile
from starlette.responses import RedirectResponse

from ingestio.api.errors import answer
from ingestio.api.identity import COOKIE, client_address
from ingestio.api.origins import is_from_elsewhere
from ingestio.bootstrap import call, services
from ingestio.errors import IngestioError, NotAllowed

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.datastructures import FormData

router = APIRouter()
COOKIE_S: Final = 30 * 86_400
HOME: Final = "/dashboard"
LOGIN: Final = "/login"
MAX_FORM_FIELDS: Final = 16
MAX_NEXT_CHARS: Final = 2_000


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Begin a session; an older one of this browser ends."""
    return await _begin(request, LOGIN, services().accounts.sign_in)


@router.post("/sign-up")
async def sign_up(request: Request) -> Response:
    """Make an account and begin its first session."""
    return await _begin(request, f"{LOGIN}?mode=sign-up", services().accounts.sign_up)


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End this session, or with `everywhere` all of this user's."""
    form = await _form(request)
    accounts, token = services().accounts, request.cookies.get(COOKIE)
    if _text(form, "everywhere"):
        await call(accounts.sign_out_everywhere, await call(accounts.actor_of_session, token))
    elif token:
        await call(accounts.sign_out, token)
    response = RedirectResponse(_local(_text(form, "next"), LOGIN), 303)
    _set_cookie(response, "", max_age_s=0)
    return response


async def _begin(request: Request, back_to: str, begin: Callable[[str, str, str], str]) -> Response:
    form = await _form(request)
    goal = _local(_text(form, "next"), HOME)

    async def work() -> Response:
        email, password = _text(form, "email"), _text(form, "password")
        token = await call(begin, email, password, client_address(request))
        if before := request.cookies.get(COOKIE):
            await call(services().accounts.sign_out, before)
        response = RedirectResponse(goal, 303)
        _set_cookie(response, token)
        return response

    return await _answered(request, work, back_to, goal)


async def _answered(
    request: Request, work: Callable[[], Awaitable[Response]], back_to: str, goal: str
) -> Response:
    """What work gives; a refusal as JSON for scripts, for browsers as a way back to the form."""
    try:
        return await work()
    except IngestioError as error:
        if "application/json" in request.headers.get("accept", ""):
            return answer(error)
        mark = "&" if "?" in back_to else "?"
        told = urlencode({"error": error.code, "next": goal})
        return RedirectResponse(f"{back_to}{mark}{told}", 303)


async def _form(request: Request) -> FormData:
    """The form's fields, from our own pages or from no page at all.

    Raises:
        NotAllowed: another site's page sent it.
    """
    if is_from_elsewhere(request.headers):
        raise NotAllowed("This form was sent from another site.")
    return await request.form(max_files=0, max_fields=MAX_FORM_FIELDS)


def _text(form: FormData, name: str) -> str:
    value = form.get(name)
    return "" if value is None or isinstance(value, UploadFile) else value


def _local(path: str, otherwise: str) -> str:
    """A path on this site; anything that could lead elsewhere is not followed."""
    is_plain = path.isprintable() and "\\" not in path and len(path) <= MAX_NEXT_CHARS
    parts = urlsplit(path) if is_plain else None
    is_local = parts and not parts.scheme and not parts.netloc and path.startswith("/")
    return path if is_local and not path.startswith("//") else otherwise


def _set_cookie(response: Response, token: str, max_age_s: int = COOKIE_S) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=max_age_s,
        path="/",
        httponly=True,
        samesite="lax",
        secure=services().settings.is_https,
    )
