"""The house as text: what the tests of its rules read."""

from __future__ import annotations

import ast
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOUSE = ROOT / "ingestio"


@dataclass(frozen=True, slots=True)
class Module:
    """One module of ours: its dotted name without the package's own, its text and tree."""

    name: str
    path: Path
    text: str
    tree: ast.Module

    @property
    def lines(self) -> int:
        """How long it is."""
        return self.text.count("\n")


@cache
def modules(room: str = "") -> tuple[Module, ...]:
    """Every module of a room, or of the house; a package goes by its own name."""
    return tuple(_read(path) for path in sorted((HOUSE / room).rglob("*.py")))


def _read(path: Path) -> Module:
    text = path.read_text(encoding="utf-8")
    parts = path.relative_to(HOUSE).with_suffix("").parts
    name = ".".join(part for part in parts if part != "__init__")
    return Module(name, path, text, ast.parse(text))


@cache
def top_level() -> frozenset[str]:
    """The rooms and single modules that stand directly in the house."""
    return frozenset(
        path.stem for path in HOUSE.iterdir() if path.suffix == ".py" or _is_package(path)
    ) - {"__init__"}


def _is_package(path: Path) -> bool:
    return (path / "__init__.py").exists()


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that is committed, or about to be; relative to the root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(Path(name) for name in listed.stdout.split("\0") if (ROOT / name).is_file())


def functions(tree: ast.AST) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions directly in a module's or a class's body."""
    return [
        node
        for node in ast.iter_child_nodes(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def is_public(name: str) -> bool:
    """Whether it is meant for others."""
    return not name.startswith("_")


def names_in(node: ast.AST) -> set[str]:
    """Every name and attribute that a piece of code mentions."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} | {
        part.attr for part in ast.walk(node) if isinstance(part, ast.Attribute)
    }
