"""The engine reads documents it has never seen: nothing in the house names one of the samples."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.house.source import modules

SAMPLES = Path(__file__).parents[1] / "samples"
NAMING = re.compile(r"(?:vendor|merchant|customer|employer|employee|shipper|consignee|insurer)$")
SHORTEST = 6


def telling() -> list[str]:
    """Ids, hashes, source files, numbers and names of the samples: what code could be tuned to."""
    found: set[str] = set()
    for sample in json.loads((SAMPLES / "manifest.json").read_text())["docs"]:
        found |= {sample["id"], sample["sha256"]}
        stem = Path(sample["source"]["path"]).stem
        found |= {stem} if len(stem) >= SHORTEST else set()
        for name, value in sample["fields"].items():
            is_number = name.endswith(("_number", "_id", "iban", "vin", "email"))
            if (is_number or NAMING.search(name)) and len(value) >= SHORTEST:
                found.add(value)
    return sorted(found - {"invoice"})


@pytest.mark.parametrize("text", telling())
def test_no_module_names_a_sample(text: str) -> None:
    naming = [module.name for module in modules() if text.lower() in module.text.lower()]
    assert naming == []


def test_the_list_is_not_empty() -> None:
    assert len(telling()) > len(list(SAMPLES.glob("*.*"))) > 1
