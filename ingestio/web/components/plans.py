"""The plans of the catalogue as cards: price, limits, and the way to take one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import reflex as rx

from ingestio.domain.documents import MAX_FILE_BYTES
from ingestio.domain.plans import PLANS

if TYPE_CHECKING:
    from ingestio.domain.plans import Plan

SUGGESTED = "Plus"


def plan_cards(current: rx.Var[str], href: str) -> rx.Component:
    """Every plan, the current one marked; the others lead to `href`, where there is one."""
    return rx.el.div(
        *[_plan_card(plan, current == plan.label, href) for plan in PLANS.values()],
        class_name="plans",
    )


def _plan_card(plan: Plan, is_current: rx.Var[bool], href: str) -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.h2(plan.label),
            rx.cond(
                is_current,
                rx.el.span(
                    rx.icon("check", size=14, aria_hidden="true"),
                    "Your plan",
                    class_name="bdg run end",
                ),
            ),
            class_name="row",
        ),
        rx.el.p(
            rx.el.span(price(plan), class_name="price"),
            rx.el.span(" a month", class_name="mut") if plan.price_cents else "",
        ),
        rx.el.ul(*[_limit(text, is_included=yes) for text, yes in limits(plan)]),
        rx.el.div(_take(plan, is_current, href), class_name="take"),
        class_name=rx.cond(is_current, "card pc cur", "card pc"),
    )


def _limit(text: str, *, is_included: bool) -> rx.Component:
    icon = rx.icon("check" if is_included else "x", size=16, aria_hidden="true")
    return rx.el.li(icon, text, class_name="" if is_included else "no")


def _take(plan: Plan, is_current: rx.Var[bool], href: str) -> rx.Component:
    tone = "btn pri lg" if plan.label == SUGGESTED else "btn lg"
    return rx.cond(
        is_current,
        rx.el.button("Current plan", type="button", disabled=True, class_name="btn lg"),
        rx.el.a(f"Choose {plan.label}", href=href, class_name=tone) if href else rx.fragment(),
    )


def price(plan: Plan) -> str:
    """`Free`, `$29`."""
    return f"${plan.price_cents / 100:,.0f}" if plan.price_cents else "Free"


def limits(plan: Plan) -> list[tuple[str, bool]]:
    """What a plan includes, each with whether it does."""
    size = (f"{MAX_FILE_BYTES // 1_048_576} MB a file", True)
    if not plan.files_per_batch:
        return [size, ("No batch uploads", False)]
    return [
        (f"{plan.pages_per_month:,} pages a month", True),
        (f"{plan.files_per_batch} files a batch", True),
        (f"{plan.batches_per_hour} batch uploads an hour", True),
        size,
    ]
