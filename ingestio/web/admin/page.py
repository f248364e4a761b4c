"""The administrators' page (Spec 4.5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx

from ingestio.web import routes
from ingestio.web.admin.forms import AdminForms, admin_forms
from ingestio.web.admin.ledger import LedgerState, account_ledger
from ingestio.web.admin.state import LOADING, MISSING, AdminState
from ingestio.web.components import menus, tables
from ingestio.web.components.forms import SavedText
from ingestio.web.components.notices import callout, not_found, skeleton
from ingestio.web.components.progress import segmented_bar
from ingestio.web.shell import shell

if TYPE_CHECKING:
    from ingestio.web.admin.views import AccountView

H = AdminState.health
SEARCH_MS = 300


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
                _accounts(),
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


def _accounts() -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2("Accounts"), class_name="ch"),
        rx.el.div(
            rx.el.div(
                rx.icon("search", size=16, aria_hidden="true"),
                SavedText.create(
                    value=AdminState.q,
                    single_line=True,
                    save_ms=SEARCH_MS,
                    placeholder="Search e-mail",
                    aria_label="Search e-mail",
                    on_save=AdminState.search,
                ),
                class_name="in srch",
            ),
            rx.el.span(class_name="sp desk-only"),
            rx.el.button(
                rx.icon("plus", size=16, aria_hidden="true"),
                "Grant pages",
                type="button",
                class_name="btn",
                on_click=AdminForms.ask_grant(""),
            ),
            class_name="tools",
        ),
        _table(),
        tables.pager(
            told=AdminState.told,
            place=f"{AdminState.page} / {AdminState.pages}",
            has_previous=AdminState.page > 1,
            has_next=AdminState.page < AdminState.pages,
            on_turn=AdminState.turn,
        ),
        class_name="card mt5",
        aria_label="Accounts",
    )


def _table() -> rx.Component:
    def header(label: str, key: str, class_name: str = "") -> rx.Component:
        return tables.sort_header(
            label, key, sort=AdminState.sort, on_sort=AdminState.sort_by, class_name=class_name
        )

    return rx.el.table(
        rx.el.thead(
            rx.el.tr(
                header("Account", "email"),
                header("Plan", "plan"),
                tables.plain_header("Balance", "lo"),
                header("Limit", "limit_pages", "n lo"),
                header("Used", "used_pages", "n"),
                header("Reserved", "reserved_pages", "n"),
                header("Left", "left_pages", "n"),
                header("In work", "batches_in_work", "n"),
                header("Failed", "failures", "n"),
                tables.hidden_header("Actions"),
            )
        ),
        rx.el.tbody(rx.foreach(AdminState.rows, _row)),
        class_name="tb cards",
        aria_label="Accounts",
    )


def _row(row: rx.Var[AccountView]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(_account(row), class_name="full doc"),
        rx.el.td(rx.el.span(row["plan"], class_name="bdg tag", title=row["status"])),
        rx.el.td(
            segmented_bar(
                [("used", row["used_share"]), ("held", row["held_share"])],
                label=row["words"],
                now=row["used_share"],
            ),
            class_name="hide lo bal",
        ),
        rx.el.td(row["limit"], class_name="n hide mut lo"),
        rx.el.td(row["used"], class_name="n hide"),
        rx.el.td(row["reserved"], class_name="n hide"),
        rx.el.td(_left(row), class_name="n r med"),
        rx.el.td(row["in_work"], class_name="n hide"),
        rx.el.td(
            rx.el.span(
                row["failures"], class_name=rx.cond(row["has_failures"], "t-bad med", "mut")
            ),
            class_name="n hide",
        ),
        rx.el.td(
            menus.actions_menu(
                f"Actions for {row['email']}",
                menus.item("plus", "Grant pages", AdminForms.ask_grant(row["email"])),
                menus.item("list", "Ledger", LedgerState.choose(row["id"], row["email"])),
            ),
            class_name="n r full",
        ),
        key=row["id"],
    )


def _account(row: rx.Var[AccountView]) -> rx.Component:
    return rx.el.div(
        rx.el.span(row["initials"], class_name="ava org", aria_hidden="true"),
        rx.el.div(
            rx.el.div(row["email"], class_name="nm tr", title=row["email"]),
            rx.el.div(row["role"], class_name="sm mut"),
            class_name="mw0",
        ),
        class_name="row g3 mw0",
    )


def _left(row: rx.Var[AccountView]) -> rx.Component:
    return rx.fragment(
        rx.cond(
            row["is_low"],
            rx.el.span(
                rx.icon("circle_alert", size=14, aria_hidden="true"),
                rx.el.span("Under 10 % left: ", class_name="sr"),
                class_name="c-wait",
                title="Under 10 % left",
            ),
        ),
        " ",
        row["left"],
        rx.el.span(" left", class_name="mobi mut"),
    )
