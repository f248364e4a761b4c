"""The API put together: what is mounted where, and the walls around everything.

Answers `build_api()`, which Reflex mounts its pages into, and `walls()`, the outermost wrap. Leaves
routes to the modules beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount, Route

from ingestio import logs
from ingestio.api import (
    batches,
    docs,
    documents,
    drafts,
    export,
    operations,
    sign_in,
    stripe,
    submissions,
    uploads,
    usage,
)
from ingestio.api.closed import Closed
from ingestio.api.errors import Refusal, answer_ours, map_errors
from ingestio.api.headers import Headers
from ingestio.api.origins import OwnSocketsOnly
from ingestio.api.page_status import PageStatus
from ingestio.api.sockets import SocketLimits
from ingestio.errors import IngestioError

if TYPE_CHECKING:
    from starlette.types import ASGIApp

FORM_BYTES: Final = 1_048_576
ABOUT: Final = """\
Documents in, data out. Send `Authorization: Bearer ing_...`, a key made by `ingestio api-key`.
Errors are `{"error": {"code", "message", "problems": [{"field", "code", "message"}]}}`, lists
`{"items", "total", "page", "page_size"}`; ids are UUIDs, times ISO 8601 in UTC."""


def build_api() -> Starlette:
    """Everything under /api, and /metrics; whatever else is asked for, the pages answer."""
    return Starlette(
        routes=[
            Mount("/api/v1", _v1()),
            Mount("/api", _plain()),
            Route("/metrics", operations.metrics),
        ],
        exception_handlers={IngestioError: answer_ours},
    )


def walls(app: ASGIApp) -> ASGIApp:
    """What stands in front of pages, API and websocket alike; and nothing secret in the log."""
    logs.configure()
    return Headers(Closed(OwnSocketsOnly(SocketLimits(PageStatus(app)))))


def _v1() -> FastAPI:
    """The JSON API. Its routers ask for the Actor; only its own description is public."""
    app = FastAPI(
        title="IngestIO",
        version="1",
        description=ABOUT,
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        responses={"4XX": {"model": Refusal, "description": "Refused; the code says why."}},
    )
    map_errors(app)
    for noun in (submissions, batches, export, documents, drafts, uploads, usage, docs):
        app.include_router(noun.router)
    return app


def _plain() -> FastAPI:
    """Health, the processor's trigger, Stripe's webhook, sign-in: outside the described API."""
    app = FastAPI(openapi_url=None, redirect_slashes=False)
    map_errors(app)
    for part in (operations, stripe, sign_in):
        app.include_router(part.router, max_body_size=FORM_BYTES)
    return app
