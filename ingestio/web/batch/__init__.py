"""One batch and its documents, live (Spec 4.3).

Lives here: its page, what it shows (`views`), its state, and what may be done with one document.
Does not: the batch's own verbs (`web/batch_actions.py`), the review of a document (`web/review`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestio.web import routes
from ingestio.web.batch.page import batch_page
from ingestio.web.batch.state import BatchState
from ingestio.web.shell import page_loads

if TYPE_CHECKING:
    import reflex as rx


def add_pages(app: rx.App) -> None:
    """Register the page."""
    app.add_page(
        batch_page,
        route=routes.BATCH,
        title=BatchState.title,
        on_load=page_loads(BatchState.follow),
    )


__all__ = ["add_pages"]
