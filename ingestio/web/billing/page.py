"""Billing (Spec 4.5): plan, pages of this period by day, plans, ledger."""

from __future__ import annotations

import reflex as rx

from ingestio.web import routes
from ingestio.web.billing.state import BillingState
from ingestio.web.components import tables
from ingestio.web.components.charts import day_bars
from ingestio.web.components.notices import callout, empty
from ingestio.web.components.plans import plan_cards
from ingestio.web.ledger import ledger_table
from ingestio.web.shell import shell

B = BillingState.balance


def billing_page() -> rx.Component:
    """What one has, what was used, for what."""
    return shell(
        routes.BILLING,
        rx.el.div(
            rx.el.div(rx.el.h1("Billing"), rx.el.p(B["about"], class_name="num lh")),
            class_name="head",
        ),
        rx.cond(BillingState.is_stale, _stale()),
        rx.cond(BillingState.missing != "", _missing()),
        rx.cond(~BillingState.has_payments, _stand_in()),
        rx.el.section(_numbers(), _days(), class_name="card", aria_label="Pages of this period"),
        rx.el.h2("Plans", class_name="over"),
        plan_cards(BillingState.plan, ""),
        _ledger(),
    )


def _stale() -> rx.Component:
    return callout(
        "bad",
        "circle_alert",
        "Plan and pages could not be loaded.",
        "Your work is safe.",
        rx.el.button("Try again", type="button", class_name="btn", on_click=BillingState.refresh),
        role="alert",
    )


def _missing() -> rx.Component:
    return callout(
        "wait",
        "hourglass",
        BillingState.missing,
        "They go on by themselves after an upgrade, a grant of pages, or in the next period.",
    )


def _stand_in() -> rx.Component:
    return callout(
        "info",
        "info",
        "No payment service is set up on this server.",
        "Plans are given by whoever runs it, and nothing is ever billed.",
    )


def _numbers() -> rx.Component:
    return rx.el.div(
        _number("", "Limit this period", B["limit"]),
        _number("used", "Used", B["used"]),
        _number("held", "Held for work", B["held"]),
        _number("rest", "Left", B["left"]),
        class_name="stats c4",
    )


def _number(tone: str, label: str, number: rx.Var[str]) -> rx.Component:
    key = rx.el.span(class_name=f"key {tone}", aria_hidden="true") if tone else rx.fragment()
    return rx.el.div(
        rx.el.div(key, label, class_name="k"),
        rx.el.div(number, class_name="v"),
        rx.el.div("pages", class_name="x"),
        class_name="stat",
    )


def _days() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h2("Pages by day", class_name="h3"),
            rx.el.span(
                rx.el.span(rx.el.span(class_name="key used"), "Used"),
                rx.el.span(rx.el.span(class_name="key held"), "Held"),
                class_name="end sm mut row g4",
                aria_hidden="true",
            ),
            class_name="row",
        ),
        day_bars(BillingState.days, top=BillingState.top, label=BillingState.days_words),
        class_name="cb line-t",
    )


def _ledger() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                rx.el.h2("Ledger"),
                rx.el.p(
                    "Pages are held when a document starts, settled when it is completed, released "
                    "when it fails. Failed and cancelled documents cost nothing.",
                    class_name="sm mut",
                ),
            ),
            class_name="ch",
        ),
        rx.cond(
            BillingState.is_loaded & (BillingState.lines.length() == 0),
            empty("credit_card", "No pages used yet", "Each document has a line here."),
            rx.fragment(
                ledger_table(BillingState.lines, is_loaded=BillingState.is_loaded), _pager()
            ),
        ),
        class_name="card mt5",
        aria_label="Ledger",
    )


def _pager() -> rx.Component:
    return tables.pager(
        told=BillingState.told,
        place=f"{BillingState.page} / {BillingState.pages}",
        has_previous=BillingState.page > 1,
        has_next=BillingState.page < BillingState.pages,
        on_turn=BillingState.turn,
    )
