"""The batch above its documents: its name and verbs, how far it is, the numbers that add up."""

from __future__ import annotations

import reflex as rx

from ingestio.web import routes
from ingestio.web.batch.state import BatchState
from ingestio.web.batch.views import COUNTER_LOOKS, CounterLook
from ingestio.web.batch_actions import BatchActions
from ingestio.web.components import menus
from ingestio.web.components.badges import batch_badge
from ingestio.web.components.names import Elapsed, ago
from ingestio.web.tallies import counts_bar

H, P = BatchState.head, BatchState.progress
FORMATS = (("csv", "CSV"), ("xlsx", "Excel (XLSX)"), ("json", "JSON"))


def batch_head() -> rx.Component:
    """Where one is, what it is called, what can be done with it."""
    return rx.fragment(
        rx.el.nav(
            rx.link("Batches", href=routes.BATCHES, unstyled=True),
            rx.icon("chevron_right", size=14, aria_hidden="true"),
            rx.el.span(H["title"], class_name="tr"),
            class_name="crumb",
            aria_label="Breadcrumb",
        ),
        rx.el.div(
            rx.el.div(
                rx.el.div(
                    rx.el.h1(H["title"], class_name="brk"),
                    rx.el.span(batch_badge(P["status"]), role="status"),
                    class_name="row g3 wrap",
                ),
                _identity(),
                class_name="mw0",
            ),
            _verbs(),
            class_name="head",
        ),
    )


def _identity() -> rx.Component:
    return rx.el.p(
        rx.el.span(H["short_id"], class_name="mono", title=H["id"]),
        rx.el.button(
            rx.icon("copy", size=14, aria_hidden="true"),
            type="button",
            class_name="ib tiny",
            aria_label="Copy the batch's id",
            title="Copy the batch's id",
            on_click=rx.set_clipboard(H["id"]),
        ),
        rx.el.span(H["strategy"]),
        class_name="row g6p",
    )


def _verbs() -> rx.Component:
    return rx.el.div(
        rx.cond(
            P["results"],
            menus.button_menu(
                "download",
                f"Export {P['results']}",
                *[
                    menus.download_item(
                        "file_down", label, f"/api/v1/batches/{H['id']}/export?format={name}"
                    )
                    for name, label in FORMATS
                ],
            ),
        ),
        rx.cond(
            P["may_retry"],
            rx.el.button(
                rx.icon("rotate_ccw", size=16, aria_hidden="true"),
                "Retry failed",
                type="button",
                class_name="btn",
                on_click=BatchActions.retry_failed(H["id"]),
            ),
        ),
        rx.cond(
            P["may_cancel"],
            rx.el.button(
                "Cancel batch",
                type="button",
                class_name="btn",
                on_click=BatchActions.cancel(H["id"]),
            ),
        ),
        menus.actions_menu(
            "More actions",
            menus.item("trash_2", "Delete batch", BatchActions.ask_delete(H["id"])),
            class_name="ib sq",
        ),
        class_name="acts end row",
    )


def batch_summary() -> rx.Component:
    """The sentence, the bar, the six counters, the times."""
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                rx.el.span(P["ended"], class_name="b big", role="status"),
                rx.el.span(P["remaining"], class_name="end mut"),
                class_name="row num sum",
            ),
            counts_bar(P["bar"], P["bar_class"]),
            class_name="cb sumb",
        ),
        rx.el.div(*[_counter(look) for look in COUNTER_LOOKS], class_name="stats line-t"),
        _facts(),
        rx.cond(H["prompt"], _prompt()),
        class_name="card",
        aria_label="Summary",
    )


def _counter(look: CounterLook) -> rx.Component:
    """A number that filters the documents below by itself."""
    return rx.el.button(
        rx.el.span(
            rx.el.span(class_name=f"key {look.tone}", aria_hidden="true"),
            look.label,
            class_name="k",
        ),
        rx.el.span(P["counts"][look.key], class_name="v"),
        rx.el.span(P["counted"][look.key], class_name="x"),
        type="button",
        class_name="stat",
        aria_pressed=BatchState.counter == look.key,
        on_click=BatchState.filter_by(look.key),
    )


def _facts() -> rx.Component:
    return rx.el.dl(
        _fact("Pages", P["pages"]),
        _fact(rx.cond(P["completed"], "Charged", "Charged so far"), P["charged"]),
        _fact("Submitted", ago(H["submitted"])),
        _fact("Started", ago(P["started"])),
        _fact("Completed", ago(P["completed"])),
        _fact("Elapsed", Elapsed.create(since=P["started"], until=P["completed"])),
        class_name="meta six",
    )


def _fact(label: str | rx.Component, value: rx.Var[str] | rx.Component) -> rx.Component:
    return rx.el.div(rx.el.dt(label), rx.el.dd(value))


def _prompt() -> rx.Component:
    folded = H["is_prompt_long"] & ~BatchState.is_prompt_open
    return rx.el.div(
        rx.el.span("Global prompt", class_name="sm mut"),
        rx.el.p(H["prompt"], class_name=rx.cond(folded, "pre fold", "pre")),
        rx.cond(
            H["is_prompt_long"],
            rx.el.button(
                rx.cond(BatchState.is_prompt_open, "Show less", "Show more"),
                type="button",
                class_name="lkb",
                aria_expanded=BatchState.is_prompt_open,
                on_click=BatchState.toggle_prompt,
            ),
        ),
        class_name="gprompt",
    )
