"""`python -m tests.house.diagrams`: draw the state machines into README, from the domain's tables.

What it writes stands between two comments there; a test says where README is behind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ingestio.domain import batches, documents
from ingestio.domain.usage import MOVES as ENTRY_MOVES
from tests.house.source import ROOT

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

README: Final = ROOT / "README.md"
BEGIN: Final = "<!-- state machines: written by `python -m tests.house.diagrams` -->"
END: Final = "<!-- end of state machines -->"


def drawn() -> str:
    """All three machines, as they stand in README."""
    return "".join(
        (
            _one("A document", documents.MOVES, documents.ENDED, "generation + 1"),
            _one("A batch", batches.MOVES, batches.ENDED, "round + 1"),
            _one("A ledger entry", ENTRY_MOVES, (), ""),
        )
    )


def with_diagrams(text: str) -> str:
    """README with the machines of today between its two comments."""
    before, _, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        msg = f"README has no place for the state machines: {BEGIN} ... {END}"
        raise LookupError(msg)
    return f"{before}{BEGIN}\n\n{drawn()}{END}{after}"


def _one(title: str, moves: Mapping[Any, frozenset[Any]], ended: Collection[Any], anew: str) -> str:
    """Born out of the dot, and back into it from where no move leads out."""
    lines = [f"  [*] --> {state}" for state in sorted(moves[None])]
    for before in (state for state in moves if state is not None):
        for after in sorted(moves[before]):
            begins_anew = before in ended and after not in ended
            lines.append(f"  {before} --> {after}{f': {anew}' if begins_anew else ''}")
        if not moves[before]:
            lines.append(f"  {before} --> [*]")
    return "\n".join((f"{title}:", "", "```mermaid", "stateDiagram-v2", *lines, "```", "", ""))


if __name__ == "__main__":
    README.write_text(with_diagrams(README.read_text(encoding="utf-8")), encoding="utf-8")
