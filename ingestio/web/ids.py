"""Ids and numbers as the browser sends them: anything at all, until they are read here."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from ingestio.errors import NotFound

MAX_STEPS: Final = 1_000


def uuid_of(text: object) -> UUID:
    """The id in a text from outside.

    Raises:
        NotFound: no id at all; looks the same as one that is somebody else's.
    """
    try:
        return UUID(str(text))
    except ValueError:
        raise NotFound from None


def uuid_or_none(text: object) -> UUID | None:
    """The id, or None where it is none."""
    try:
        return uuid_of(text)
    except NotFound:
        return None


def steps_of(number: object) -> int:
    """How far to go on (or back, below 0); nowhere where it is no such number."""
    is_number = isinstance(number, int) and abs(number) <= MAX_STEPS
    return int(number) if is_number else 0


def text_of(form: object, name: str) -> str:
    """A field of a form; empty where there is none."""
    return str(form.get(name, "")) if isinstance(form, dict) else ""
