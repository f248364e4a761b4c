"""The API's page to try it: our own few lines of HTML and script, nothing from elsewhere.

Answers for `/api/v1/docs`; public, as the description it shows. What a call in it needs is a key,
or the session of whoever is signed in.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Final

from fastapi import APIRouter, Response
from starlette.responses import HTMLResponse

router = APIRouter(include_in_schema=False)
PARTS: Final = files("ingestio.api") / "try_it"


@router.get("/docs")
async def page() -> HTMLResponse:
    """Every call with a form to send it."""
    return HTMLResponse((PARTS / "page.html").read_text(encoding="utf-8"))


@router.get("/docs.js")
async def script() -> Response:
    """Fills the page from openapi.json."""
    text = (PARTS / "page.js").read_text(encoding="utf-8")
    return Response(text, media_type="text/javascript")
