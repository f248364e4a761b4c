"""Bugs to plant in the product, each in one line or two, and how many lives it takes to find them.

The one place where our own code is patched: what is tested here is the simulator. `python -m
tests.sim.planted` prints the table.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import bindparam, update

from ingestio.db import claims, documents, ledger, notifications, rollups, tables
from ingestio.db.engine import SYSTEM
from ingestio.domain.documents import DocumentStatus
from ingestio.services.answers import Answers
from ingestio.services.steps import Steps
from tests.sim.fate import Violation
from tests.sim.lives import Lives, folder_in_memory, make_empty

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

Plant = Callable[[pytest.MonkeyPatch], None]
ENOUGH = 50
_documents = tables.table_of(tables.Document)
_periods = tables.table_of(tables.UsagePeriod)


def fencing_removed(patch: pytest.MonkeyPatch) -> None:
    """Any token will do."""
    any_token = _documents.c.lease_token > bindparam("token") - 1_000
    for name in ("_END", "_PUT_BACK"):
        statement = getattr(documents, name)._clone()
        of_it = _documents.c.id == bindparam("of_document")
        statement._where_criteria = (of_it, any_token, documents._PROCESSING)
        patch.setattr(documents, name, statement)


def conditional_update_split(patch: pytest.MonkeyPatch) -> None:
    """Look for pages in one transaction, reserve them in the next without looking again."""
    claim_in, next_up = Steps._claim_in, claims.next_up
    reserve = ledger._RESERVE._clone()
    reserve._where_criteria = reserve._where_criteria[:2]
    patch.setattr(ledger, "_RESERVE", reserve)

    def split(
        self: Steps, session: Session, passed_over: set, current: set = frozenset()
    ) -> object:
        found = seen.pop(self.me, None)
        if found is None:
            return claim_in(self, session, passed_over, current)
        patch.setattr(claims, "next_up", lambda *_: found)
        try:
            return claim_in(self, session, passed_over, current)
        finally:
            patch.setattr(claims, "next_up", next_up)

    seen: dict[str, claims.Candidate | None] = {}  # each server's, by its name
    try_claim = Steps._try_claim

    def look_first(self: Steps, passed_over: set, current: set = frozenset()) -> object:
        now = self.clock.now()
        seen[self.me] = self.database.write_relaxed(
            SYSTEM, lambda session: next_up(session, now, passed_over)
        )
        return try_claim(self, passed_over, current)

    patch.setattr(Steps, "_claim_in", split)
    patch.setattr(Steps, "_try_claim", look_first)


def settled_twice(patch: pytest.MonkeyPatch) -> None:
    settle = ledger.settle

    def twice(session: Session, document_id, generation, now) -> None:
        settle(session, document_id, generation, now)
        more = update(_periods).values(used_pages=_periods.c.used_pages + 1)
        session.connection().execute(more)

    patch.setattr(ledger, "settle", twice)


def release_forgotten(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(ledger, "release", lambda *_: None)


def lease_never_taken_over(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(claims, "take_over", lambda *_: None)


def rolled_up_before_saved(patch: pytest.MonkeyPatch) -> None:
    """The batch hears of the end in a transaction of its own, before there is one."""
    note, finish = documents._note, Steps.finish

    def early(self: Steps, claim, answer) -> bool:
        before, after = DocumentStatus.PROCESSING, DocumentStatus.COMPLETED
        now = self.clock.now()
        self.database.write_relaxed(
            SYSTEM, lambda session: note(session, claim, before, after, now)
        )
        patch.setattr(documents, "_note", lambda *_: None)
        try:
            return finish(self, claim, answer)
        finally:
            patch.setattr(documents, "_note", note)

    patch.setattr(Steps, "finish", early)


def outbox_outside_the_transaction(patch: pytest.MonkeyPatch) -> None:
    """The line is written after the commit, by who has not died before."""
    end, lines = Steps._end, []
    insert = rollups._OUTBOX["sqlite"]

    def later(self: Steps, claim, work) -> bool:
        is_ours = end(self, claim, work)
        while lines:
            line = lines.pop()
            self.database.write_relaxed(
                SYSTEM, lambda session, line=line: session.connection().execute(insert, line)
            )
        return is_ours

    patch.setattr(rollups, "_OUTBOX", {"sqlite": _nothing()})
    patch.setattr(Steps, "_end", later)


def _nothing() -> object:
    """A statement that changes no row, with the parameters of the one it stands for."""
    outbox = tables.table_of(tables.OutboxMessage)
    values = {name: bindparam(name) for name in ("batch_id", "round", "kind")}
    return update(outbox).where(outbox.c.batch_id != outbox.c.batch_id).values(**values)


def wait_never_resumed(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(documents, "resume", lambda *_: 0)


def token_reused(patch: pytest.MonkeyPatch) -> None:
    """A claim takes the token that it finds."""
    for name in ("_TAKE", "_TAKE_OVER"):
        statement = getattr(claims, name)._clone()
        patch.setattr(claims, name, statement.values(lease_token=_documents.c.lease_token))
    next_up = claims.next_up

    def same(*args: object) -> claims.Candidate | None:
        found = next_up(*args)
        return found and replace(found, claim=replace(found.claim, token=found.claim.token - 1))

    patch.setattr(claims, "next_up", same)


def counts_not_moved(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rollups, "_shift_batch", lambda *_: None)


def load_not_moved(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(rollups, "shift_load", lambda *_, **__: None)


def told_again_and_again(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(notifications, "mark_told", lambda *_: True)


def answer_on_disk_not_read(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Answers, "get", lambda *_: None)


PLANTS: tuple[Plant, ...] = (
    fencing_removed,
    conditional_update_split,
    settled_twice,
    release_forgotten,
    lease_never_taken_over,
    rolled_up_before_saved,
    outbox_outside_the_transaction,
    wait_never_resumed,
    token_reused,
    counts_not_moved,
    load_not_moved,
    told_again_and_again,
    answer_on_disk_not_read,
)


def found_in(lives: Lives, plant: Plant) -> tuple[int, str] | None:
    """How many lives it took to find the bug, and what was found; None where it was not.

    Raises:
        Violation: the same life is none the better without the bug.
    """
    found = None
    with pytest.MonkeyPatch.context() as patch:
        plant(patch)
        for seed in range(ENOUGH):
            try:
                lives.live(seed)
            except Violation as violation:
                found = seed, str(violation)
                break
    if found is None:
        return None
    lives.live(found[0])
    return found[0] + 1, found[1]


def main() -> int:
    """Print within how many lives each is found; 0 where all are."""
    with folder_in_memory() as folder, Lives(make_empty(folder), folder) as lives:
        found = {plant.__name__: found_in(lives, plant) for plant in PLANTS}
    for name, seen in found.items():
        print(f"{name}: {f'{seen[0]} lives' if seen else 'NOT FOUND'}")
        if seen and "-v" in sys.argv:
            print("   ", seen[1].splitlines()[0][:300])
    return 0 if all(found.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
