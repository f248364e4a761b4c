"""The processor's card: the queue's figures, what failed and why, pause and resume."""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx

from ingestio.web.admin.forms import AdminForms
from ingestio.web.admin.state import AdminState
from ingestio.web.components import tables
from ingestio.web.components.names import Elapsed, ago

if TYPE_CHECKING:
    from ingestio.web.admin.views import FailureView

H = AdminState.health


def processor() -> rx.Component:
    """How it is doing, live."""
    return rx.el.section(
        rx.el.div(
            rx.el.h2("Processor"),
            rx.cond(
                H["is_paused"],
                _badge("wait", "circle_pause", "Paused"),
                rx.cond(
                    H["is_stuck"],
                    _badge("bad", "circle_alert", "Nobody sweeps"),
                    rx.cond(
                        H["is_away"],
                        _badge("wait", "cloud_off", "AI provider away"),
                        _badge("ok", "activity", "Running"),
                    ),
                ),
            ),
            rx.cond(
                H["is_paused"],
                _button("circle_play", "Resume", AdminState.resume),
                _button("circle_pause", "Pause with a reason", AdminForms.ask_pause),
            ),
            class_name="ch",
        ),
        _pause(),
        rx.el.div(
            _number("In work", H["in_work"], "documents"),
            _number("Queued", H["waiting"], "documents"),
            _number(
                "Oldest queued",
                Elapsed.create(since=H["oldest_at"], until=""),
                "since submitted or retried",
            ),
            _number("Waiting for quota", H["for_quota"], "documents"),
            _number("Throughput", H["last_hour"], "documents finished in the last hour"),
            class_name=rx.cond(H["is_paused"], "stats c5 line-t", "stats c5"),
        ),
        rx.el.dl(
            _fact("Put back, tried later", H["put_back"]),
            _fact(
                "Leases to take over",
                rx.el.span(H["dead_leases"], class_name=rx.cond(H["has_dead"], "t-bad", "")),
            ),
            _fact("Failed in the last day", H["failed"]),
            _fact("Mails to send", H["mails"]),
            _fact("Last sweep", H["swept"]),
            _fact("Processors", H["processors"]),
            class_name="meta six num",
        ),
        rx.cond(
            H["trouble"] != "",
            rx.el.p("Trouble in the last hour: ", H["trouble"], class_name="cb t-bad brk line-t"),
        ),
        rx.cond(AdminState.failures.length() > 0, _failures()),
        class_name="card",
        aria_label="Processor",
    )


def _pause() -> rx.Component:
    """Why it stands still, and since when: what everybody else is told too."""
    return rx.cond(
        H["is_paused"],
        rx.el.p(
            "Paused ",
            ago(H["paused_at"]),
            ": ",
            rx.el.span(H["reason"], class_name="med brk"),
            ". Everybody is told so. What is in work ends, nothing new is begun.",
            class_name="cb mut",
        ),
    )


def _failures() -> rx.Component:
    return rx.el.table(
        rx.el.thead(
            rx.el.tr(
                tables.plain_header("Why documents failed in the last day"),
                tables.plain_header("Code"),
                tables.plain_header("Documents", "n"),
            )
        ),
        rx.el.tbody(rx.foreach(AdminState.failures, _failure)),
        class_name="tb cards line-t",
        aria_label="Failures by code",
    )


def _failure(row: rx.Var[FailureView]) -> rx.Component:
    return rx.el.tr(
        rx.el.td(row["words"]),
        rx.el.td(rx.el.span(row["code"], class_name="mono"), class_name="hide"),
        rx.el.td(row["documents"], rx.el.span(" failed", class_name="mobi mut"), class_name="n r"),
        key=row["code"],
    )


def _badge(tone: str, icon: str, words: str) -> rx.Component:
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


def _number(label: str, number: rx.Var[str] | rx.Component, unit: str) -> rx.Component:
    return rx.el.div(
        rx.el.div(label, class_name="k"),
        rx.el.div(number, class_name="v"),
        rx.el.div(unit, class_name="x"),
        class_name="stat",
    )


def _fact(label: str, value: rx.Var[str] | rx.Component) -> rx.Component:
    return rx.el.div(rx.el.dt(label), rx.el.dd(value))
