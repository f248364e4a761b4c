"""`python -m tests.sim SEEDS FIRST`: so many lives, on every processor there is.

Prints figures now and then and a sum at the end; ends with 1 at the first violation, and says how
to see it again.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import TYPE_CHECKING

from tests.sim.fate import Figures
from tests.sim.lives import folder_in_memory, live_some, make_empty

if TYPE_CHECKING:
    from pathlib import Path

AT_ONCE = 20
SAY_EVERY_S = 60


def main() -> int:
    """Live them all; 0 where everything held."""
    parser = argparse.ArgumentParser(prog="python -m tests.sim", description=__doc__)
    parser.add_argument("seeds", type=int, nargs="?", default=10_000)
    parser.add_argument("first", type=int, nargs="?", default=0)
    asked = parser.parse_args()
    with folder_in_memory() as folder:
        return _live_all(make_empty(folder), asked.seeds, asked.first)


def _live_all(empty: Path, seeds: int, first: int) -> int:
    began_s = said_s = time.monotonic()
    total, last = Figures(), first + seeds
    with ProcessPoolExecutor(os.cpu_count(), multiprocessing.get_context("spawn")) as pool:
        parts = [
            pool.submit(live_some, empty, at, min(at + AT_ONCE, last))
            for at in range(first, last, AT_ONCE)
        ]
        for part in as_completed(parts):
            figures, violation = part.result()
            total += figures
            if violation:
                pool.shutdown(wait=False, cancel_futures=True)
                print(violation)
                return 1
            if time.monotonic() - said_s > SAY_EVERY_S:
                said_s = time.monotonic()
                print(f"{total.lives:,} of {seeds:,} lives", flush=True)
    print(f"{total}; 0 violations, {time.monotonic() - began_s:,.0f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
