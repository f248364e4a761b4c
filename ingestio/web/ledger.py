"""The ledger as the pages show it: a user's own, and an account's for administrators."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import reflex as rx

from ingestio.domain.usage import UsageState
from ingestio.web import format as fmt
from ingestio.web import routes
from ingestio.web.components import tables
from ingestio.web.components.badges import Look, look_icon
from ingestio.web.components.names import ago, middle_name

if TYPE_CHECKING:
    from ingestio.domain.usage import UsageEntry

LINES = 20
"""Lines a page."""
ENTRY_LOOKS: dict[UsageState, Look] = {
    UsageState.SETTLED: Look("st ok", "circle_check", "Settled"),
    UsageState.HELD: Look("st run", "loader_circle", "Held"),
    UsageState.RELEASED: Look("st q", "rotate_ccw", "Released"),
}


class EntryView(TypedDict):
    """A line of the ledger."""

    id: str
    at: str
    name: str
    head: str
    tail: str
    href: str
    about: str
    state: str
    reserved: str
    settled: str
    released: str


def entry_view(entry: UsageEntry) -> EntryView:
    """A line: held when its document starts, then settled or released."""
    name = entry.filename or "Deleted document"
    head, tail = fmt.middle(name)
    pages = f"{entry.pages:,}"
    return EntryView(
        id=f"{entry.document_id}:{entry.generation}",
        at=fmt.iso(entry.at),
        name=name,
        head=head,
        tail=tail,
        href=routes.batch(entry.batch_id) if entry.batch_id else "",
        about=f" {fmt.count(entry.pages, 'page')}",
        state=entry.state.value,
        reserved=pages,
        settled=pages if entry.state is UsageState.SETTLED else fmt.NONE,
        released=pages if entry.state is UsageState.RELEASED else fmt.NONE,
    )


def ledger_table(lines: rx.Var[list[EntryView]], *, is_loaded: rx.Var[bool] | bool) -> rx.Component:
    """The lines of a page: when, which document, how it stands, how many pages."""
    return rx.el.table(
        rx.el.thead(
            rx.el.tr(
                tables.plain_header("Time"),
                tables.plain_header("Document"),
                tables.plain_header("State"),
                tables.plain_header("Reserved", "n"),
                tables.plain_header("Settled", "n"),
                tables.plain_header("Released", "n"),
            )
        ),
        rx.cond(
            is_loaded,
            rx.el.tbody(rx.foreach(lines, _line)),
            tables.skeleton_rows(("72px", "220px", "80px", "32px", "32px", "32px")),
        ),
        class_name="tb dense cards",
    )


def _line(line: rx.Var[EntryView]) -> rx.Component:
    name = middle_name(line["head"], line["tail"], line["name"])
    return rx.el.tr(
        rx.el.td(ago(line["at"]), class_name="mut nw hide"),
        rx.el.td(
            rx.cond(
                line["href"] != "",
                rx.link(name, href=line["href"], class_name="lk", unstyled=True),
                name,
            ),
            rx.el.span(line["about"], class_name="mobi sm mut num"),
            class_name="doc",
        ),
        rx.el.td(_state(line["state"]), class_name="r"),
        rx.el.td(line["reserved"], class_name="n hide"),
        rx.el.td(line["settled"], class_name="n hide"),
        rx.el.td(line["released"], class_name="n hide"),
        key=line["id"],
    )


def _state(state: rx.Var[str]) -> rx.Component:
    cases = [
        (name.value, rx.el.span(look_icon(look, 16), look.word, class_name=look.tone))
        for name, look in ENTRY_LOOKS.items()
    ]
    return rx.match(state, *cases, rx.fragment())
