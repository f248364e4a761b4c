"""The list's page (Spec 4.2)."""

from __future__ import annotations

import reflex as rx

from ingestio.domain.batches import PAGE_SIZES
from ingestio.web import routes
from ingestio.web.batch_actions import confirm_delete
from ingestio.web.batches.rows import batch_row
from ingestio.web.batches.state import FIRST_TIME, LOADING, NONE_FOUND, BatchesState
from ingestio.web.components import tables
from ingestio.web.components.forms import SavedText
from ingestio.web.components.notices import callout, empty
from ingestio.web.shell import shell
from ingestio.web.slots import slots_of

SEARCH_MS = 300
WIDTHS = ("150px", "96px", "180px", "32px", "72px", "72px", "16px")


def batches_page() -> rx.Component:
    """Filter, search, sort, page; rows that change by themselves."""
    return shell(
        routes.BATCHES,
        rx.el.div(
            rx.el.div(rx.el.h1("Batches"), rx.el.p(BatchesState.in_work, class_name="num lh")),
            rx.el.div(_new_batch(), class_name="acts end"),
            class_name="head",
        ),
        _stale(),
        rx.el.section(
            _tabs(),
            _search(),
            rx.match(
                BatchesState.view,
                (FIRST_TIME, _first_time()),
                (NONE_FOUND, _none_found()),
                rx.fragment(_table(), _pager()),
            ),
            class_name="card",
            aria_label="Batches",
        ),
        confirm_delete(),
    )


def _new_batch() -> rx.Component:
    return rx.link(
        rx.icon("plus", size=16, aria_hidden="true"),
        "New batch",
        href=routes.UPLOAD,
        class_name="btn pri",
        unstyled=True,
    )


def _stale() -> rx.Component:
    return rx.cond(
        BatchesState.is_stale,
        callout(
            "bad",
            "circle_alert",
            "The batches could not be loaded.",
            "Your work is safe.",
            rx.el.button(
                "Try again", type="button", class_name="btn", on_click=BatchesState.refresh
            ),
            role="alert",
        ),
    )


def _tabs() -> rx.Component:
    return rx.el.nav(
        rx.foreach(
            BatchesState.tabs,
            lambda tab: rx.link(
                tab["label"],
                rx.el.span(tab["count"]),
                href=tab["href"],
                aria_current=rx.cond(tab["is_current"], "page", tables.ABSENT),
                unstyled=True,
            ),
        ),
        class_name="tabs",
        aria_label="Filter by status",
    )


def _search() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.icon("search", size=16, aria_hidden="true"),
            SavedText.create(
                value=BatchesState.q,
                revision=BatchesState.q_revision,
                single_line=True,
                save_ms=SEARCH_MS,
                placeholder="Search by name",
                aria_label="Search by name",
                on_save=BatchesState.search,
            ),
            class_name="in srch",
        ),
        class_name="tools",
    )


def _table() -> rx.Component:
    def header(label: str, key: str, class_name: str = "") -> rx.Component:
        return tables.sort_header(
            label, key, sort=BatchesState.sort, on_sort=BatchesState.sort_by, class_name=class_name
        )

    return rx.el.table(
        rx.el.thead(
            rx.el.tr(
                header("Name", "name"),
                header("Status", "status"),
                header("Progress", "progress"),
                header("Pages", "total_pages", "n"),
                header("Submitted", "submitted_at"),
                header("Completed", "completed_at", "lo"),
                tables.hidden_header("Actions"),
            )
        ),
        rx.cond(
            BatchesState.view == LOADING,
            tables.skeleton_rows(WIDTHS),
            rx.el.tbody(*[batch_row(row=place) for place in slots_of(BatchesState)]),
        ),
        class_name="tb cards",
    )


def _pager() -> rx.Component:
    return tables.pager(
        told=BatchesState.told,
        place=BatchesState.place,
        has_previous=BatchesState.has_previous,
        has_next=BatchesState.has_next,
        on_turn=BatchesState.turn,
        more=[
            tables.choice(
                "Batches a page",
                [(str(size), f"{size} a page") for size in PAGE_SIZES],
                value=BatchesState.size,
                on_change=BatchesState.choose_size,
                class_name="size",
            )
        ],
    )


def _first_time() -> rx.Component:
    return empty(
        "layers",
        "Upload your first batch!",
        "PDFs and pictures in, checked values out.",
        _new_batch(),
    )


def _none_found() -> rx.Component:
    return empty(
        "search",
        "No batches found matching your criteria",
        BatchesState.criteria,
        rx.link("Clear filters", href=routes.BATCHES, class_name="btn", unstyled=True),
    )
