"""The services wired over a real database: SQLite and PostgreSQL, the same tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.wiring import House, build

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(params=["database", pytest.param("postgres", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest, tmp_path: Path) -> House:
    """Everything around the processor, with stand-ins outside."""
    return build(request.getfixturevalue(request.param), tmp_path)
