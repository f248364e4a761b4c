"""The dashboard (Spec 4.5)."""

from __future__ import annotations

import reflex as rx

from ingestio.web import routes
from ingestio.web.components import tables
from ingestio.web.components.names import ago, middle_name
from ingestio.web.components.notices import callout, empty, skeleton
from ingestio.web.components.progress import segmented_bar
from ingestio.web.dashboard.state import DashboardState
from ingestio.web.dashboard.views import FAILED, TO_CHECK, Attention, InWork
from ingestio.web.frame import ShellState
from ingestio.web.meter import balance_or, unknown_balance
from ingestio.web.results import ResultView, to_check
from ingestio.web.shell import shell
from ingestio.web.tallies import counts_bar


def dashboard_page() -> rx.Component:
    """What to do now, what happens by itself, what came out."""
    return shell(
        routes.DASHBOARD,
        rx.el.div(
            rx.el.div(rx.el.h1("Dashboard"), rx.el.p(DashboardState.today, class_name="lh")),
            rx.el.div(_new_batch(), class_name="acts end"),
            class_name="head",
        ),
        rx.cond(DashboardState.is_stale, _stale()),
        rx.el.div(
            rx.el.div(
                rx.cond(
                    DashboardState.is_new, _first_time(), rx.fragment(_attention(), _results())
                ),
                class_name="col g20",
            ),
            rx.el.div(_pages_left(), _in_work(), class_name="col g20"),
            class_name="grid2",
        ),
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
    return callout(
        "bad",
        "circle_alert",
        "The dashboard could not be loaded.",
        "Your work is safe.",
        rx.el.button("Try again", type="button", class_name="btn", on_click=DashboardState.refresh),
        role="alert",
    )


def _first_time() -> rx.Component:
    return rx.el.section(
        empty(
            "layers",
            "Upload your first batch!",
            "PDFs and pictures in, checked values out.",
            _new_batch(),
        ),
        class_name="card",
        aria_label="First steps",
    )


def _attention() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Needs attention"),
            rx.el.span(DashboardState.attention_count, class_name="mut num"),
            class_name="ch",
        ),
        rx.cond(
            DashboardState.is_loaded,
            rx.cond(
                DashboardState.attention.length() > 0,
                rx.el.ul(rx.foreach(DashboardState.attention, _attention_line)),
                rx.el.p("Nothing needs you now.", class_name="cb mut"),
            ),
            rx.el.div(skeleton("60%"), class_name="cb late"),
        ),
        class_name="card",
        aria_label="Needs attention",
    )


def _attention_line(line: rx.Var[Attention]) -> rx.Component:
    return rx.el.li(
        rx.match(
            line["kind"],
            (FAILED, rx.icon("circle_x", size=20, class_name="c-bad", aria_hidden="true")),
            (TO_CHECK, rx.icon("circle_help", size=20, class_name="c-wait", aria_hidden="true")),
            rx.icon("hourglass", size=20, class_name="c-wait", aria_hidden="true"),
        ),
        rx.el.div(
            rx.el.div(line["title"], class_name="med brk"),
            rx.el.div(line["text"], class_name="mut"),
            class_name="tx",
        ),
        rx.link(line["action"], href=line["href"], class_name="btn", unstyled=True),
        class_name="li",
    )


def _results() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Recent results"),
            rx.link("All batches", href=routes.BATCHES, class_name="end", unstyled=True),
            class_name="ch",
        ),
        rx.cond(
            DashboardState.is_loaded & (DashboardState.results.length() == 0),
            rx.el.p("Nothing new since the last review.", class_name="cb mut"),
            rx.el.table(
                rx.el.thead(
                    rx.el.tr(
                        tables.plain_header("Document"),
                        tables.plain_header("Type"),
                        tables.plain_header("Pages", "n"),
                        tables.plain_header("Review"),
                    )
                ),
                rx.cond(
                    DashboardState.is_loaded,
                    rx.el.tbody(rx.foreach(DashboardState.results, _result)),
                    tables.skeleton_rows(("220px", "80px", "24px", "96px"), rows=3),
                ),
                class_name="tb cards",
            ),
        ),
        class_name="card",
        aria_label="Recent results",
    )


def _result(row: rx.Var[ResultView]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(
            rx.link(
                middle_name(row["head"], row["tail"], row["name"]),
                href=row["href"],
                class_name="lk",
                unstyled=True,
            ),
            rx.el.div(ago(row["updated"]), class_name="sm mut"),
            class_name="full doc",
        ),
        rx.el.td(row["kind"], class_name="nw"),
        rx.el.td(row["pages"], class_name="n hide"),
        rx.el.td(to_check(row["to_check"]), class_name="nw r"),
        key=row["id"],
    )


def _pages_left() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.div("Pages left", class_name="mut"),
            balance_or(
                _balance(),
                waiting=rx.el.div(
                    skeleton("96px", "40px"), skeleton("100%", "10px"), class_name="col g3 late"
                ),
                unknown=unknown_balance(),
            ),
            rx.link("Plans and ledger", href=routes.BILLING, class_name="btn wid", unstyled=True),
            class_name="cb",
        ),
        class_name="card",
        aria_label="Pages left",
    )


def _balance() -> rx.Component:
    return rx.fragment(
        rx.el.div(
            rx.el.span(ShellState.left_words, class_name="bigq"),
            rx.el.span(
                f"of {ShellState.limit_words}, until {ShellState.renews_on}",
                class_name="mut num",
            ),
            class_name="row base",
        ),
        segmented_bar(
            [("used", ShellState.used_share), ("held", ShellState.held_share)],
            label=ShellState.meter_words,
            size="lg",
            now=ShellState.used_share,
        ),
        rx.el.div(
            rx.el.span(rx.el.span(class_name="key used"), ShellState.used_words),
            rx.el.span(rx.el.span(class_name="key held"), f"{ShellState.held_words} for work"),
            class_name="row sm mut num keyrow",
        ),
    )


def _in_work() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2("In work"),
            rx.cond(
                DashboardState.is_loaded,
                rx.el.span(DashboardState.in_work_count, class_name="mut num"),
            ),
            rx.cond(
                DashboardState.in_work_count > DashboardState.in_work.length(),
                rx.link("All of them", href=routes.BATCHES, class_name="end", unstyled=True),
            ),
            class_name="ch",
        ),
        rx.cond(
            DashboardState.is_loaded,
            rx.cond(
                DashboardState.in_work_count > 0,
                rx.el.ul(rx.foreach(DashboardState.in_work, _batch)),
                rx.el.p("Nothing in work.", class_name="cb mut"),
            ),
            rx.el.div(skeleton("60%"), class_name="cb late"),
        ),
        class_name="card",
        aria_label="In work",
    )


def _batch(batch: rx.Var[InWork]) -> rx.Component:
    return rx.el.li(
        rx.el.div(
            rx.el.div(
                rx.link(batch["title"], href=batch["href"], class_name="nm tr", unstyled=True),
                rx.el.span(batch["told"], class_name="end sm mut num nw"),
                class_name="row gap8",
            ),
            counts_bar(batch["bar"]),
            class_name="tx",
        ),
        class_name="li",
        key=batch["id"],
    )
