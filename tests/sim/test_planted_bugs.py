"""Bugs that are planted in the product are found: each within fifty lives.

A lock that is missing shows only between real connections: there within fifty batches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sim.planted import PLANTS, found_in
from tests.sim.racing import LOCKS, races_until_found
from tests.wiring import build

if TYPE_CHECKING:
    from pathlib import Path

    from ingestio.db.engine import Database
    from tests.sim.lives import Lives
    from tests.sim.planted import Plant


@pytest.mark.long
@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_planted_bug_is_found(lives: Lives, plant: Plant):
    assert found_in(lives, plant) is not None


@pytest.mark.long
@pytest.mark.postgres
@pytest.mark.parametrize("plant", LOCKS, ids=lambda plant: plant.__name__)
def test_a_row_lock_that_is_missing_is_found(
    postgres: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plant: Plant
):
    plant(monkeypatch)
    assert races_until_found(build(postgres, tmp_path)) is not None


@pytest.mark.postgres
def test_with_its_row_locks_nothing_is_found(postgres: Database, tmp_path: Path):
    assert races_until_found(build(postgres, tmp_path), 10) is None
