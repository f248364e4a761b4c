"""The API as it is mounted, over real services on a data folder of their own."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update
from starlette.responses import HTMLResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from ingestio import bootstrap
from ingestio.api.app import build_api, walls
from ingestio.config import Settings
from ingestio.db import migrations
from ingestio.db.engine import SYSTEM
from ingestio.db.tables import User, table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from httpx import Response
    from starlette.types import ASGIApp

    from ingestio.bootstrap import Services
    from ingestio.domain.accounts import Actor

SAMPLES = Path(__file__).parents[1] / "samples"
ORIGIN = "http://localhost:3000"
CRON_SECRET = "c" * 40
PASSWORD = "correct horse battery"
_numbers = count(1)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """As `make run` has them, in a folder of their own."""
    return Settings(
        data_dir=tmp_path_factory.mktemp("api") / "data",
        cron_secret=CRON_SECRET,
        concurrency=2,
        _env_file=None,
    )


@pytest.fixture(scope="session")
def house(settings: Settings) -> Generator[Services]:
    """Every service, real; its helpers are ended afterwards."""
    made = bootstrap.build(settings)
    migrations.upgrade(made.database)
    yield made
    made.processor.stop(1)
    made.local_engine.stop()
    made.counter.stop()
    made.database.dispose()


@pytest.fixture
def served(house: Services) -> Generator[ASGIApp]:
    """The API behind its walls, with a plain page where Reflex would be mounted."""
    before = bootstrap._services
    bootstrap.use(house)
    api = build_api()
    api.routes.append(Route("/{path:path}", _page))
    yield walls(api)
    bootstrap._services = before


async def _page(_request: object) -> HTMLResponse:
    return HTMLResponse("<p>A page</p>", headers={"ETag": "x"})


@pytest.fixture
def nobody(served: ASGIApp) -> TestClient:
    """A client without key or session, at an address of its own."""
    return _client(served)


def _client(served: ASGIApp) -> TestClient:
    number = next(_numbers)
    return TestClient(
        served,
        base_url=ORIGIN,
        raise_server_exceptions=False,
        follow_redirects=False,
        client=(f"10.1.{number // 250}.{number % 250}", 50_000),
    )


@dataclass
class Person:
    """An account with a key, and the calls it makes."""

    email: str
    actor: Actor
    client: TestClient

    def get(self, path: str, **options: Any) -> Response:
        return self.client.get(f"/api/v1{path}", **options)

    def post(self, path: str, **options: Any) -> Response:
        return self.client.post(f"/api/v1{path}", **options)

    def delete(self, path: str) -> Response:
        return self.client.delete(f"/api/v1{path}")

    def submit(self, *names: str, **fields: str) -> Response:
        """Send samples, or other files as (name, bytes)."""
        sent = [
            ("files", (name, (SAMPLES / name).read_bytes()))
            if isinstance(name, str)
            else ("files", name)
            for name in names
        ]
        return self.post("/batches", files=sent, data={"strategy": "auto", **fields})


@pytest.fixture
def person(house: Services, served: ASGIApp) -> Callable[..., Person]:
    """`person()`: a new account on the plan that new accounts have."""

    def make(plan: str = "growth") -> Person:
        email = f"user{next(_numbers)}@example.org"
        accounts = house.accounts
        number = next(_numbers)
        token = accounts.sign_up(email, PASSWORD, f"10.{number // 250}.{number % 250}.1")
        actor = accounts.actor_of_session(token)
        if plan != "growth":
            _set_plan(house, actor, plan)
        client = _client(served)
        client.headers["Authorization"] = f"Bearer {accounts.issue_key(email)}"
        return Person(email, actor, client)

    return make


def _set_plan(house: Services, actor: Actor, plan: str) -> None:
    users = table_of(User)
    house.database.write(
        SYSTEM,
        lambda s: s.execute(update(users).where(users.c.id == actor.user_id).values(plan=plan)),
    )


@pytest.fixture
def work_off(house: Services) -> Callable[[], None]:
    """Let the processor finish what waits."""

    def work() -> None:
        for _ in range(50):
            if not house.processor.run_once():
                break
            house.processor.drain(60)
        house.processor.drain(60)

    return work
