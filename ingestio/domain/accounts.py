"""Who is asking.

Answers what an Actor may do and what a password or an address must look like. Leaves hashing and
sessions to the accounts service.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import NewType
from uuid import UUID

UserId = NewType("UserId", UUID)
MIN_PASSWORD_CHARS = 8
MAX_PASSWORD_CHARS = 256
MAX_EMAIL_CHARS = 254
_EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")


class Role(StrEnum):
    """What a user is to the product."""

    USER = "user"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is asking, with role. Every use case takes one."""

    user_id: UserId
    email: str
    role: Role = Role.USER

    @property
    def is_admin(self) -> bool:
        """Whether the admin pages are theirs."""
        return self.role is Role.ADMIN


OPERATOR = Actor(UserId(UUID(int=0)), "operator", Role.ADMIN)
"""Who has the machine itself: the command line, and whoever may read its figures. No account."""


def clean_email(text: str) -> str | None:
    """The address in lower case, or None where it is not one."""
    email = text.strip().lower()
    return email if len(email) <= MAX_EMAIL_CHARS and _EMAIL.fullmatch(email) else None


def is_good_password(text: str) -> bool:
    """Length alone decides (ASVS v5.0.0-6.2.1)."""
    return MIN_PASSWORD_CHARS <= len(text) <= MAX_PASSWORD_CHARS
