"""What the browser sends is anything at all: type hints of handlers are not enforced."""

from __future__ import annotations

from uuid import UUID

import pytest

from ingestio.errors import NotFound
from ingestio.web.ids import steps_of, text_of, uuid_of, uuid_or_none

ID = "9c41e07a-0000-4000-8000-000000000001"


def test_an_id_is_read() -> None:
    assert uuid_of(ID) == UUID(ID)


@pytest.mark.parametrize("sent", ["", "x", None, 7, [], {"id": ID}, ID + "0", "../" + ID])
def test_what_is_no_id_is_not_found(sent: object) -> None:
    assert uuid_or_none(sent) is None
    with pytest.raises(NotFound):
        uuid_of(sent)


@pytest.mark.parametrize(
    ("sent", "steps"), [(1, 1), (-1, -1), ("1", 0), (None, 0), (10**30, 0), (1.5, 0), ([1], 0)]
)
def test_steps_are_small_whole_numbers_or_none(sent: object, steps: int) -> None:
    assert steps_of(sent) == steps


@pytest.mark.parametrize("sent", [None, "text", ["reason"], {}])
def test_a_form_without_the_field_is_empty(sent: object) -> None:
    assert text_of(sent, "reason") == ""
