"""Plan, balance and ledger (Spec 4.5).

Lives here: the page and what it shows. Does not: who is charged what (`domain.usage`), and paying.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ingestio.web import routes
from ingestio.web.billing.page import billing_page
from ingestio.web.billing.state import BillingState
from ingestio.web.shell import page_loads

if TYPE_CHECKING:
    import reflex as rx


def add_pages(app: rx.App) -> None:
    """Register the page."""
    app.add_page(
        billing_page,
        route=routes.BILLING,
        title="Billing · IngestIO",
        on_load=page_loads(BillingState.follow),
    )


__all__ = ["add_pages"]
