"""What the review shows: pure, from a sheet to words and boxes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypedDict

from ingestio.domain.documents import DocumentStatus
from ingestio.domain.wording import advice, short
from ingestio.services.review import FieldState
from ingestio.web import format as fmt
from ingestio.web import routes
from ingestio.web.components.badges import Look
from ingestio.web.kinds import KIND_LABELS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingestio.domain.results import Box
    from ingestio.services.review import ReviewField, ReviewSheet

FIELD_LOOKS: dict[FieldState, Look] = {
    FieldState.READ: Look("mut", "dot", "Read"),
    FieldState.CONFIRMED: Look("c-ok", "circle_check", "Confirmed"),
    FieldState.UNCERTAIN: Look("c-wait", "circle_help", "Uncertain"),
    FieldState.FLAGGED: Look("c-bad", "flag", "Flagged"),
    FieldState.EDITED: Look("c-run", "pencil", "Edited"),
    FieldState.EMPTY: Look("mut", "circle_dashed", "Empty"),
}
BOX_TONES: dict[FieldState, str] = {
    FieldState.READ: "",
    FieldState.CONFIRMED: "ok",
    FieldState.UNCERTAIN: "unc",
    FieldState.FLAGGED: "flag",
    FieldState.EDITED: "",
    FieldState.EMPTY: "",
}
_RIGHT_PART = 0.6
TO_CHECK = frozenset({FieldState.UNCERTAIN, FieldState.FLAGGED})


class FieldView(TypedDict):
    """A value in the list, and its box on the page in percent."""

    name: str
    label: str
    value: str
    state: str
    score: str
    note: str
    is_to_check: bool
    page: int
    has_box: bool
    x: str
    y: str
    width: str
    height: str
    box_class: str
    crop: str
    label_left: str
    label_side: str


class SheetView(TypedDict):
    """What stands above the values."""

    id: str
    name: str
    kind: str
    batch_title: str
    back_href: str
    next_href: str
    pages: int
    review_state: str
    is_completed: bool
    is_part: bool
    why: str
    advice: str
    told: str
    to_check: int
    confirmed: int
    edited: int


class Moved(NamedTuple):
    """Which field is active now, and the page where it stands (0: none)."""

    name: str
    page: int


def sheet_view(sheet: ReviewSheet) -> SheetView:
    """A document under review."""
    document, fields = sheet.document, sheet.fields
    is_failed, code = document.status is DocumentStatus.FAILED, document.error_code or ""
    in_state = {state: sum(f.state is state for f in fields) for state in FieldState}
    return SheetView(
        id=str(document.id),
        name=document.filename,
        kind=KIND_LABELS[sheet.kind] if sheet.kind else "Document",
        batch_title=sheet.batch_title,
        back_href=routes.batch(document.batch_id) if document.batch_id else routes.REVIEW_QUEUE,
        next_href=routes.review(sheet.next_id) if sheet.next_id else "",
        pages=document.pages,
        review_state=document.review_state.value,
        is_completed=document.status is DocumentStatus.COMPLETED,
        is_part=is_failed and bool(fields),
        why=short(code) if is_failed else "There is nothing to review yet: it is not completed.",
        advice=advice(code) if is_failed else "",
        told=fmt.count(len(fields), "field"),
        to_check=sum(in_state[state] for state in TO_CHECK),
        confirmed=in_state[FieldState.CONFIRMED],
        edited=in_state[FieldState.EDITED],
    )


def field_view(field: ReviewField) -> FieldView:
    """A value as the list and the page show it."""
    box = field.box
    return FieldView(
        name=field.name,
        label=field.label,
        value=field.value,
        state=field.state.value,
        score=score(field),
        note=note(field),
        is_to_check=field.state in TO_CHECK,
        page=field.page or 0,
        has_box=box is not None,
        x=_percent(box.x0) if box else "",
        y=_percent(box.y0) if box else "",
        width=_percent(box.x1 - box.x0) if box else "",
        height=_percent(box.y1 - box.y0) if box else "",
        box_class=f"ev {BOX_TONES[field.state]}".strip(),
        crop=_crop(box) if box else "",
        label_left=_label_left(box) if box else "",
        label_side="before" if box and box.x0 > _RIGHT_PART else "",
    )


def _label_left(box: Box) -> str:
    """Where the box's label begins; on the right part of the page it ends there instead."""
    return f"{_percent(box.x1 if box.x0 > _RIGHT_PART else box.x0)}%"


def _percent(share: float) -> str:
    return f"{100 * share:.2f}"


def _crop(box: Box) -> str:
    """Moves the middle of a box on the page's picture to the middle of its frame."""
    return f"translate({-50 * (box.x0 + box.x1):.2f}%, {-50 * (box.y0 + box.y1):.2f}%)"


def score(field: ReviewField) -> str:
    """What stands at the end of the row. An edited value has lost its score."""
    match field.state:
        case FieldState.READ:
            return f"{field.confidence:.2f}"
        case FieldState.UNCERTAIN | FieldState.FLAGGED:
            return f"{FIELD_LOOKS[field.state].word} {field.confidence:.2f}"
        case FieldState.CONFIRMED | FieldState.EDITED:
            return FIELD_LOOKS[field.state].word
        case FieldState.EMPTY:
            return ""


def note(field: ReviewField) -> str:
    """Why a value is marked, in a line; empty where it is not."""
    match field.state:
        case FieldState.EDITED if field.original:
            return f"Edited by you. Was “{field.original}”"
        case FieldState.EDITED:
            return "Added by you."
        case FieldState.FLAGGED:
            return "The text that it was read from is not on the page as quoted."
        case FieldState.UNCERTAIN if field.quote:
            return f"Read from “{field.quote}”."
        case _:
            return ""


def moved(fields: Sequence[FieldView], active: str, steps: int) -> Moved:
    """So many fields down (or up); stays within the list."""
    names = [field["name"] for field in fields]
    if not names:
        return Moved("", 0)
    at = names.index(active) + steps if active in names else 0
    return _at(fields[min(max(0, at), len(names) - 1)])


def next_to_check(fields: Sequence[FieldView], active: str) -> Moved:
    """The next value that a person should look at, from the active one on and round; itself last.

    Where none is left, the next one in the list.
    """
    names = [field["name"] for field in fields]
    at = names.index(active) + 1 if active in names else 0
    round_trip = [*fields[at:], *fields[:at]]
    found = [f for f in round_trip if f["is_to_check"] and f["name"] != active]
    return _at(found[0]) if found else moved(fields, active, 1)


def _at(field: FieldView) -> Moved:
    return Moved(field["name"], field["page"])
