"""What a call into a helper process comes back with, and which helpers live on."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from ingestio.adapters.helper_processes import BrokenInside, HelperPool
from ingestio.errors import Encrypted, NothingFound, ReaderCrashed, TooBigInside
from tests.adapters import breaking

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.mark.parametrize("raised", [RuntimeError, ZeroDivisionError, OSError, KeyError])
def test_a_bug_inside_is_no_crash_and_costs_no_helper(
    helpers: HelperPool, raised: type[Exception]
) -> None:
    before = helpers.call(10.0, os.getpid)

    with pytest.raises(BrokenInside, match=raised.__name__):
        helpers.call(10.0, breaking.raises, raised)

    assert helpers.call(10.0, os.getpid) == before


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (breaking.refuses, Encrypted),
        (breaking.finds_nothing, NothingFound),
        (breaking.runs_out_of_memory, TooBigInside),
        (breaking.dies, ReaderCrashed),
    ],
)
def test_a_refusal_and_a_death_are_told_apart(
    helpers: HelperPool, function: Callable[[], None], expected: type[Exception]
) -> None:
    with pytest.raises(expected):
        helpers.call(10.0, function)

    assert helpers.call(10.0, os.getpid) != os.getpid()
