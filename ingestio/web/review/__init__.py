"""One document's page beside its values (Spec 4.4, 8), and the queue of those to look at.

Lives here: both pages, what they show (`views`), what a typed value must look like (`values`), and
their states. Does not: what a correction is and whom it may be given by (`services.review`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestio.web import routes
from ingestio.web.review.page import review_page
from ingestio.web.review.queue import QueueState, queue_page
from ingestio.web.review.state import SheetState
from ingestio.web.shell import page_loads

if TYPE_CHECKING:
    import reflex as rx


def add_pages(app: rx.App) -> None:
    """Register the queue and the review of one document."""
    app.add_page(
        queue_page,
        route=routes.REVIEW_QUEUE,
        title="Review · IngestIO",
        on_load=page_loads(QueueState.follow),
    )
    app.add_page(
        review_page,
        route=routes.REVIEW,
        title=SheetState.title,
        on_load=page_loads(SheetState.follow),
    )


__all__ = ["add_pages"]
