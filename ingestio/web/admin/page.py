"""The administrators' page (Spec 4.5)."""

from __future__ import annotations

import reflex as rx

from ingestio.web import routes
from ingestio.web.admin.accounts import accounts
from ingestio.web.admin.forms import AdminForms, admin_forms
from ingestio.web.admin.ledger import account_ledger
from ingestio.web.admin.state import LOADING, MISSING, AdminState
from ingestio.web.components.notices import callout, not_found, skeleton
from ingestio.web.shell import shell

H = AdminState.health


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
                _processor(),
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


def _processor() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Processor"),
            rx.cond(
                H["is_paused"],
                _badge("wait", "circle_pause", f"Paused: {H['reason']}"),
                _badge("ok", "activity", "Running"),
            ),
            rx.cond(
                H["is_paused"],
                _button("circle_play", "Resume", AdminState.resume),
                _button("circle_pause", "Pause with a reason", AdminForms.ask_pause),
            ),
            class_name="ch",
        ),
        rx.el.div(
            _number("In work", H["in_work"], "documents"),
            _number("Queued", H["waiting"], "documents"),
            _number("Oldest queued", H["oldest"], ""),
            _number("Waiting for quota", H["for_quota"], "documents"),
            _number("Throughput", H["last_hour"], "documents ended in the last hour"),
            class_name="stats c5",
        ),
        class_name="card",
        aria_label="Processor",
    )


def _badge(tone: str, icon: str, words: str | rx.Var[str]) -> rx.Component:
    return rx.el.span(
        rx.icon(icon, size=14, aria_hidden="true"), words, class_name=f"bdg {tone}", role="status"
    )


def _button(icon: str, label: str, on_click: rx.EventHandler) -> rx.Component:
    return rx.el.button(
        rx.icon(icon, size=16, aria_hidden="true"),
        label,
        type="button",
        class_name="btn end",
        on_click=on_click,
    )


def _number(label: str, number: rx.Var[str], unit: str) -> rx.Component:
    return rx.el.div(
        rx.el.div(label, class_name="k"),
        rx.el.div(number, class_name="v"),
        rx.el.div(unit, class_name="x"),
        class_name="stat",
    )
