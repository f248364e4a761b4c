"""The administrators' page (Spec 4.5)."""

from __future__ import annotations

import reflex as rx

from ingestio.web import routes
from ingestio.web.admin.accounts import accounts
from ingestio.web.admin.forms import admin_forms
from ingestio.web.admin.ledger import account_ledger
from ingestio.web.admin.processor import processor
from ingestio.web.admin.state import LOADING, MISSING, AdminState
from ingestio.web.components.notices import callout, not_found, skeleton
from ingestio.web.shell import shell


def admin_page() -> rx.Component:
    """Queue, accounts and grants; for everybody else there is no such page."""
    return shell(
        routes.ADMIN,
        rx.match(
            AdminState.view,
            (
                MISSING,
                not_found("There is no such page here.", routes.DASHBOARD, "To the dashboard"),
            ),
            (LOADING, rx.el.div(_stale(), skeleton("200px", "30px"), class_name="col g4 late")),
            rx.fragment(
                rx.el.div(
                    rx.el.div(rx.el.h1("Admin"), rx.el.p("Queue, accounts and grants")),
                    rx.el.div(_refresh(), class_name="acts end"),
                    class_name="head",
                ),
                _stale(),
                processor(),
                accounts(),
                account_ledger(),
                admin_forms(),
            ),
        ),
    )


def _refresh() -> rx.Component:
    return rx.el.button(
        rx.icon("refresh_cw", size=16, aria_hidden="true"),
        "Refresh",
        type="button",
        class_name="btn",
        on_click=AdminState.refresh,
    )


def _stale() -> rx.Component:
    return rx.cond(
        AdminState.is_stale,
        callout(
            "bad",
            "circle_alert",
            "Accounts and queue could not be loaded.",
            "Nothing was changed.",
            rx.el.button("Try again", type="button", class_name="btn", on_click=AdminState.refresh),
            role="alert",
        ),
    )
