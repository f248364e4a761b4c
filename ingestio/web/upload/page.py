"""The wizard's page: title, plan, steps, the step itself, and its foot."""

from __future__ import annotations

import reflex as rx

from ingestio.web import routes
from ingestio.web.components.forms import FocusStep
from ingestio.web.components.steps import steps
from ingestio.web.shell import shell
from ingestio.web.upload import gate, views
from ingestio.web.upload.review import ReviewState
from ingestio.web.upload.state import OPEN, UNKNOWN, UPGRADE, UploadState
from ingestio.web.upload.step_files import files_step
from ingestio.web.upload.step_prompts import prompts_step
from ingestio.web.upload.step_review import review_step


def upload_page() -> rx.Component:
    """New Batch Upload."""
    return shell(
        routes.UPLOAD,
        rx.el.div(
            _head(),
            rx.match(
                UploadState.gate,
                (OPEN, _wizard()),
                (UPGRADE, gate.upgrade()),
                (UNKNOWN, gate.unknown()),
                gate.loading(),
            ),
            class_name=rx.cond(UploadState.step == views.REVIEW, "wiz broad", "wiz"),
        ),
        width="full",
    )


def _head() -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.h1("New Batch Upload"),
            rx.cond(
                (UploadState.gate == OPEN) | (UploadState.gate == UPGRADE),
                gate.plan_banner(),
                rx.el.div(class_name="plan"),
            ),
        ),
        class_name="head",
    )


def _wizard() -> rx.Component:
    return rx.el.div(
        steps(views.STEPS, UploadState.step, UploadState.go_back_to),
        FocusStep.create(
            files_step(),
            rx.match(
                UploadState.step,
                (views.PROMPTS, prompts_step()),
                (views.REVIEW, review_step()),
                rx.fragment(),
            ),
            step=UploadState.step,
            class_name="step",
            role="group",
            custom_attrs={"aria-label": _step_label()},
        ),
        _foot(),
    )


def _step_label() -> rx.Var[str]:
    names = {key: f"Step {place}, {label}" for place, (key, label) in enumerate(views.STEPS, 1)}
    return rx.match(UploadState.step, *names.items(), names[views.FILES])


def _foot() -> rx.Component:
    return rx.el.div(
        _draft_state(),
        rx.el.span(class_name="sp"),
        rx.el.span(UploadState.blocked, id="why", class_name="sm mut why", role="status"),
        rx.el.button(
            "Previous",
            type="button",
            class_name=rx.cond(UploadState.step == views.FILES, "btn lg desk-only", "btn lg"),
            disabled=(UploadState.step == views.FILES) | ReviewState.is_submitting,
            on_click=UploadState.go_previous,
        ),
        rx.match(
            UploadState.step,
            (views.PROMPTS, _next("Next: Review Batch")),
            (views.REVIEW, _submit()),
            _next("Next: Configure Prompts"),
        ),
        class_name="foot",
    )


def _draft_state() -> rx.Component:
    saved = rx.match(
        UploadState.step,
        (views.FILES, "Draft saved. Files that are complete stay if you close this tab."),
        "Draft saved",
    )
    return rx.cond(
        UploadState.is_stale,
        rx.el.p(
            rx.icon("circle_alert", size=14, class_name="c-wait", aria_hidden="true"),
            "This page is behind. It catches up by itself.",
            class_name="sm mut row",
            role="status",
        ),
        rx.cond(
            UploadState.has_draft,
            rx.el.p(
                rx.icon("check", size=14, class_name="c-ok", aria_hidden="true"),
                saved,
                class_name="sm mut row",
            ),
        ),
    )


def _next(label: str) -> rx.Component:
    return rx.el.button(
        label,
        type="button",
        class_name="btn lg pri",
        disabled=UploadState.blocked != "",
        aria_describedby="why",
        on_click=UploadState.go_next,
        key=label,
    )


def _submit() -> rx.Component:
    return rx.el.button(
        rx.cond(
            ReviewState.is_submitting,
            rx.icon("loader_circle", size=16, class_name="spin", aria_hidden="true"),
        ),
        "Submit Batch",
        type="button",
        class_name="btn lg pri",
        disabled=(UploadState.blocked != "") | ReviewState.is_submitting,
        aria_describedby="why",
        on_click=ReviewState.submit,
        key="submit",
    )
