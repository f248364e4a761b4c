"""Every query function on an owned table takes and uses `owner_id`, or stands on the list."""

from __future__ import annotations

import ast

import pytest

from tests.house.source import Module, functions, is_public, modules, names_in

# No query functions live there.
NOT_QUERIES = {
    *("db", "db.engine", "db.columns", "db.migrations", "db.moves"),
    *("db.prepared", "db.outcomes"),  # how statements run, and what became of a transaction
}
# Who asks for no owner, because nobody is signed in or it works for everybody: the processor
# under its lease, sign-in, the sweeps, the administrator. A function each, or a whole module where
# its charter says so.
FOR_THE_SYSTEM: dict[str, str] = {
    "db.accounts.*": "sign-in, the operator, the payment side: before or beyond an owner",
    "db.claims.*": "the processor's claims; every write is fenced by the lease's token",
    "db.documents.*": "how a claim ends; fenced by the lease's token",
    "db.invariants.*": "what must hold over all rows; reads only",
    "db.ledger.*": "pages held, settled, given back under a claim; `balances` is for users",
    "db.mails.*": "the outbox's mails, sent by the processor",
    "db.operations.*": "the administrator's service and the webhook, over all users",
    "db.pause.*": "one row that is nobody's",
    "db.processors.*": "processes that run, nobody's rows",
    "db.queue.*": "figures over all documents for whoever runs it; reads only",
    "db.policies.*": "the walls themselves, made by migrations",
    "db.providers.*": "breakers of providers, nobody's rows; who is told of them",
    "db.rollups.*": "kept in the transaction of a document's move, which has checked the owner",
    "db.sweeps.*": "the upkeep after a start and by night; reads only",
    "db.notifications.untold": "the outbox, sent by the processor",
    "db.notifications.mark_told": "the outbox, sent by the processor",
    "db.notifications.queue_mail": "the outbox; the line carries its owner",
    "db.notifications.add": "the outbox; the line carries its owner",
    "db.results.save": "a result under a claim, which carries its owner",
    "db.results.log_attempt": "an attempt under a claim, which carries its owner",
    "db.results.seconds_a_page": "a speed over all attempts; no owner's data",
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
    assert _is_listed(module, function.name) or _asks_for_owner(function)


def _asks_for_owner(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether it takes `owner_id` and does something with it."""
    arguments = {a.arg for a in [*function.args.args, *function.args.kwonlyargs]}
    return "owner_id" in arguments and any("owner_id" in names_in(line) for line in function.body)


def test_the_list_names_only_what_exists() -> None:
    there = {f"{m.name}.{f.name}" for m, f in QUERIES} | {f"{m.name}.*" for m, _ in QUERIES}

    assert FOR_THE_SYSTEM.keys() - there == set()


@pytest.mark.parametrize(
    ("planted", "is_safe"),
    [
        ("def f(session, draft_id): return session.get(Batch, draft_id)", False),
        ("def f(session, owner_id, draft_id): return session.get(Batch, draft_id)", False),
        ("def f(session, owner_id): return select(Batch).where(Batch.user_id == owner_id)", True),
    ],
)
def test_a_planted_query_without_an_owner_is_found(planted: str, *, is_safe: bool) -> None:
    (function,) = functions(ast.parse(planted))

    assert _asks_for_owner(function) is is_safe
