"""Ids as the browser sends them: anything at all, until they are read here."""

from __future__ import annotations

from uuid import UUID

from ingestio.errors import NotFound


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
