"""Step 2: one prompt, one for each document, or none."""

from __future__ import annotations

import reflex as rx

from ingestio.domain.prompts import MAX_PROMPT_CHARS, PromptStrategy
from ingestio.web.components.forms import Choice, SavedText, choice_card
from ingestio.web.components.icons import file_icon
from ingestio.web.components.names import middle_name
from ingestio.web.components.notices import callout
from ingestio.web.upload import views
from ingestio.web.upload.prompts import PromptsState
from ingestio.web.upload.views import PromptRow  # noqa: TC001  Reflex reads the annotations

STRATEGIES = (
    Choice(
        PromptStrategy.GLOBAL.value,
        "globe",
        views.STRATEGY_LABELS[PromptStrategy.GLOBAL],
        "One prompt for every document. Best when they are all of one kind.",
    ),
    Choice(
        PromptStrategy.PER_DOCUMENT.value,
        "file_pen_line",
        views.STRATEGY_LABELS[PromptStrategy.PER_DOCUMENT],
        "A prompt of its own for each document. Best when you know what each one holds.",
    ),
    Choice(
        PromptStrategy.AUTO.value,
        "scan_text",
        views.STRATEGY_LABELS[PromptStrategy.AUTO],
        "The type is detected and its prompt applied. Best for a mixed pile.",
    ),
)
EXAMPLE = "For example: merchant, date, total and currency"
AUTO_TEXT = (
    "IngestIO will automatically detect the document type and apply the best extraction settings. "
    "No prompt needed here."
)
AUTO_NOTE = (
    "Our AI will analyze each document, identify its type, and extract relevant information "
    "automatically. This is ideal for mixed document batches."
)


def prompts_step() -> rx.Component:
    """The choice, and what belongs to it."""
    return rx.el.div(
        rx.el.div(
            *[
                choice_card(
                    choice,
                    group="strategy",
                    chosen=PromptsState.strategy,
                    on_choose=PromptsState.choose_strategy,
                )
                for choice in STRATEGIES
            ],
            class_name="cards3",
            role="radiogroup",
            aria_label="Prompt strategy",
        ),
        rx.match(
            PromptsState.strategy,
            (PromptStrategy.PER_DOCUMENT.value, _per_document()),
            (PromptStrategy.AUTO.value, _auto()),
            _global(),
        ),
        class_name="col g5",
    )


def _global() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                rx.el.h2(rx.el.label("Enter Global Extraction Prompt", html_for="prompt")),
                rx.el.p(
                    "This prompt will be applied to all documents in the batch.",
                    id="prompt-about",
                    class_name="mut",
                ),
            ),
            class_name="ch",
        ),
        rx.el.div(
            SavedText.create(
                id="prompt",
                rows=6,
                max_length=MAX_PROMPT_CHARS,
                placeholder=EXAMPLE,
                value=PromptsState.prompt,
                revision=PromptsState.revision,
                on_save=PromptsState.save_prompt,
                custom_attrs={"aria-describedby": "prompt-about"},
            ),
            _starting_points(),
            class_name="cb col g4",
        ),
        class_name="card",
    )


def _starting_points() -> rx.Component:
    return rx.el.div(
        rx.el.h3("Starting points", id="starting-points"),
        rx.el.div(
            *[
                rx.el.button(
                    label,
                    type="button",
                    class_name="btn xs",
                    on_click=PromptsState.start_prompt(kind.value),
                )
                for kind, label in views.KIND_LABELS.items()
            ],
            class_name="row wrap",
            role="group",
            aria_labelledby="starting-points",
        ),
        rx.cond(
            PromptsState.last.length() > 0,  # pyright: ignore[reportAttributeAccessIssue]
            rx.el.div(
                rx.el.h3("Your last prompts"),
                rx.el.ul(rx.foreach(PromptsState.last, _last_prompt), class_name="last"),
                class_name="col g2",
            ),
        ),
        class_name="col g2",
    )


def _last_prompt(text: rx.Var[str], place: rx.Var[int]) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            text,
            type="button",
            class_name="btn ghost tr",
            title=text,
            on_click=PromptsState.start_prompt(views.LAST + place.to_string()),  # pyright: ignore[reportAttributeAccessIssue]
        )
    )


def _per_document() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                rx.el.h2("Configure Individual Document Prompts"),
                rx.el.p(
                    "Customize extraction prompts for each document in your batch.",
                    class_name="mut",
                ),
            ),
            rx.el.div(_filled(), _have(), class_name="row end have"),
            class_name="ch",
        ),
        rx.el.ul(
            rx.foreach(PromptsState.rows, _prompt_row),
            class_name="prows",
            aria_label="Documents and prompts",
        ),
        class_name="card",
    )


def _have() -> rx.Component:
    is_all = PromptsState.missing.length() == 0  # pyright: ignore[reportAttributeAccessIssue]
    return rx.el.span(
        rx.cond(
            is_all,
            rx.icon("circle_check", size=14, aria_hidden="true"),
            rx.icon("circle_alert", size=14, aria_hidden="true"),
        ),
        PromptsState.have_words,
        class_name=rx.cond(is_all, "bdg ok", "bdg wait"),
    )


def _filled() -> rx.Component:
    return rx.cond(
        PromptsState.filled_words != "",
        rx.el.span(
            PromptsState.filled_words,
            " ",
            rx.el.button("Undo", type="button", class_name="lnk", on_click=PromptsState.undo_below),
            class_name="sm mut",
            role="status",
        ),
    )


def _prompt_row(row: rx.Var[PromptRow]) -> rx.Component:
    is_blank = PromptsState.missing.contains(row["id"])  # pyright: ignore[reportAttributeAccessIssue]
    is_missing = is_blank & PromptsState.has_begun
    field = "prompt-" + row["id"]
    return rx.el.li(
        rx.el.div(
            file_icon(is_picture=row["is_picture"]),
            rx.el.div(
                rx.el.label(
                    rx.el.span("Prompt for ", class_name="sr"),
                    middle_name(row["head"], row["tail"], row["name"]),
                    html_for=field,
                ),
                rx.el.div(row["about"], class_name="sm mut num"),
                rx.el.div(_start_from(row), _use_below(row, is_blank), class_name="row acts"),
                class_name="what",
            ),
            class_name="row g3 top",
        ),
        rx.el.div(
            SavedText.create(
                id=field,
                rows=3,
                max_length=MAX_PROMPT_CHARS,
                placeholder=EXAMPLE,
                value=PromptsState.texts[row["id"]],
                revision=PromptsState.revision,
                on_save=PromptsState.save_text(row["id"]),
            ),
            rx.cond(is_missing, _missing(row)),
        ),
        class_name=rx.cond(is_missing, "prow miss", "prow"),
        key=row["id"],
    )


def _start_from(row: rx.Var[PromptRow]) -> rx.Component:
    """A native list: 100 rows of menus of our own would be slow, and this one is known."""
    return rx.el.span(
        rx.el.select(
            rx.el.option("Start from", value=""),
            *[rx.el.option(label, value=kind.value) for kind, label in views.KIND_LABELS.items()],
            rx.foreach(PromptsState.last, _last_option),
            value="",
            aria_label="Start from, for " + row["name"],
            on_change=PromptsState.start_text(row["id"]),
        ),
        rx.icon("chevron_down", size=14, aria_hidden="true"),
        class_name="pick",
    )


def _last_option(text: rx.Var[str], place: rx.Var[int]) -> rx.Component:
    value = views.LAST + place.to_string()  # pyright: ignore[reportAttributeAccessIssue]
    return rx.el.option("Last: " + text, value=value)


def _use_below(row: rx.Var[PromptRow], is_blank: rx.Var[bool]) -> rx.Component:
    return rx.cond(
        row["is_last"] | is_blank,
        rx.fragment(),
        rx.el.button(
            rx.icon("arrow_down", size=14, aria_hidden="true"),
            "Use for all below",
            type="button",
            class_name="btn ghost xs",
            on_click=PromptsState.use_below(row["id"]),
        ),
    )


def _missing(row: rx.Var[PromptRow]) -> rx.Component:
    return rx.el.p(
        rx.icon("circle_alert", size=14, class_name="c-wait", aria_hidden="true"),
        "Say what to extract, or",
        rx.el.button(
            "use the prompt above",
            type="button",
            class_name="lnk",
            on_click=PromptsState.use_above(row["id"]),
        ),
        class_name="row sm hint-missing",
    )


def _auto() -> rx.Component:
    return rx.el.section(
        rx.el.div(
            rx.el.div(
                rx.el.h2(views.STRATEGY_LABELS[PromptStrategy.AUTO]),
                rx.el.p(AUTO_TEXT, class_name="mut"),
            ),
            class_name="ch",
        ),
        rx.el.div(callout("info", "info", AUTO_NOTE, role="note"), class_name="cb"),
        class_name="card",
    )
