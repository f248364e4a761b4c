"""The wizard: files, prompts, review, submit (Spec 4.1).

Lives here: its page, its three steps and their states. Does not: what a draft may hold (`domain`),
keeping it (`services.intake`). The draft lives on the server; a state shows it, no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestio.web import routes
from ingestio.web.shell import page_loads
from ingestio.web.upload.page import upload_page
from ingestio.web.upload.prompts import PromptsState
from ingestio.web.upload.state import UploadState

if TYPE_CHECKING:
    import reflex as rx


def add_pages(app: rx.App) -> None:
    """Register the wizard."""
    app.add_page(
        upload_page,
        route=routes.UPLOAD,
        title="New Batch Upload · IngestIO",
        on_load=page_loads(UploadState.load, PromptsState.load, UploadState.follow),
    )


__all__ = ["add_pages"]
