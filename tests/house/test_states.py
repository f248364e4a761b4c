"""Every event handler is a public call: it resolves an Actor itself, or is listed as public."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.source import Module, functions, is_public, modules, names_in

# Handlers that nobody has to be signed in for, and why that is safe.
PUBLIC = {
    "LoginState.show_password": "what the visitor typed, in the visitor's own page",
    "LoginState.to_dashboard": "leads on; the dashboard asks who it is",
    "NoticeState.tell": "changes nothing but the caller's own notices",
    "NoticeState.dismiss": "changes nothing but the caller's own notices",
}
RESOLVES = {"_actor"}
COMPUTED = {"var", "cached_var", "property", "staticmethod"}


@dataclass(frozen=True, slots=True)
class State:
    module: Module
    tree: ast.ClassDef

    @property
    def handlers(self) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
        """What a stranger's socket may name: every public method that is no computed variable."""
        return [
            function
            for function in functions(self.tree)
            if is_public(function.name) and not COMPUTED & _decorators(function)
        ]


def _decorators(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    return {name for decorator in function.decorator_list for name in names_in(decorator)}


def _states(where: tuple[Module, ...]) -> list[State]:
    """Every class in the web room that descends from Reflex's State."""
    classes = [
        (module, node)
        for module in where
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef)
    ]
    known = {"State", "ComponentState"}
    while True:
        more = {node.name for _, node in classes if known & _bases(node)} - known
        if not more:
            return [State(module, node) for module, node in classes if known & _bases(node)]
        known |= more


def _bases(node: ast.ClassDef) -> set[str]:
    return {name for base in node.bases for name in names_in(base)}


def _resolves(state: State, function: ast.AST) -> bool:
    """Whether a handler asks for the Actor: itself, by `live.follow`, or by a method it calls."""
    own = {method.name: method for method in functions(state.tree)}
    seen: set[str] = set()
    todo = [function]
    while todo:
        piece = todo.pop()
        if _asks(piece):
            return True
        called = _methods_called(piece) - seen
        seen |= called
        todo += [own[name] for name in called if name in own]
    return False


def _asks(piece: ast.AST) -> bool:
    for call in ast.walk(piece):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
            continue
        follows = call.func.attr == "follow" and names_in(call.func.value) == {"live"}
        if call.func.attr in RESOLVES or follows:
            return True
    return False


def _methods_called(piece: ast.AST) -> set[str]:
    return {
        call.func.attr
        for call in ast.walk(piece)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "self"
    }


STATES = _states(modules("web"))
HANDLERS = [
    pytest.param(state, function, id=f"{state.tree.name}.{function.name}")
    for state in STATES
    for function in state.handlers
]


@pytest.mark.parametrize(("state", "function"), HANDLERS)
def test_an_event_handler_resolves_an_actor(state: State, function: ast.AST) -> None:
    name = f"{state.tree.name}.{function.name}"

    assert name in PUBLIC or _resolves(state, function), f"{name} in {state.module.path}"


def test_the_public_list_names_only_handlers_that_exist() -> None:
    assert {p.id for p in HANDLERS} >= PUBLIC.keys()


def test_no_state_variable_is_typed_with_a_table() -> None:
    tables = {
        node.name
        for module in modules("db/tables")
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ClassDef) and any(k.arg == "table" for k in node.keywords)
    }
    typed = {
        f"{state.tree.name}.{ast.unparse(line.target)}: {ast.unparse(line.annotation)}"
        for state in STATES
        for line in state.tree.body
        if isinstance(line, ast.AnnAssign)
        and _imported_tables(state.module) & names_in(line.annotation)
    }

    assert tables
    assert typed == set()


def _imported_tables(module: Module) -> set[str]:
    """Names that a module takes from the room of tables; there should be none at all."""
    return {
        alias.asname or alias.name
        for node in ast.walk(module.tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ingestio.db")
        for alias in node.names
    }


def test_no_handler_holds_a_broad_except() -> None:
    """Errors are mapped once, in `notices.of_error`; a handler catches by name or not at all."""
    broad = [
        f"{state.tree.name}.{function.name}"
        for state in STATES
        for function in state.handlers
        for node in ast.walk(function)
        if isinstance(node, ast.ExceptHandler)
        and (
            node.type is None
            or {"Exception", "BaseException", "IngestioError"} & names_in(node.type)
        )
    ]

    assert broad == []


PLANTED = """
class Base(rx.State): ...

class Page(Base):
    def naked(self): return services().batches.list(None)

    @rx.event(background=True)
    async def follows(self): await live.follow(self, read, self._show)

    @rx.event
    async def by_way_of_another(self): await self._load()

    async def _load(self): await call(services().usage.balance, await self._actor())

    @rx.var
    def computed(self) -> int: return 1
"""


def test_a_planted_handler_without_an_actor_is_found() -> None:
    module = Module("web.planted", Path("planted.py"), PLANTED, ast.parse(PLANTED))
    (_, page) = _states((module,))

    verdicts = {function.name: _resolves(page, function) for function in page.handlers}

    assert verdicts == {"naked": False, "follows": True, "by_way_of_another": True}
