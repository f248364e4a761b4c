"""What an address and a password must look like, and who is an administrator."""

from __future__ import annotations

from uuid import uuid4

import pytest

from ingestio.domain.accounts import Actor, Role, UserId, clean_email, is_good_password


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("ada@example.org", "ada@example.org"),
        ("  Ada@Example.ORG\n", "ada@example.org"),
        ("a+b.c@sub.example.org", "a+b.c@sub.example.org"),
        ("jürgen@bücher.example", "jürgen@bücher.example"),
    ],
)
def test_an_address_is_kept_in_lower_case_without_blanks(text: str, email: str):
    assert clean_email(text) == email


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ada",
        "ada@",
        "@example.org",
        "ada@example",
        "ada@@example.org",
        "ada b@example.org",
        "ada@exa mple.org",
        "ada@.org",
        "ada@example.",
        "ada@example.org\nbcc: x@example.org",
        "a" * 65 + "@example.org",
        "ada@" + "e" * 250 + ".org",
    ],
)
def test_what_is_no_address_is_none(text: str):
    assert clean_email(text) is None


@pytest.mark.parametrize(
    ("length", "is_good"), [(0, False), (7, False), (8, True), (256, True), (257, False)]
)
def test_length_alone_decides_on_a_password(length: int, *, is_good: bool):
    assert is_good_password("x" * length) is is_good


def test_a_password_may_hold_anything():
    assert is_good_password("пароль ☃ ")


@pytest.mark.parametrize(("role", "is_admin"), [(Role.USER, False), (Role.ADMIN, True)])
def test_the_role_says_who_is_an_administrator(role: Role, *, is_admin: bool):
    assert Actor(UserId(uuid4()), "ada@example.org", role).is_admin is is_admin
