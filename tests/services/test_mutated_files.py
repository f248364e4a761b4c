"""Mutated PDFs and pictures through the whole intake: no crash, no hang, and no wrong count.

What is accepted must have the count that an independent reader gives of what was stored: pypdf, or
OpenCV for pictures; some damaged files only our own two readers can open. 500 files in every run,
20,000 with `-m proof`.
"""

from __future__ import annotations

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest

from ingestio.domain.documents import MediaType
from ingestio.domain.drafts import StagedStatus
from ingestio.domain.wording import WORDING
from tests import taking
from tests.independent import Readers
from tests.mutations import mutated

if TYPE_CHECKING:
    from ingestio.domain.accounts import Actor

TOGETHER = 50
AT_ONCE = 3
LONGEST_S = 20.0
"""Two helpers at a time of at most 10 s each, one behind the other."""


@dataclass
class Outcome:
    """What became of them all."""

    codes: Counter[str] = field(default_factory=Counter)
    accepted: Counter[MediaType] = field(default_factory=Counter)
    unread: int = 0
    wrong: list[str] = field(default_factory=list)
    longest_s: float = 0.0

    @property
    def total(self) -> int:
        return sum(self.codes.values())


def sent(desk: taking.Desk, actor: Actor, readers: Readers, numbers: range) -> Outcome:
    """So many mutations through one person's draft, which is emptied afterwards."""
    outcome = Outcome()
    for number in numbers:
        name, data = mutated(number)
        if not data:
            continue
        began = time.monotonic()
        staged = desk.send(actor, data, name)
        outcome.longest_s = max(outcome.longest_s, time.monotonic() - began)
        outcome.codes[staged.error_code or "accepted"] += 1
        if staged.status is StagedStatus.COMPLETE:
            outcome.accepted[staged.media_type] += 1
            with desk.stored_file(actor, staged.id) as path:
                pages = readers.pages(path, staged.media_type)
            if pages is None:
                outcome.unread += 1
            elif pages != staged.pages:
                outcome.wrong.append(f"{name}: {staged.pages}, but {pages} to another reader")
    draft = desk.intake.open_draft(actor)
    desk.intake.discard_draft(actor, draft.id)
    return outcome


def all_sent(desk: taking.Desk, numbers: range) -> Outcome:
    whole = Outcome()
    parts = [numbers[at : at + TOGETHER] for at in range(0, len(numbers), TOGETHER)]
    with Readers() as readers, ThreadPoolExecutor(AT_ONCE) as pool:
        for part in pool.map(lambda p: sent(desk, desk.actor(), readers, p), parts):
            whole.codes += part.codes
            whole.accepted += part.accepted
            whole.unread += part.unread
            whole.wrong += part.wrong
            whole.longest_s = max(whole.longest_s, part.longest_s)
    return whole


def check(desk: taking.Desk, total: int) -> None:
    outcome = all_sent(desk, range(total))

    print(outcome)  # noqa: T201  shown where it fails, and with -s
    assert outcome.wrong == []
    assert outcome.codes["internal"] == 0
    assert set(outcome.codes) - {"accepted"} <= set(WORDING)
    assert outcome.longest_s < LONGEST_S
    assert outcome.codes["accepted"] >= outcome.total / 5
    assert all(outcome.accepted[kind] for kind in MediaType)
    assert outcome.unread <= outcome.codes["accepted"] / 5
    assert (desk.stored(), desk.spooled()) == ([], [])


@pytest.fixture
def desk(database, tmp_path, clock):
    return taking.build(database, tmp_path, clock)


@pytest.mark.long
@pytest.mark.timeout(600)
def test_five_hundred_mutated_files(desk) -> None:
    check(desk, 500)


@pytest.mark.proof
@pytest.mark.timeout(3_600)
def test_twenty_thousand_mutated_files(desk) -> None:
    check(desk, 20_000)
