"""For whoever runs it: health, readiness, figures, and the processor's trigger (Spec 6.1, 9.2).

Answers without a user; what may not be seen by everybody asks for a secret or the machine itself.
"""

from __future__ import annotations

import hmac
import ipaddress
import os
import threading
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Header, Request, Response
from starlette.responses import PlainTextResponse

from ingestio.api import figures
from ingestio.api.figures import figure
from ingestio.api.identity import bearer
from ingestio.bootstrap import call, services
from ingestio.config import MIN_SECRET_CHARS
from ingestio.domain.accounts import OPERATOR
from ingestio.domain.beats import LATE_AFTER
from ingestio.errors import NotFound, NotSignedIn, Unavailable

if TYPE_CHECKING:
    from pydantic import SecretStr

router = APIRouter()
PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")


@router.api_route("/health", methods=["GET", "HEAD"])
async def health() -> dict[str, str]:
    """It serves."""
    return {"status": "ok"}


@router.api_route("/ready", methods=["GET", "HEAD"])
async def ready() -> dict[str, object]:
    """It serves, the records answer, and its scheduler sweeps; 503 where one of them fails.

    `swept_s_ago` is null in a process that serves pages only.
    """
    processor = services().processor
    state, late_s = await call(processor.state), processor.pulse.own_late_s
    if late_s is not None and late_s > LATE_AFTER.total_seconds():
        raise Unavailable(f"This process should sweep, and has not for {late_s:.0f} s.")
    return {
        "status": "ready",
        "processor_paused": state.is_paused,
        "reason": state.reason,
        "swept_s_ago": late_s,
    }


@router.post("/batch-processor")
async def run_processor(
    authorization: Annotated[str | None, Header()] = None,
) -> dict[str, int]:
    """What the scheduler does, for an outside cron."""
    secret = services().settings.cron_secret
    if len(secret.get_secret_value()) < MIN_SECRET_CHARS:
        raise Unavailable(f"Set CRON_SECRET, {MIN_SECRET_CHARS} characters or more, to use this.")
    _require(secret, authorization)
    return {"claimed": await call(services().processor.run_once)}


async def metrics(request: Request) -> Response:
    """Figures in Prometheus's text format, for this machine or whoever has the token."""
    token = services().settings.metrics_token
    if not _is_this_machine(request):
        if not token.get_secret_value():
            raise NotFound
        _require(token, request.headers.get("authorization"))
    shown = figures.of_queue(await call(services().admin.queue, OPERATOR))
    shown += [
        figure("ingestio_open_pages", "Pages that are open", services().feed.open_pages),
        figure("process_resident_memory_bytes", "Memory in use", await call(_resident_bytes)),
        figure("process_threads", "Threads", threading.active_count()),
    ]
    return PlainTextResponse(figures.text_of(shown), media_type="text/plain; version=0.0.4")


def _require(secret: SecretStr, header: str | None) -> None:
    """The secret as a bearer token, compared in constant time.

    Raises:
        NotSignedIn
    """
    given = bearer(header or "") or ""
    if not hmac.compare_digest(given.encode(), secret.get_secret_value().encode()):
        raise NotSignedIn("Send the secret as Authorization: Bearer ...")


def _is_this_machine(request: Request) -> bool:
    """A loopback peer that no proxy speaks for."""
    is_forwarded = "x-forwarded-for" in request.headers or "forwarded" in request.headers
    try:
        peer = ipaddress.ip_address(request.client.host if request.client else "")
    except ValueError:
        return False
    return peer.is_loopback and not is_forwarded


def _resident_bytes() -> int:
    try:
        with open("/proc/self/statm") as file:  # noqa: PTH123
            return int(file.read().split()[1]) * PAGE_BYTES
    except OSError:
        return 0
