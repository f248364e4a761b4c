"""The one place where errors become answers: JSON and a status (Spec 9.1).

Answers for our own family, for requests of the wrong form, and for bugs: those get a reference that
also stands in the log. Routes hold no `except`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import structlog
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.exceptions import HTTPException

from ingestio.errors import (
    IngestioError,
    InvalidDraft,
    NotSignedIn,
    Problem,
    RateLimited,
    Unavailable,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fastapi import FastAPI, Request

log = structlog.get_logger(__name__)
CODES = {
    400: "bad_request",
    401: "not_signed_in",
    403: "not_allowed",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
    415: "unsupported_type",
}
WORDS = {
    400: "The request can't be read.",
    404: "Not found",
    405: "This address does not take that method.",
    413: "The request is larger than what is taken here.",
}


class ProblemShown(BaseModel):
    """One thing wrong: where, a stable code, a sentence."""

    field: str
    code: str
    message: str


class ErrorShown(BaseModel):
    """Why a request was refused; `problems` lists all of it at once."""

    code: str
    message: str
    problems: list[ProblemShown]


class Refusal(BaseModel):
    """What every error looks like."""

    error: ErrorShown


def answer(error: IngestioError) -> JSONResponse:
    """An error of ours as the API says it."""
    problems = error.problems if isinstance(error, InvalidDraft) else ()
    return _json(error.http_status, error.code, error.message, problems, _headers(error))


def map_errors(app: FastAPI) -> None:
    """Give an app the one mapping."""
    app.add_exception_handler(IngestioError, answer_ours)
    app.add_exception_handler(RequestValidationError, _wrong_form)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _bug)


async def answer_ours(request: Request, error: Exception) -> JSONResponse:
    """A handler for our own family."""
    assert isinstance(error, IngestioError)  # noqa: S101 (registered for it)
    say = log.warning if isinstance(error, Unavailable) else log.info
    say("refused", code=error.code, method=request.method, path=request.scope["path"])
    return answer(error)


async def _wrong_form(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    problems = [_problem(one) for one in error.errors()]
    return _json(422, "invalid", "The request is not of the form that is taken here.", problems)


def _problem(found: Mapping[str, Any]) -> Problem:
    field = ".".join(str(part) for part in found["loc"][1:]) or "body"
    return Problem(field, found["type"], found["msg"])


async def _http(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    status = error.status_code
    message = WORDS.get(status, str(error.detail))
    return _json(status, CODES.get(status, "refused"), message, (), error.headers)


async def _bug(request: Request, error: Exception) -> JSONResponse:
    reference = uuid4().hex[:8]
    log.error("bug", reference=reference, path=request.scope["path"], exc_info=error)
    message = f"Something went wrong on our side. Reference: {reference}"
    return _json(IngestioError.http_status, IngestioError.code, message)


def _headers(error: IngestioError) -> dict[str, str]:
    match error:
        case NotSignedIn():
            return {"WWW-Authenticate": "Bearer"}
        case RateLimited(retry_after_s=wait_s) | Unavailable(retry_after_s=float() as wait_s):
            return {"Retry-After": str(max(1, math.ceil(wait_s)))}
        case _:
            return {}


def _json(
    status: int,
    code: str,
    message: str,
    problems: Sequence[Problem] = (),
    headers: Mapping[str, str] | None = None,
) -> JSONResponse:
    listed = [ProblemShown(field=p.field, code=p.code, message=p.message) for p in problems]
    body = Refusal(error=ErrorShown(code=code, message=message, problems=listed))
    return JSONResponse(body.model_dump(), status, headers=dict(headers or {}))
