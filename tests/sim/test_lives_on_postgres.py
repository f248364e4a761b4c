"""The same lives over PostgreSQL: its roles, its walls, its SQL.

Not to the letter those of SQLite, where saving one document and claiming the next is one
transaction; while both took two, sixty of sixty seeds gave the same life on both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlmodel import SQLModel

from tests.sim.simulator import World

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from ingestio.db.engine import Database
    from tests.conftest import Cluster

pytestmark = [pytest.mark.postgres, pytest.mark.long]
SEEDS, MANY_SEEDS = 6, 400


@pytest.fixture(scope="module")
def there(cluster: Cluster) -> Generator[Database]:
    """One database for all lives."""
    with cluster.fresh("migrated") as made:
        yield made


def live(there: Database, folder: Path, seed: int) -> World:
    """One seed's life, in a database without a row."""
    names = ", ".join(SQLModel.metadata.tables)
    with there.engine.begin() as connection:
        connection.execute(text(f"TRUNCATE {names}"))
    world = World(seed, there, folder / str(seed))
    world.live()
    return world


def test_everything_holds_through_a_life(there: Database, tmp_path: Path):
    for seed in range(SEEDS):
        live(there, tmp_path, seed)


def test_a_seed_gives_the_same_life_to_the_letter(there: Database, tmp_path: Path):
    first, again = (live(there, tmp_path / str(number), 7).trace for number in range(2))

    assert first == again


@pytest.mark.proof
@pytest.mark.timeout(7_200)
def test_many_lives_hold(there: Database, tmp_path: Path):
    for seed in range(SEEDS, MANY_SEEDS):
        live(there, tmp_path, seed)
