"""Faults on real parts: a figure to note, and a PostgreSQL that may be restarted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conftest import started
from tests.faults import figures
from tests.faults.child import Child

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from tests.conftest import Cluster
    from tests.faults.child import Orders


@pytest.fixture
def figure(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """`figure("7", "three processors", duplicates=0)`: noted in the report and in the file."""

    def note(row: str, what: str, **numbers: object) -> None:
        figures.note(row, what, numbers)
        for name, value in numbers.items():
            record_property(f"fault {row}, {what}: {name}", value)

    return note


@pytest.fixture(scope="session")
def safe_cluster() -> Generator[Cluster]:
    """A PostgreSQL that syncs what it commits, as in production: it may be restarted hard."""
    with started() as made:
        yield made


@pytest.fixture
def child() -> Generator[Callable[[Orders], Child]]:
    """Start children; none outlives its test."""
    made: list[Child] = []

    def start(orders: Orders) -> Child:
        made.append(Child.start(orders))
        return made[-1]

    yield start
    for one in made:
        one.end()
