"""Names and times, shortened without lying."""

from __future__ import annotations

import reflex as rx

TIMES = "$/public/ingest_times.js"


class Ago(rx.Component):
    """A moment as a distance that keeps itself right; its exact time on hover, a dash for none."""

    library = TIMES
    tag = "Ago"

    moment: rx.Var[str]


class Elapsed(rx.Component):
    """How long something has taken; counts on while `until` is empty."""

    library = TIMES
    tag = "Elapsed"

    since: rx.Var[str]
    until: rx.Var[str]


class Time(rx.Component):
    """A moment as the reader's clock showed it, `10:42`; with its day where that was another."""

    library = TIMES
    tag = "Time"

    moment: rx.Var[str]


class Until(rx.Component):
    """How long until a moment, counted down: `in 30 s`; `now` once it has come, and for none."""

    library = TIMES
    tag = "Until"

    moment: rx.Var[str]


class After(rx.Component):
    """Nothing to see: tells once that so many milliseconds are over."""

    library = TIMES
    tag = "After"

    ms: rx.Var[int]
    on_done: rx.EventHandler[rx.event.no_args_event_spec]


def middle_name(
    head: rx.Var[str] | str, tail: rx.Var[str] | str, full: rx.Var[str] | str
) -> rx.Component:
    """A file's name that shrinks in its middle: the last letters always stay."""
    return rx.el.span(
        rx.el.span(head, class_name="tr"), rx.el.span(tail), class_name="nm mt", title=full
    )


def ago(iso: rx.Var[str] | str) -> rx.Component:
    """An ISO 8601 moment as a distance; empty for none."""
    return Ago.create(moment=iso)
