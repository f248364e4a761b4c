"""Faults on real parts: a figure to note, and a PostgreSQL that may be restarted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.conftest import started
from tests.e2e.served import Served, build_page
from tests.faults import figures
from tests.faults.child import Child
from tests.scripted_model import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path

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


@pytest.fixture
def serve(tmp_path: Path) -> Generator[Callable[..., Served]]:
    """Start the product as a user does, with these settings; stopped afterwards."""
    build_page()
    made: list[Served] = []

    def start(**env: str) -> Served:
        made.append(Served(tmp_path / "data", env={"INGESTIO_LEASE_S": "2", **env}))
        made[-1].start()
        return made[-1]

    yield start
    for one in made:
        one.stop()


@pytest.fixture
def model() -> Generator[ScriptedModel]:
    """A provider of AI that answers as the test tells it."""
    made = ScriptedModel()
    yield made
    made.stop()
