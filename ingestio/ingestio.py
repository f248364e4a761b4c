"""The front door: pages, API, walls and the processor in one process."""

from __future__ import annotations

from ingestio.api.app import build_api, walls
from ingestio.bootstrap import running
from ingestio.scheduler import scheduling
from ingestio.web.app import build_app

app = build_app(around=[build_api(), walls], lifespans=[running, scheduling])
