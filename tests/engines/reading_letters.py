"""Short documents of every type in several languages, with what a person reads on them.

`letters/NAME.txt` has the type and values above a line of dashes, and the text below it as `made`
takes it. They were written for these tests; every name in them is made up.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ingestio.domain.documents import DocumentKind


@dataclass(frozen=True, slots=True)
class Letter:
    """A text, its type, and some of its values."""

    kind: DocumentKind
    text: str
    values: dict[str, str]


def _read(path: Path) -> Letter:
    head, _, text = path.read_text(encoding="utf-8").partition("---\n")
    values = dict(line.split(": ", 1) for line in head.splitlines())
    return Letter(DocumentKind(values.pop("type")), text, values)


LETTERS = {
    path.stem: _read(path) for path in sorted(Path(__file__).with_name("letters").glob("*.txt"))
}
