"""SQL is spoken in `db` only: no other room writes a statement, not even as text."""

from __future__ import annotations

import ast
import re

from tests.house.source import modules

STATEMENT = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|CREATE\s+TABLE|PRAGMA)\b",
    re.DOTALL,
)
# A cache of its own file, not a record: the adapter is where that vendor's language belongs.
OWN_STORE = {"adapters.embedded_kv"}


def test_no_statement_stands_outside_db() -> None:
    found = {
        m.name: node.value.strip()[:60]
        for m in modules()
        if m.name.split(".")[0] != "db" and m.name not in OWN_STORE
        for node in ast.walk(m.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and STATEMENT.search(node.value)
    }

    assert found == {}
