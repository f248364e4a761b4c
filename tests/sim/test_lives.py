"""Two hundred lives, and that a seed gives the same one again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.sim.lives import Lives

ROOT = Path(__file__).parents[2]
LIVES = 200
A_TEST = 20
TRACE = """
import sys
from tests.sim.lives import Lives, folder_in_memory, make_empty
with folder_in_memory() as folder, Lives(make_empty(folder), folder) as lives:
    sys.stdout.write("\\n".join(lives.live(int(sys.argv[1])).trace))
"""


@pytest.mark.long
@pytest.mark.parametrize("first", range(0, LIVES, A_TEST))
def test_everything_holds_through_a_life(lives: Lives, first: int):
    for seed in range(first, first + A_TEST):
        lives.live(seed)


def test_a_seed_gives_the_same_life_to_the_letter(lives: Lives):
    assert lives.live(7).trace == lives.live(7).trace


@pytest.mark.long
def test_another_process_lives_the_same_life(lives: Lives):
    here = "\n".join(lives.live(23).trace)
    for hash_seed in ("1", "2"):
        there = subprocess.run(
            [sys.executable, "-c", TRACE, "23"],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        assert there.splitlines()[-len(here.splitlines()) :] == here.splitlines()
