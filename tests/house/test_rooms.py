"""How a module looks: charter, name, length; nothing unfinished."""

from __future__ import annotations

import ast
import re

import pytest

from tests.house.source import HOUSE, ROOT, Module, modules, tracked

NO_ROOM = re.compile(r"(^|[._])(utils?|helpers?|common|core|managers?|misc)($|\.)")
LONGEST_LINES = 400
# Spelt apart, so that this file is not found by its own search.
UNFINISHED = re.compile(
    "|".join(("TO" + "DO", "FIX" + "ME", "NotImplemented" + "Error", "X" + "XX"))
)


@pytest.mark.parametrize("module", modules(), ids=lambda m: m.name or "ingestio")
def test_a_module_opens_with_what_it_answers(module: Module) -> None:
    assert ast.get_docstring(module.tree)


def test_a_package_says_what_lives_in_it() -> None:
    short = [
        str(path.relative_to(HOUSE))
        for path in HOUSE.rglob("__init__.py")
        if len((ast.get_docstring(ast.parse(path.read_text())) or "").split()) < 8
    ]

    assert short == []


def test_no_room_is_a_drawer_for_everything() -> None:
    assert [m.name for m in modules() if NO_ROOM.search(m.name)] == []


def test_no_file_is_longer_than_can_be_read_at_once() -> None:
    ours = [
        p for p in tracked() if p.suffix == ".py" and p.parts[0] in {"ingestio", "tests", "bench"}
    ]
    long = {
        str(p): n for p in ours if (n := len((ROOT / p).read_text().splitlines())) > LONGEST_LINES
    }

    assert long == {}


def test_nothing_unfinished_is_committed() -> None:
    found = {m.name: hit.group() for m in modules() if (hit := UNFINISHED.search(m.text))}

    assert found == {}
