"""Which way imports point, as pyproject.toml says it to a program."""

from __future__ import annotations

import tomllib

from importlinter.cli import lint_imports

from tests.house.source import ROOT, top_level


def test_imports_keep_every_contract(capfd) -> None:
    broken = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)

    assert broken == 0, capfd.readouterr().out


def test_every_top_level_module_has_a_floor() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    layers = next(c for c in settings["contracts"] if c["type"] == "layers")
    floors = {
        part.strip() for layer in layers["layers"] for part in layer.replace(":", "|").split("|")
    }

    assert layers["exhaustive"] is True
    assert floors == top_level()
