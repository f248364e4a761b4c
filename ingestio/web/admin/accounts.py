"""The table of accounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx

from ingestio.web.admin.forms import AdminForms
from ingestio.web.admin.ledger import LedgerState
from ingestio.web.admin.state import AdminState
from ingestio.web.components import menus, tables
from ingestio.web.components.forms import SavedText
from ingestio.web.components.progress import segmented_bar

if TYPE_CHECKING:
    from ingestio.web.admin.views import AccountView

SEARCH_MS = 300


def accounts() -> rx.Component:
    """Search, sort, page; what can be done with each."""
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
