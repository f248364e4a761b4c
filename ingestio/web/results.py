"""A completed document in a line: on the dashboard, in the queue of the review."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import reflex as rx

from ingestio.web import format as fmt
from ingestio.web import routes
from ingestio.web.kinds import KIND_LABELS

if TYPE_CHECKING:
    from ingestio.domain.documents import DocumentRow


class ResultView(TypedDict):
    """What the line says."""

    id: str
    name: str
    head: str
    tail: str
    is_picture: bool
    kind: str
    to_check: str
    pages: str
    updated: str
    href: str


def result_view(document: DocumentRow) -> ResultView:
    """The line of a document."""
    head, tail = fmt.middle(document.filename)
    to_check = document.values_to_check
    return ResultView(
        id=str(document.id),
        name=document.filename,
        head=head,
        tail=tail,
        is_picture=fmt.is_picture(document.filename),
        kind=KIND_LABELS[document.kind] if document.kind else "Document",
        to_check=f"{fmt.count(to_check, 'value')} to check" if to_check else "",
        pages=f"{document.pages:,}",
        updated=fmt.iso(document.updated_at),
        href=routes.review(document.id),
    )


def to_check(words: rx.Var[str]) -> rx.Component:
    """How many values are to check, or that none is."""
    return rx.cond(
        words != "",
        rx.el.span(
            rx.icon("circle_help", size=14, aria_hidden="true"),
            words,
            class_name="st wait sm",
        ),
        rx.el.span(
            rx.icon("circle_check", size=14, aria_hidden="true"),
            "Nothing to check",
            class_name="st ok sm",
        ),
    )
