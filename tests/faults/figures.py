"""What a fault test measured: a line for the reader, and one a run in `INGESTIO_FIGURES`."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

SETTING = "INGESTIO_FIGURES"


def note(row: str, what: str, numbers: dict[str, object]) -> None:
    """Say what came out for one row of the table of faults; in the file as a JSON line."""
    said = ", ".join(f"{name} {value}" for name, value in numbers.items())
    sys.stdout.write(f"fault {row}, {what}: {said}\n")
    if path := os.environ.get(SETTING):
        with Path(path).open("a") as file:
            file.write(json.dumps({"row": row, "what": what, **numbers}) + "\n")


def p99(values: list[float]) -> float:
    """What one in a hundred exceeds; of few values the largest."""
    return sorted(values)[min(len(values) - 1, int(len(values) * 0.99))]
