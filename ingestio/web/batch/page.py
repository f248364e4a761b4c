"""The batch's page (Spec 4.3): what it is, how far it is, its documents."""

from __future__ import annotations

import reflex as rx

from ingestio.web import routes
from ingestio.web.batch.actions import confirm_delete_document
from ingestio.web.batch.rows import document_row
from ingestio.web.batch.state import LOADING, MISSING, BatchState
from ingestio.web.batch.summary import batch_head, batch_summary
from ingestio.web.batch.views import COUNTER_LOOKS
from ingestio.web.batch_actions import confirm_delete
from ingestio.web.components import tables
from ingestio.web.components.notices import callout, not_found, skeleton
from ingestio.web.shell import shell
from ingestio.web.slots import slots_of

P = BatchState.progress
WIDTHS = ("220px", "96px", "24px", "140px", "72px", "64px")


def batch_page() -> rx.Component:
    """One batch, or that there is none."""
    return shell(
        routes.BATCHES,
        rx.match(
            BatchState.view,
            (MISSING, _missing()),
            (LOADING, _loading()),
            rx.fragment(
                batch_head(),
                _stale(),
                _waits(),
                batch_summary(),
                _documents(rx.el.tbody(*[document_row(row=r) for r in slots_of(BatchState)])),
                confirm_delete(),
                confirm_delete_document(),
            ),
        ),
    )


def _missing() -> rx.Component:
    return not_found(
        "There is no such batch here. It may have been deleted.", routes.BATCHES, "All batches"
    )


def _loading() -> rx.Component:
    return rx.fragment(
        _stale(),
        rx.el.div(skeleton("320px", "30px"), class_name="head late"),
        rx.el.section(
            rx.el.div(skeleton("200px"), skeleton("100%", "10px"), class_name="cb col g4"),
            class_name="card late",
            aria_busy="true",
            aria_label="Summary",
        ),
        _documents(tables.skeleton_rows(WIDTHS)),
    )


def _stale() -> rx.Component:
    return rx.cond(
        BatchState.is_stale,
        callout(
            "bad",
            "circle_alert",
            "The batch could not be loaded.",
            "Your work is safe.",
            rx.el.button("Try again", type="button", class_name="btn", on_click=BatchState.refresh),
            role="alert",
        ),
    )


def _waits() -> rx.Component:
    return rx.cond(
        P["waits"],
        callout(
            "wait",
            "hourglass",
            P["waits"],
            P["waits_until"],
            rx.link("See plans", href=routes.BILLING, class_name="btn", unstyled=True),
        ),
    )


def _documents(body: rx.Component) -> rx.Component:
    def header(label: str, key: str) -> rx.Component:
        return tables.sort_header(label, key, sort=BatchState.sort, on_sort=BatchState.sort_by)

    return rx.el.section(
        rx.el.div(rx.el.h2("Documents"), _filter(), _filter_narrow(), class_name="ch"),
        rx.el.table(
            rx.el.thead(
                rx.el.tr(
                    header("Name", "name"),
                    header("Status", "status"),
                    tables.plain_header("Pages", "n"),
                    tables.plain_header("Prompt used", "lo"),
                    header("Updated", "updated"),
                    tables.hidden_header("Actions"),
                )
            ),
            body,
            class_name="tb cards docs",
            aria_label="Documents",
        ),
        rx.cond(BatchState.pages > 1, _pager()),
        class_name="card mt5",
        aria_label="Documents",
    )


def _filter() -> rx.Component:
    return rx.el.div(
        _segment("All", P["documents"], "all"),
        *[_segment(look.short, P["counts"][look.key], look.key) for look in COUNTER_LOOKS],
        class_name="seg end desk-only",
        role="group",
        aria_label="Filter by status",
    )


def _segment(label: str | rx.Var[str], count: rx.Var[str], key: str | rx.Var[str]) -> rx.Component:
    return rx.el.button(
        label,
        " ",
        count,
        type="button",
        aria_pressed=BatchState.counter == key,
        on_click=BatchState.filter_by(key),
    )


def _filter_narrow() -> rx.Component:
    counted = [(k.key, f"{k.short} {P['counts'][k.key]}") for k in COUNTER_LOOKS]
    return tables.choice(
        "Filter by status",
        [("all", f"All {P['documents']}"), *counted],
        value=BatchState.counter,
        on_change=BatchState.filter_by,
        class_name="end mob",
    )


def _pager() -> rx.Component:
    return tables.pager(
        told=BatchState.told,
        place=f"{BatchState.page} / {BatchState.pages}",
        has_previous=BatchState.page > 1,
        has_next=BatchState.page < BatchState.pages,
        on_turn=BatchState.turn,
    )
