"""Every query function on an owned table takes and uses `owner_id`, or stands on the list."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.house.source import Module, functions, is_public, modules, names_in

if TYPE_CHECKING:
    import ast

# No query functions live there.
NOT_QUERIES = {"db", "db.engine", "db.columns", "db.migrations"}
# Who asks for no owner because nobody is signed in, or because it works for everybody: the
# processor under its lease, sign-in, Stripe's webhook, the administrator, the sweeps. One entry a
# function, or a whole module whose charter says so.
FOR_THE_SYSTEM: dict[str, str] = {
    "db.claims.*": "the processor's claims; every write is fenced by the lease's token",
    "db.rollups.*": "kept in the transaction of a document's move, which has checked the owner",
    "db.drafts.untouched_since": "the purge of drafts that nobody came back to",
}


def _queries() -> list[tuple[Module, ast.FunctionDef | ast.AsyncFunctionDef]]:
    return [
        (module, function)
        for module in modules("db")
        if module.name not in NOT_QUERIES and not module.name.startswith("db.tables")
        for function in functions(module.tree)
        if is_public(function.name)
    ]


QUERIES = _queries()


def _is_listed(module: Module, function: str) -> bool:
    return f"{module.name}.{function}" in FOR_THE_SYSTEM or f"{module.name}.*" in FOR_THE_SYSTEM


@pytest.mark.parametrize(
    ("module", "function"), [pytest.param(m, f, id=f"{m.name}.{f.name}") for m, f in QUERIES]
)
def test_a_query_asks_for_its_owner(
    module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef
) -> None:
    if _is_listed(module, function.name):
        return
    arguments = {a.arg for a in [*function.args.args, *function.args.kwonlyargs]}

    assert "owner_id" in arguments, "no owner_id, and not on the list of the system's queries"
    assert any("owner_id" in names_in(line) for line in function.body), "owner_id is not used"


def test_the_list_names_only_what_exists() -> None:
    there = {f"{m.name}.{f.name}" for m, f in QUERIES} | {f"{m.name}.*" for m, _ in QUERIES}

    assert FOR_THE_SYSTEM.keys() - there == set()
