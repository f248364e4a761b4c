"""Fifty lives, and that a seed gives the same one again."""

from __future__ import annotations

import pytest


@pytest.mark.long
@pytest.mark.parametrize("seed", range(50))
def test_everything_holds_through_a_life(live, seed: int):
    live(seed, 150)


def test_a_seed_gives_the_same_life_to_the_letter(live):
    assert live(7, 200).trace == live(7, 200).trace
