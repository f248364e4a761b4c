"""The login page's words for what went wrong, and where it may lead. Pure."""

from __future__ import annotations

from urllib.parse import urlsplit

from ingestio.domain.accounts import MIN_PASSWORD_CHARS
from ingestio.web import routes

ERRORS: dict[str, str] = {
    "not_signed_in": "E-mail and password do not match. Check both and try again.",
    "invalid": (
        f"Use a full e-mail address and a password of at least {MIN_PASSWORD_CHARS} characters."
    ),
    "conflict": "There is an account with this e-mail already. Sign in instead.",
    "rate_limited": "Too many tries. Wait 15 minutes, then try again.",
    "not_allowed": "This form was sent from another site. Try again here.",
    "store_unavailable": "The server can't reach its database. Try again in a minute.",
    "internal": "Something broke on our side. Try again.",
}


def error_words(code: str) -> str:
    """The sentence of a code; a general one for a code that is not known here."""
    return ERRORS.get(code, "That did not work. Try again.")


def safe_next(address: str) -> str:
    """An address of ours to go on to: a path, never another site."""
    parts = urlsplit(address)
    is_ours = not parts.scheme and not parts.netloc and address.startswith("/")
    if not is_ours or address.startswith(("//", "/\\")) or parts.path in {"/", routes.LOGIN}:
        return routes.DASHBOARD
    return address
