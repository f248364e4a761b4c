"""README tells the truth: two commands, the map, every setting with its default."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ingestio.config import Settings
from tests.house.diagrams import with_diagrams
from tests.house.source import HOUSE, ROOT, top_level

README = (ROOT / "README.md").read_text(encoding="utf-8")
TEN_CHANGES = (
    "type",
    "plan",
    "error",
    "page",
    "column",
    "adapter",
    "setting",
    "status",
    "export",
    "metric",
)


def test_it_names_the_two_commands() -> None:
    assert "make run" in README
    assert "make test" in README


def test_its_map_names_every_room() -> None:
    the_map = re.search(r"## The map of the house\n.*?```\n(.*?)```", README, re.DOTALL)
    assert the_map
    named = set(re.findall(r"[a-z_]+", the_map.group(1)))
    rooms = top_level() | {path.name for path in (HOUSE / "web").iterdir() if path.is_dir()}

    assert rooms - {"__pycache__"} - named == set()


@pytest.mark.parametrize("change", TEN_CHANGES)
def test_it_says_where_a_change_belongs(change: str) -> None:
    section = README.split("## Where a change belongs")[1].split("\n## ")[0]

    assert re.search(rf"^\| an? (\w+ )?{change} ", section, re.MULTILINE)


@pytest.mark.parametrize("name", list(Settings.model_fields))
def test_its_table_has_every_setting_with_its_default(name: str) -> None:
    field = Settings.model_fields[name]
    row = re.search(rf"^\| `{field.validation_alias}` \| ([^|]*) \|", README, re.MULTILINE)

    assert row, f"{field.validation_alias} is not in README's table of settings"
    assert row.group(1).strip().strip("`") == _shown(field.default)


def _shown(default: Any) -> str:
    if hasattr(default, "get_secret_value"):
        default = default.get_secret_value()
    if isinstance(default, bool):
        return "on" if default else "off"
    if isinstance(default, float):
        return f"{default:g}"
    return str(default) or "-"


def test_every_make_target_is_listed_with_a_line_of_help() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE)) - {"chromium", "clamd"}
    helped = set(re.findall(r"^([a-z]+):.*## \S", makefile, re.MULTILINE))

    assert targets == helped


def test_its_state_machines_are_those_of_today() -> None:
    assert with_diagrams(README) == README, "run: python -m tests.house.diagrams"


def test_every_path_that_it_names_is_there() -> None:
    section = README.split("## Where a change belongs")[1].split("\n## ")[0]
    named = set(re.findall(r"`((?:[a-z0-9_]+/)+[a-z0-9_]*(?:\.py)?)", section))

    assert len(named) > len(TEN_CHANGES)
    assert {
        path for path in named if not any((top / path).exists() for top in (HOUSE, ROOT))
    } == set()
