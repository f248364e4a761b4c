"""Step 3: what will be submitted, and what it will use."""

from __future__ import annotations

import reflex as rx

from ingestio.domain.drafts import MAX_BATCH_NAME_CHARS
from ingestio.domain.prompts import PromptStrategy
from ingestio.domain.usage import WhenPagesRunOut
from ingestio.web import routes
from ingestio.web.components.forms import SavedText, choice_line
from ingestio.web.components.icons import file_icon
from ingestio.web.components.notices import callout
from ingestio.web.components.progress import segmented_bar
from ingestio.web.upload.quoting import Fact, ReviewFile  # noqa: TC001  Reflex reads them
from ingestio.web.upload.review import ReviewState

ONCE_SUBMITTED = (
    "Once submitted, this batch will be processed according to your plan settings. You'll receive "
    "a notification when processing is complete."
)
CHARGED = (
    "A page is charged when its document is completed. Failed and cancelled documents cost nothing."
)


def review_step() -> rx.Component:
    """The card, the details, and the quote beside them."""
    return rx.el.div(
        rx.el.div(_card(), _prompt_details(), _files(), class_name="col g4"),
        rx.el.aside(
            _quote(),
            _shortage(),
            rx.el.div(
                rx.icon("info", size=16, aria_hidden="true"),
                rx.el.div(rx.el.p(ONCE_SUBMITTED, class_name="sm")),
                class_name="note",
            ),
            _problems(),
            class_name="col g4 beside",
            aria_label="Pages for this batch",
        ),
        class_name="two",
    )


def _card() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.label(
                "Batch name ",
                rx.el.span("(optional)", class_name="mut plain"),
                class_name="l",
                html_for="batch-name",
            ),
            rx.el.div(
                SavedText.create(
                    id="batch-name",
                    single_line=True,
                    max_length=MAX_BATCH_NAME_CHARS,
                    value=ReviewState.name,
                    on_save=ReviewState.save_name,
                ),
                class_name="in lg",
            ),
            rx.el.dl(rx.foreach(ReviewState.facts, _fact), class_name="facts"),
            class_name="cb",
        ),
        class_name="card",
    )


def _fact(fact: rx.Var[Fact]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(fact["label"]),
        rx.el.dd(
            rx.el.span(fact["value"], class_name="med"),
            rx.cond(fact["note"] != "", rx.el.span(" " + fact["note"], class_name="mut")),
        ),
        class_name="fact",
        key=fact["label"],
    )


def _details(
    title: rx.Var[str] | str, aside: rx.Var[str] | str, *content: rx.Component
) -> rx.Component:
    return rx.el.section(
        rx.el.details(
            rx.el.summary(
                rx.icon("chevron_right", size=16, class_name="ch1", aria_hidden="true"),
                title,
                rx.el.span(aside, class_name="mut end num plain"),
            ),
            *content,
        ),
        class_name="card",
    )


def _prompt_details() -> rx.Component:
    """Absent where the type is detected: there is no prompt to show."""
    one = rx.el.div(
        rx.el.h3("Global Prompt:"),
        rx.el.p(ReviewState.prompt, class_name="asis"),
        class_name="inside",
    )
    each = rx.el.div(
        rx.el.h3("Per-Document Prompts:"),
        rx.el.ul(rx.foreach(ReviewState.files, _prompt_line)),
        class_name="inside",
    )
    number = ReviewState.files.length().to_string()  # pyright: ignore[reportAttributeAccessIssue]
    return rx.match(
        ReviewState.strategy,
        (PromptStrategy.GLOBAL.value, _details("Prompt Details", "1 prompt", one)),
        (PromptStrategy.PER_DOCUMENT.value, _details("Prompt Details", number + " prompts", each)),
        rx.fragment(),
    )


def _prompt_line(file: rx.Var[ReviewFile]) -> rx.Component:
    return rx.el.li(
        file_icon(is_picture=file["is_picture"]),
        rx.el.div(
            rx.el.div(file["name"], class_name="med tr", title=file["name"]),
            rx.el.p(file["prompt"], class_name="mut asis"),
            class_name="what",
        ),
        class_name="row g3 top line",
        key=file["id"],
    )


def _files() -> rx.Component:
    number = ReviewState.files.length().to_string()  # pyright: ignore[reportAttributeAccessIssue]
    return _details(
        "Files (" + number + ")",
        ReviewState.pages_words,
        rx.el.ul(rx.foreach(ReviewState.files, _file_line), class_name="inside"),
    )


def _file_line(file: rx.Var[ReviewFile]) -> rx.Component:
    return rx.el.li(
        rx.cond(
            file["is_picture"],
            rx.icon("image", size=16, aria_hidden="true"),
            rx.icon("file_text", size=16, aria_hidden="true"),
        ),
        rx.el.span(file["name"], class_name="tr", title=file["name"]),
        rx.el.span(file["about"], class_name="end mut num nw"),
        class_name="row g3 line",
        key=file["id"],
    )


def _quote() -> rx.Component:
    return rx.el.section(
        rx.el.div(rx.el.h2("Pages for this batch"), class_name="ch"),
        rx.el.div(
            segmented_bar(
                [("acc", ReviewState.starts_share), ("wait", 100 - ReviewState.starts_share)],
                label=ReviewState.starts_words + " " + ReviewState.short_words,
                size="lg",
                now=ReviewState.starts_share,
            ),
            rx.el.div(
                rx.el.span(
                    rx.el.span(class_name="key used", aria_hidden="true"),
                    ReviewState.starts_words,
                ),
                rx.cond(
                    ReviewState.short_words != "",
                    rx.el.span(
                        rx.el.span(class_name="key wait", aria_hidden="true"),
                        ReviewState.short_words,
                        class_name="end",
                    ),
                ),
                class_name="row sm mut num keys",
            ),
            rx.el.dl(rx.foreach(ReviewState.quote_lines, _quote_line), class_name="quote"),
            _when(),
            rx.el.p(CHARGED, class_name="sm mut charged"),
            class_name="cb",
        ),
        class_name="card",
    )


def _quote_line(line: rx.Var[Fact]) -> rx.Component:
    return rx.el.div(
        rx.el.dt(line["label"], class_name="mut"),
        rx.el.dd(line["value"], class_name="v"),
        key=line["label"],
    )


def _when() -> rx.Component:
    return rx.el.fieldset(
        rx.el.legend("If pages run out:", class_name="med"),
        choice_line(
            WhenPagesRunOut.WAIT.value,
            "wait for more",
            group="when",
            chosen=ReviewState.when,
            on_choose=ReviewState.choose_when,
        ),
        choice_line(
            WhenPagesRunOut.FAIL.value,
            "fail what does not fit",
            group="when",
            chosen=ReviewState.when,
            on_choose=ReviewState.choose_when,
        ),
        class_name="when",
    )


def _shortage() -> rx.Component:
    return rx.cond(
        ReviewState.short_title != "",
        rx.el.div(
            rx.icon("hourglass", size=16, aria_hidden="true"),
            rx.el.div(
                rx.el.p(ReviewState.short_title),
                rx.el.p(
                    ReviewState.short_text,
                    " ",
                    rx.el.a("See plans", href=routes.BILLING),
                    class_name="sm",
                ),
            ),
            class_name="note wait",
            role="status",
        ),
    )


def _problems() -> rx.Component:
    return rx.cond(
        ReviewState.problems.length() > 0,  # pyright: ignore[reportAttributeAccessIssue]
        callout(
            "bad",
            "circle_alert",
            "The batch was not submitted.",
            rx.el.span(rx.foreach(ReviewState.problems, _problem)),
            role="alert",
        ),
    )


def _problem(text: rx.Var[str]) -> rx.Component:
    return rx.el.span(text, " ", key=text)
