"""The state machines as tables: whole, closed, and for batches exactly what the roll-up gives."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from ingestio.domain import batches, documents, usage
from ingestio.domain.batches import BatchStatus, Counts, roll_up
from ingestio.domain.documents import DocumentStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

TABLES = [documents.MOVES, batches.MOVES, usage.MOVES]
MOST_DOCUMENTS = 4
Documents = tuple[DocumentStatus, ...]
"""A batch's documents, sorted: where each stands is all that counts."""


@pytest.mark.parametrize("moves", TABLES)
def test_every_state_has_its_line_and_a_way_to_it(moves: dict[Any, frozenset[Any]]):
    born = next(iter(moves[None]))
    reached, todo = {born}, [born]
    while todo:
        new = moves[todo.pop()] - reached
        reached |= new
        todo += new

    assert reached == set(type(born)) == moves.keys() - {None}


@pytest.mark.parametrize("moves", TABLES)
def test_no_state_moves_to_itself(moves: dict[Any, frozenset[Any]]):
    assert [state for state, after in moves.items() if state in after] == []


def test_what_is_charged_or_given_up_stays_so():
    assert documents.MOVES[DocumentStatus.COMPLETED] == frozenset()
    assert documents.MOVES[DocumentStatus.CANCELLED] == frozenset()
    assert usage.MOVES[usage.UsageState.SETTLED] == frozenset()


def test_batches_move_exactly_as_the_roll_up_of_their_documents():
    """Of every batch that can come about: each document's move, its deletion, and users' acts."""
    seen: set[tuple[Documents, BatchStatus]] = set()
    todo = [((DocumentStatus.UPLOADED,) * MOST_DOCUMENTS, BatchStatus.QUEUED)]
    moved: set[tuple[BatchStatus, BatchStatus]] = set()
    while todo:
        standing, status = todo.pop()
        for after in _next(standing):
            to = roll_up(_counts(after)) if after or status not in batches.ENDED else status
            moved |= {(status, to)} if status is not to else set()
            if (after, to) not in seen:
                seen.add((after, to))
                todo.append((after, to))

    drafts = {None, BatchStatus.PENDING_UPLOAD}
    assert moved == {
        (before, after)
        for before, follows in batches.MOVES.items()
        for after in follows
        if before not in drafts
    }


def _next(standing: Documents) -> Iterator[Documents]:
    for at, one in enumerate(standing):
        others = (*standing[:at], *standing[at + 1 :])
        yield others
        for after in documents.MOVES[one]:
            yield tuple(sorted((*others, after)))
    for acted_on, after in (
        (set(DocumentStatus) - documents.ENDED, DocumentStatus.CANCELLED),
        ({DocumentStatus.FAILED}, DocumentStatus.UPLOADED),
        ({DocumentStatus.WAITING_FOR_QUOTA}, DocumentStatus.UPLOADED),
    ):
        yield tuple(sorted(after if one in acted_on else one for one in standing))


def _counts(standing: Documents) -> Counts:
    of = Counter(standing)
    return Counts(
        total=len(standing),
        completed=of[DocumentStatus.COMPLETED],
        failed=of[DocumentStatus.FAILED],
        cancelled=of[DocumentStatus.CANCELLED],
        waiting=of[DocumentStatus.WAITING_FOR_QUOTA],
        in_work=of[DocumentStatus.PROCESSING],
    )
