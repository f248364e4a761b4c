"""The front door: pages, API, walls and the processor in one process."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from ingestio import bootstrap, scheduler
from ingestio.api.app import build_api, walls
from ingestio.web.app import build_app

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


@asynccontextmanager
async def serving() -> AsyncGenerator[None]:
    """The server's life: helpers first, then the processor that needs them; ended in reverse."""
    made = bootstrap.services()
    waker = scheduler.Scheduler(
        made.processor,
        made.queue,
        made.settings.data_dir,
        sweep_s=made.settings.sweep_s,
        recover=made.intake.recover,
        tidy=bootstrap.tidy,
    )
    async with bootstrap.running(), scheduler.running(waker):
        yield


app = build_app(around=[build_api(), walls], lifespans=[serving])
