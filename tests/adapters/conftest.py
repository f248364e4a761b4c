"""The engine that asks a model, its helpers, and the scripted server that it asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ingestio.adapters.helper_processes import HelperPool
from ingestio.adapters.openai_engine import OpenAIEngine
from tests.scripted_model import ScriptedModel

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def model() -> Iterator[ScriptedModel]:
    made = ScriptedModel()
    yield made
    made.stop()


@pytest.fixture(scope="session")
def helpers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[HelperPool]:
    pool = HelperPool(1, tmp_path_factory.mktemp("helpers"))
    yield pool
    pool.stop()


@pytest.fixture
def engine(model: ScriptedModel, helpers: HelperPool) -> OpenAIEngine:
    return OpenAIEngine("sk-test", model.url, "scripted", helpers, timeout_s=1.0)
