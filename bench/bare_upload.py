"""The baseline of `bench.upload`: a bare Starlette endpoint that writes what it is sent to a file.

No session, no owner, no limit, no type, no offset: what any of them costs shows beside it.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request

FOLDER = Path(os.environ.get("BARE_FOLDER", "."))


async def keep(request: Request) -> Response:
    """Append the body to the file of that name."""
    with (FOLDER / request.path_params["name"]).open("ab") as file:
        async for chunk in request.stream():
            file.write(chunk)
    return Response(status_code=204)


app = Starlette(routes=[Route("/{name}", keep, methods=["PATCH"])])
