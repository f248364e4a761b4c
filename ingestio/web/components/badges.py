"""A status as icon, word and colour, the same everywhere (Spec 4.3).

The tables are complete over their enums; a test loops over them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import reflex as rx

from ingestio.domain.batches import BatchStatus
from ingestio.domain.documents import DocumentStatus

if TYPE_CHECKING:
    from collections.abc import Mapping
    from enum import StrEnum


class Look(NamedTuple):
    """How a status looks: a class of the stylesheet, an icon, a word."""

    tone: str
    icon: str
    word: str


BATCH_LOOKS: dict[BatchStatus, Look] = {
    BatchStatus.PENDING_UPLOAD: Look("", "upload", "Draft"),
    BatchStatus.QUEUED: Look("", "clock", "Queued"),
    BatchStatus.PROCESSING: Look("run", "loader_circle", "Processing"),
    BatchStatus.WAITING_FOR_QUOTA: Look("wait", "hourglass", "Waiting for quota"),
    BatchStatus.COMPLETED: Look("ok", "circle_check", "Completed"),
    BatchStatus.PARTIALLY_COMPLETED: Look("part", "triangle_alert", "Partly completed"),
    BatchStatus.FAILED: Look("bad", "circle_x", "Failed"),
    BatchStatus.CANCELLED: Look("off", "ban", "Cancelled"),
}
DOCUMENT_LOOKS: dict[DocumentStatus, Look] = {
    DocumentStatus.UPLOADED: Look("", "clock", "Queued"),
    DocumentStatus.PROCESSING: Look("run", "loader_circle", "Processing"),
    DocumentStatus.WAITING_FOR_QUOTA: Look("wait", "hourglass", "Waiting for quota"),
    DocumentStatus.COMPLETED: Look("ok", "circle_check", "Completed"),
    DocumentStatus.FAILED: Look("bad", "circle_x", "Failed"),
    DocumentStatus.CANCELLED: Look("off", "ban", "Cancelled"),
}
FILE_LOOKS: dict[str, Look] = {
    "waiting": Look("q", "clock", "Waiting"),
    "uploading": Look("run", "loader_circle", "Uploading"),
    "paused": Look("wait", "circle_pause", "Paused"),
    "processing": Look("run", "loader_circle", "Processing"),
    "complete": Look("ok", "circle_check", "Complete"),
    "error": Look("bad", "circle_alert", "Error"),
}


def look_icon(look: Look, size: int = 14) -> rx.Component:
    """A status's icon; what is in work turns."""
    spin = "spin" if look.icon == "loader_circle" else ""
    return rx.icon(look.icon, size=size, class_name=spin, aria_hidden="true")


def _badge(look: Look) -> rx.Component:
    return rx.el.span(look_icon(look), look.word, class_name=f"bdg {look.tone}")


def _match(status: rx.Var[str] | str, looks: Mapping[StrEnum, Look]) -> rx.Component:
    if isinstance(status, str) and not isinstance(status, rx.Var):
        return _badge({str(k): v for k, v in looks.items()}[status])
    cases = [(str(name.value), _badge(look)) for name, look in looks.items()]
    return rx.match(status, *cases, rx.fragment())


def batch_badge(status: rx.Var[str] | str) -> rx.Component:
    """A batch's status."""
    return _match(status, BATCH_LOOKS)


def document_badge(status: rx.Var[str] | str) -> rx.Component:
    """A document's status."""
    return _match(status, DOCUMENT_LOOKS)
