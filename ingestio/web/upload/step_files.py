"""Step 1: the drop zone, the list of files, and what to do where there are none."""

from __future__ import annotations

import reflex as rx

from ingestio.web.components.confirm import confirm
from ingestio.web.components.notices import callout
from ingestio.web.components.uploader import Uploader
from ingestio.web.upload import views
from ingestio.web.upload.files import FilesState
from ingestio.web.upload.state import UploadState

ENDPOINT = "/api/v1/uploads"


def files_step() -> rx.Component:
    """Stays in the page through all steps: refused files stay listed, transfers go on."""
    is_here = UploadState.step == views.FILES
    return rx.el.div(
        _came_back(),
        Uploader.create(
            endpoint=ENDPOINT,
            limits=FilesState.limits,
            words=FilesState.words,
            files=FilesState.rows,
            pages_words=FilesState.pages_words,
            is_shown=is_here,
            on_transfers=UploadState.count_transfers,
            on_remove=FilesState.remove,
            on_keep_both=FilesState.keep_both,
            on_discard=FilesState.ask_to_discard,
        ),
        rx.cond(FilesState.rows.length() == 0, _samples()),  # pyright: ignore[reportAttributeAccessIssue]
        confirm(FilesState.question, on_keep=FilesState.keep, on_go=FilesState.discard),
        hidden=~is_here,
    )


def _came_back() -> rx.Component:
    return rx.cond(
        FilesState.came_back != "",
        callout(
            "info",
            "history",
            "Continue your draft",
            FilesState.came_back,
            rx.el.button(
                "Start over", type="button", class_name="btn", on_click=FilesState.ask_to_discard
            ),
        ),
    )


def _samples() -> rx.Component:
    return rx.el.p(
        "Nothing at hand? ",
        rx.el.button(
            rx.cond(
                FilesState.is_adding_samples, "Adding sample documents", "Try sample documents"
            ),
            type="button",
            class_name="lnk",
            disabled=FilesState.is_adding_samples,
            on_click=FilesState.add_samples,
        ),
        class_name="mut try",
    )
