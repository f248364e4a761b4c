"""All that the wizard shows, read in one go through the owner-checked services."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ingestio.bootstrap import services
from ingestio.errors import PaymentsUnavailable

if TYPE_CHECKING:
    from ingestio.domain.accounts import Actor
    from ingestio.domain.drafts import BatchDraft
    from ingestio.domain.plans import Entitlement
    from ingestio.domain.usage import PageBalance, Quote


class Wizard(NamedTuple):
    """What is true now.

    Without `right` the subscription can't be read; without `draft` there is none yet. `estimate` is
    a measured range in seconds.
    """

    right: Entitlement | None = None
    balance: PageBalance | None = None
    draft: BatchDraft | None = None
    quote: Quote | None = None
    estimate: tuple[float, float] | None = None


def read_wizard(actor: Actor) -> Wizard:
    """Rights, balance, and the open draft with its quote and estimate."""
    try:
        right = services().billing.entitlement(actor)
        balance = services().usage.balance(actor)
    except PaymentsUnavailable:
        return Wizard()
    draft = services().intake.open_draft(actor) if right.may_submit else None
    if draft is None:
        return Wizard(right, balance)
    quote = services().usage.quote(actor, [file.pages or 0 for file in draft.valid_files])
    starts = quote.pages - quote.short_pages
    return Wizard(right, balance, draft, quote, services().batches.estimate(actor, starts))
