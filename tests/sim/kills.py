"""Real kills: a processor dies by SIGKILL at a named place, the next one goes on.

Answers with what it cost: pages charged twice, documents lost, calls to the engine too many, time
until what was in work had ended. `python -m tests.sim.kills 50` kills so often at each place and
prints the table (`reliability` rows 1-6).
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

from sqlmodel import col, select

from ingestio import failpoints
from ingestio.db.engine import SYSTEM, Database
from ingestio.db.tables import Document
from ingestio.domain.documents import DocumentStatus
from tests.fakes import SetClock
from tests.sim.lives import folder_in_memory, make_empty
from tests.sim.victim import AT_ONCE, TICK_S, Order
from tests.wiring import House, build

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from ingestio.domain.accounts import Actor

DOCUMENTS, PAGES = 12, 2
LEASE_S = 2.0
TOGETHER = 4
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Kill:
    """What one kill cost. `recovery_s`: until what was in work had ended; None: nothing was."""

    place: str
    was_killed: bool
    in_work: int
    lost: int
    pages_too_many: int
    asked_twice: int
    notifications: int
    left_open: int
    broken: tuple[str, ...]
    recovery_s: float | None


class Servers:
    """Starts servers one after the other, from a process that has everything loaded."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.sim.victim"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def run(self, order: Order) -> int:
        """One server's life; how it ended, as `subprocess` says it."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(asdict(order)) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def kill(servers: Servers, empty: Path, folder: Path, place: str, chance: random.Random) -> Kill:
    """Kill one server at this place, the n-th time it comes there, and let the next one work."""
    house, owner = _prepare(empty, folder)
    url = house.database.engine.url.render_as_string()
    order = Order(
        url,
        str(folder),
        LEASE_S,
        failpoint=f"{place}:{chance.randint(1, DOCUMENTS - AT_ONCE)}",
        is_elsewhere=chance.random() < 0.5,
    )
    was_killed = servers.run(order) == -signal.SIGKILL
    died_at, held = datetime.now(UTC), _in_work(house)
    servers.run(Order(url, str(folder), LEASE_S))
    try:
        return _seen(house, owner, folder, place, was_killed=was_killed, died_at=died_at, held=held)
    finally:
        house.database.dispose()


def kill_often(places: Sequence[str], times: int, seed: int = 0) -> list[Kill]:
    """So many kills at each of these places, some at a time: they mostly wait for a lease."""
    orders = [(place, seed + number) for place in places for number in range(times)]
    shares = [orders[at::TOGETHER] for at in range(TOGETHER)]
    with folder_in_memory() as folder, ThreadPoolExecutor(TOGETHER) as pool:
        empty = make_empty(folder)
        done = pool.map(lambda share: _kill_all(empty, share), shares)
        return [one for some in done for one in some]


def table(kills: Sequence[Kill]) -> str:
    """The figures to report, a line a place."""
    by_place: dict[str, list[Kill]] = {}
    for one in kills:
        by_place.setdefault(one.place, []).append(one)
    head = "place            kills  in work  lost  pages twice  AI calls twice  recovery p95"
    return "\n".join([head, *(_line(place, some) for place, some in by_place.items())])


def _line(place: str, kills: Sequence[Kill]) -> str:
    times_s = sorted(one.recovery_s for one in kills if one.recovery_s is not None)
    p95 = f"{times_s[int(0.95 * (len(times_s) - 1))]:.2f} s" if times_s else "-"
    return (
        f"{place:<16} {sum(one.was_killed for one in kills):>5}"
        f"  {sum(one.in_work for one in kills):>7}"
        f"  {sum(one.lost for one in kills):>4}"
        f"  {sum(one.pages_too_many for one in kills):>11}"
        f"  {sum(one.asked_twice for one in kills):>14}  {p95:>12}"
    )


def _kill_all(empty: Path, orders: Sequence[tuple[str, int]]) -> list[Kill]:
    with Servers() as servers:
        return [_kill_in_folder(servers, empty, place, seed) for place, seed in orders]


def _kill_in_folder(servers: Servers, empty: Path, place: str, seed: int) -> Kill:
    with folder_in_memory() as folder:
        return kill(servers, empty, folder, place, random.Random(f"{place} {seed}"))  # noqa: S311


def _prepare(empty: Path, folder: Path) -> tuple[House, Actor]:
    """A batch that waits, of a user with enough pages."""
    shutil.copyfile(empty, folder / "killed.sqlite3")
    clock = SetClock(datetime.now(UTC))
    house = build(Database(f"sqlite:///{folder / 'killed.sqlite3'}"), folder, clock=clock)
    month = timedelta(days=30)
    house.billing.period = (clock.at - month, clock.at + month)
    owner = house.user()
    house.usage.balance(owner)
    house.submit(owner, [PAGES] * DOCUMENTS)
    return house, owner


def _in_work(house: House) -> set[UUID]:
    with house.database.read(SYSTEM) as session:
        in_work = col(Document.status) == DocumentStatus.PROCESSING
        return set(session.exec(select(col(Document.id)).where(in_work)))


def _seen(
    house: House,
    owner: Actor,
    folder: Path,
    place: str,
    *,
    was_killed: bool,
    died_at: datetime,
    held: set[UUID],
) -> Kill:
    with house.database.read(SYSTEM) as session:
        rows = session.exec(
            select(col(Document.id), col(Document.status), col(Document.updated_at))
        ).all()
    ended = [at for document_id, _, at in rows if document_id in held]
    completed = sum(status is DocumentStatus.COMPLETED for _, status, _ in rows)
    balance = house.usage.balance(owner)
    asked = (folder / "asked").read_text().split()
    return Kill(
        place,
        was_killed,
        in_work=len(held),
        lost=DOCUMENTS - completed,
        pages_too_many=balance.used_pages - PAGES * completed,
        asked_twice=len(asked) - len(set(asked)),
        notifications=len(house.notifications.unread(owner)),
        left_open=balance.reserved_pages,
        broken=tuple(house.processor().check_invariants()),
        recovery_s=(max(ended) - died_at).total_seconds() if ended else None,
    )


def main() -> int:
    """Kill at every place; 0 where nothing was lost, doubled or stuck."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    began_s = time.monotonic()
    kills = kill_often(failpoints.NAMES, times)
    bad = [one for one in kills if problems(one)]
    print(table(kills))
    print(f"{len(kills)} kills, {len(bad)} with problems, {time.monotonic() - began_s:.0f} s")
    for one in bad:
        print(problems(one), one)
    return 1 if bad else 0


def problems(one: Kill, slack_s: float = 1.0) -> list[str]:
    """What may not be, in words. `slack_s` is for starting the next server and reading again."""
    longest_s = LEASE_S + TICK_S + slack_s
    checks = {
        "nobody was killed": not one.was_killed,
        "documents were lost": one.lost != 0,
        "pages were charged twice": one.pages_too_many != 0,
        "pages are still held": one.left_open != 0,
        "not exactly one notification": one.notifications != 1,
        "asked again what was not in work": one.asked_twice > one.in_work,
        "stuck for more than a lease": (one.recovery_s or 0) > longest_s,
    }
    return [*(sentence for sentence, is_so in checks.items() if is_so), *one.broken]


if __name__ == "__main__":
    sys.exit(main())
