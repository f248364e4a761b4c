"""What stands in the wizard's place: waiting, no plan for it, or a plan that can't be read."""

from __future__ import annotations

import reflex as rx

from ingestio.web import routes
from ingestio.web.components.notices import callout, skeleton
from ingestio.web.components.plans import plan_cards
from ingestio.web.upload.state import UploadState


def plan_banner() -> rx.Component:
    """Plan, files a batch, pages left."""
    return rx.el.div(
        rx.el.span(rx.el.b(UploadState.plan), " plan"),
        rx.cond(
            UploadState.max_files > 0, rx.el.span(rx.el.b(UploadState.max_files), " files a batch")
        ),
        rx.el.span(
            rx.el.b(UploadState.left),
            f" pages left until {UploadState.renews_on}",
        ),
        class_name="plan num",
    )


def loading() -> rx.Component:
    """The first step's shape, empty."""
    return rx.el.div(
        rx.el.div(skeleton("100%", "24px"), class_name="steps"),
        rx.el.div(
            skeleton("48px", "48px"),
            rx.el.div(skeleton("320px", "16px"), skeleton("220px"), class_name="col g3"),
            class_name="drop",
        ),
        class_name="waiting",
        aria_busy="true",
        aria_label="Loading your plan",
        role="group",
    )


def upgrade() -> rx.Component:
    """No plan for batches, or a subscription that does not run: why, and the way out."""
    return rx.el.div(
        rx.el.div(
            rx.icon("lock", size=20, aria_hidden="true"),
            rx.el.div(rx.el.h2("Upgrade Required"), rx.el.p(UploadState.why)),
            rx.el.div(
                rx.el.a("See billing", href=routes.BILLING, class_name="btn pri lg"),
                class_name="act",
            ),
            class_name="note info gate",
            role="alert",
        ),
        rx.el.h2("What each plan includes", class_name="over"),
        plan_cards(UploadState.plan, routes.BILLING),
    )


def unknown() -> rx.Component:
    """The payment side does not answer, and nothing is known from before."""
    return callout(
        "bad",
        "circle_alert",
        "Your plan could not be read.",
        "The payment service does not answer. Nothing of yours is lost.",
        rx.el.button("Try again", type="button", class_name="btn", on_click=UploadState.refresh),
        role="alert",
    )
