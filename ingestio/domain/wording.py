"""Every error code in words: what happened, and what to do about it.

Answers for codes that are stored with a document or a file and looked up later, in the pages, the
API and the export; a message that was written where an error arose says more, and goes first.
Complete over every code of `errors` and every problem of a draft; a test says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from ingestio.domain.providers import Outage

WORDING: Final[dict[str, tuple[str, str]]] = {
    "unreadable": (
        "The file is damaged and can't be opened.",
        "Export it again from its source and add that.",
    ),
    "encrypted": ("Protected with a password.", "Save a copy without it and add that one."),
    "no_pages": ("This PDF has no pages.", "Choose another file."),
    "too_many_pages": ("More pages than a file may have.", "Split it and add the parts."),
    "page_count_disputed": (
        "Its pages can't be counted for certain.",
        "Print it to a new PDF and add that.",
    ),
    "too_big_inside": (
        "It unpacks to more than the limits allow.",
        "Save it at a lower resolution and add that.",
    ),
    "empty_file": ("The file is empty.", "Choose another file."),
    "too_large": ("Over the limit of 50 MB a file.", "Split it, or save it smaller."),
    "unsupported_type": (
        "Neither a PDF nor a JPG nor a PNG.",
        "Save it as one of these and add that.",
    ),
    "duplicate": ("Added twice, kept once.", "Keep both if you want it read twice."),
    "infected": ("Refused by the virus scan.", "Check where the file comes from."),
    "too_large_to_scan": (
        "The virus scanner can't take a file of this size.",
        "Split it, or save it smaller.",
    ),
    "prompt_names_no_fields": (
        "This prompt names no fields.",
        'Name what to look for, such as "total, date", and submit it again.',
    ),
    "declined": (
        "The AI service does not take this document.",
        "Look at the document; another file format may help.",
    ),
    "nothing_found": (
        "Nothing of what was asked for stands on it.",
        "Check the prompt and the document, then try again.",
    ),
    "reader_stopped": (
        "This document stopped the reader three times.",
        "Print it to a new PDF and submit that.",
    ),
    "incomplete": (
        "Only a part could be read.",
        "Look at what was found, then try again or split the document.",
    ),
    "quota_exceeded": (
        "Your plan's pages did not suffice.",
        "Upgrade, then try again. It was not charged.",
    ),
    "unavailable": ("Something outside does not answer.", "Try again in a moment."),
    "storage_unavailable": ("The file store does not answer.", "Try again in a moment."),
    "storage_full": ("The file store is full.", "Nothing was kept. Try again later."),
    "ai_unavailable": ("The extraction engine does not answer.", "Try again in a moment."),
    "ai_busy": ("The AI provider asks us to slow down.", "It goes on by itself."),
    "ai_out_of_credit": (
        "The AI provider's credit is used up.",
        "It goes on by itself once the administrator has topped it up.",
    ),
    "ai_key_refused": (
        "The AI provider refuses our key.",
        "It goes on by itself once the administrator has set a valid OPENAI_API_KEY.",
    ),
    "ai_model_unknown": (
        "The AI provider does not know our model.",
        "It goes on by itself once the administrator has set OPENAI_MODEL and OPENAI_BASE_URL.",
    ),
    "reader_crashed": ("The reader stopped on this document.", "It is tried again by itself."),
    "payments_unavailable": ("The payment service does not answer.", "Try again in a moment."),
    "store_unavailable": ("The database does not answer.", "Try again in a moment."),
    "not_configured": (
        "This feature is not set up on this server.",
        "Ask whoever runs it.",
    ),
    "scanner_unavailable": (
        "The virus scanner does not answer.",
        "Add the file again in a moment. Nothing passes unscanned.",
    ),
    "refused": ("It was refused.", "Check what was asked and try again."),
    "invalid_draft": ("The batch can't be submitted yet.", "Put right what is marked."),
    "not_found": ("Not found.", "It may have been deleted."),
    "conflict": ("It has changed meanwhile.", "Look at it again."),
    "checksum_mismatch": ("It changed on its way.", "Send this part again."),
    "locked": ("Somebody else is writing it right now.", "Try again in a moment."),
    "upgrade_required": ("Batches need a paid plan.", "Upgrade under Billing."),
    "rate_limited": ("Too many, too soon.", "Wait a moment and try again."),
    "not_signed_in": ("You are not signed in.", "Sign in to go on."),
    "not_allowed": ("You may not do this.", "Ask an administrator."),
    "invalid": ("A value has the wrong form.", "Correct it and try again."),
    "in_transfer": ("Files are still in transfer.", "Wait for them, or cancel them."),
    "no_files": ("No file can be read yet.", "Add at least one."),
    "too_many_files": ("More files than a batch may have.", "Remove some, or upgrade."),
    "prompt_missing": ("A prompt is missing.", "Say what to extract."),
    "prompt_too_long": ("A prompt is too long.", "Shorten it."),
    "too_long": ("The name is too long.", "Shorten it."),
    "internal": (
        "Something broke on our side.",
        "Try again; if it stays, tell us the document's id.",
    ),
}
"""Code -> (what happened, what to do)."""


def short(code: str) -> str:
    """What happened, in one sentence."""
    return WORDING.get(code, WORDING["internal"])[0]


def advice(code: str) -> str:
    """What to do about it, in one sentence."""
    return WORDING.get(code, WORDING["internal"])[1]


def outage(what: Outage, now: datetime, since: str) -> str:
    """That a provider gives no answers, and what happens next; `since` is a time as people see it.

    "AI provider unavailable since 10:42, next try in 30 s."
    """
    left_s = max(0, round((what.next_try_at - now).total_seconds()))
    due = "now" if what.is_being_tried or not left_s else f"in {_span(left_s)}"
    if what.reason == "ai_unavailable":
        return f"AI provider unavailable since {since}, next try {due}."
    return f"{short(what.reason)} Since {since}, next try {due}."


def remedy(reason: str) -> str:
    """What an administrator does about a provider that gives no answers."""
    return _REMEDIES.get(reason, "It goes on by itself as soon as the provider answers.")


_REMEDIES: Final = {
    "ai_out_of_credit": "Top up the account or raise its spending limit; work goes on by itself.",
    "ai_key_refused": "Set a valid OPENAI_API_KEY and restart; documents wait, none is lost.",
    "ai_model_unknown": "Check OPENAI_MODEL and OPENAI_BASE_URL and restart; documents wait.",
}


_IN_SECONDS_BELOW: Final = 100


def _span(seconds: int) -> str:
    return f"{seconds} s" if seconds < _IN_SECONDS_BELOW else f"{round(seconds / 60)} min"
