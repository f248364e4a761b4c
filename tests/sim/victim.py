"""A server to be killed: the processor on a given SQLite file, with a stub for an engine.

`python -m tests.sim.victim` reads orders, a JSON object a line, and answers each with how it ended.
Each order is carried out in a process of its own, forked before there is any thread or connection,
so that a kill costs hundredths of a second where a start from nothing costs a second.
"""

from __future__ import annotations

import json
import os
import sys
import time
import traceback
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sqlmodel import col, func, select

from ingestio.adapters.system_clock import SystemClock
from ingestio.config import Settings
from ingestio.db.engine import SYSTEM, Database
from ingestio.db.tables import Document, UsagePeriod
from ingestio.domain.documents import DocumentStatus
from ingestio.services.crew import Crew
from ingestio.services.gates import Gate
from ingestio.services.processor import Processor
from tests.sim.outside import PaidEngine
from tests.wiring import House, build

if TYPE_CHECKING:
    from datetime import datetime

AT_ONCE = 4
TAKES_S = 0.01
TICK_S = 0.1
OPEN = (DocumentStatus.UPLOADED, DocumentStatus.PROCESSING)


@dataclass(frozen=True)
class Order:
    """What a server is to do: work until nothing is open, or until it dies at its failpoint.

    `is_elsewhere` lets its leases look like another machine's: nobody can see that it is gone, so
    they have to run out.
    """

    url: str
    folder: str
    lease_s: float
    failpoint: str = ""
    is_elsewhere: bool = False
    give_up_after_s: float = 30.0


def serve() -> None:
    """Carry out one order after the other; what the product logs is not the answer."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    for line in sys.stdin:
        child = os.fork()
        if not child:
            _be(Order(**json.loads(line)))
        _, status = os.waitpid(child, 0)
        answers.write(f"{os.waitstatus_to_exitcode(status)}\n")
        answers.flush()


def _be(order: Order) -> None:
    try:
        _work(order)
    except BaseException:  # noqa: BLE001  a fork must not go on as its parent
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def _work(order: Order) -> None:
    house = build(Database(order.url), Path(order.folder), clock=SystemClock(), engine=PaidEngine())
    house.billing.period = _period(house.database)
    processor = _processor(house, order)
    give_up_at = time.monotonic() + order.give_up_after_s
    while _open(house.database) and time.monotonic() < give_up_at:
        processor.run_once()
        processor.drain(TICK_S)
        time.sleep(TICK_S / 10)
    processor.sweep()
    processor.stop()


def _processor(house: House, order: Order) -> Processor:
    asked = Path(order.folder) / "asked"

    def note(document) -> None:
        with asked.open("a") as file:
            file.write(f"{document.sha256}\n")

    house.engine.before, house.engine.takes_s = note, TAKES_S
    made = Processor.build(
        Settings(failpoint=order.failpoint, lease_s=order.lease_s, concurrency=AT_ONCE),
        database=house.database,
        extraction=house.extraction,
        usage=house.usage,
        providers=house.providers,
        notifications=house.notifications,
        feed=house.feed,
        queue=house.queue,
        clock=house.clock,
    )
    if not order.is_elsewhere:
        return made
    me = f"elsewhere:{os.getpid()}:1"
    steps = replace(made.steps, me=me)
    gate = Gate(house.providers, house.engine.name, me, AT_ONCE)
    return replace(made, steps=steps, crew=Crew(steps, AT_ONCE, gate))


def _period(database: Database) -> tuple[datetime, datetime]:
    """The month that was paid for: with another one the sweep would end it now."""
    with database.read(SYSTEM) as session:
        return session.exec(select(col(UsagePeriod.starts_at), col(UsagePeriod.ends_at))).one()


def _open(database: Database) -> int:
    with database.read(SYSTEM) as session:
        return session.exec(select(func.count()).where(col(Document.status).in_(OPEN))).one()


if __name__ == "__main__":
    serve()
