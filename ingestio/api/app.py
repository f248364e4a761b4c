"""The API put together: what is mounted where, and the walls around everything.

Answers `build_api()`, which Reflex mounts its pages into, and `walls()`, the outermost wrap. Leaves
routes to the modules beside it.
"""

from __future__ import annotations

from typing import Final

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount

from ingestio.api.errors import map_errors

JSON_BYTES: Final = 8_388_608
"""A hundred prompts of 10,000 characters fit in."""
FORM_BYTES: Final = 1_048_576


def build_api() -> Starlette:
    """Everything under /api, and /metrics; whatever else is asked for, the pages answer."""
    return Starlette(routes=[Mount("/api/v1", _v1()), Mount("/api", _plain())])


def _v1() -> FastAPI:
    """The JSON API. Its routers ask for the Actor; only its own description is public."""
    app = FastAPI(
        title="IngestIO",
        version="1",
        openapi_url="/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        max_body_size=JSON_BYTES,
    )
    map_errors(app)
    return app


def _plain() -> FastAPI:
    """Health, the processor's trigger, Stripe's webhook, sign-in: outside the described API."""
    app = FastAPI(openapi_url=None, redirect_slashes=False, max_body_size=FORM_BYTES)
    map_errors(app)
    return app
