"""A place for simulated lives."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.sim.lives import Lives, folder_in_memory

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


@pytest.fixture(scope="session")
def lives(migrated_sqlite: Path) -> Generator[Lives]:
    """One place to live for the whole run."""
    with folder_in_memory() as folder, Lives(migrated_sqlite, folder) as lives:
        yield lives
