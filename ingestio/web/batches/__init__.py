"""The list of batches (Spec 4.2).

Lives here: what of the list is wanted (`query`, all of it in the address), its state and its rows.
Does not: what may be done with a batch (`web/batch_actions.py`, shared with the batch's own page).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestio.web import routes
from ingestio.web.batches.page import batches_page
from ingestio.web.batches.state import BatchesState
from ingestio.web.shell import page_loads

if TYPE_CHECKING:
    import reflex as rx


def add_pages(app: rx.App) -> None:
    """Register the list."""
    app.add_page(
        batches_page,
        route=routes.BATCHES,
        title="Batches · IngestIO",
        on_load=page_loads(BatchesState.follow),
    )


__all__ = ["add_pages"]
