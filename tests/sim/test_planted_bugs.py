"""The simulator finds bugs that are planted in the product: each within fifty lives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sim.planted import PLANTS, found_in

if TYPE_CHECKING:
    from tests.sim.lives import Lives
    from tests.sim.planted import Plant


@pytest.mark.long
@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_planted_bug_is_found(lives: Lives, plant: Plant):
    assert found_in(lives, plant) is not None
