"""The database refuses every move that the domain's tables do not list, on SQLite and PostgreSQL.

Each pair of states is tried, and each way in which a counter or a fence could go wrong.
"""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import IntegrityError

from ingestio.db import moves, tables
from ingestio.db.engine import SYSTEM, Database
from ingestio.domain import batches, documents, usage
from ingestio.domain.batches import BatchStatus
from ingestio.domain.documents import DocumentStatus
from ingestio.domain.usage import UsageState
from tests.factories import (
    AT,
    make_batch,
    make_document,
    make_entry,
    make_user,
    save,
)

if TYPE_CHECKING:
    from sqlmodel import SQLModel

DOCUMENT_MOVES = list(product(DocumentStatus, repeat=2))
BATCH_MOVES = list(product(BatchStatus, repeat=2))
ENTRY_MOVES = list(product(UsageState, repeat=2))


def change(database: Database, row: SQLModel, **values: Any) -> None:
    table = tables.table_of(type(row))
    of_it = [column == getattr(row, column.name) for column in table.primary_key]
    statement = update(table).where(*of_it).values(**values)
    database.write(SYSTEM, lambda session: session.connection().execute(statement))


def is_accepted(database: Database, row: SQLModel, **values: Any) -> bool:
    try:
        change(database, row, **values)
    except IntegrityError:
        return False
    return True


def in_status(database: Database, status: DocumentStatus, **values: Any) -> tables.Document:
    lease = {"lease_owner": "w", "lease_token": 3, "lease_expires_at": AT}
    in_work = lease if status is DocumentStatus.PROCESSING else {"lease_token": 3}
    return make_document(database, make_user(database).id, status=status, **in_work | values)


def a_move(status: DocumentStatus) -> dict[str, Any]:
    """What the product sets along with a status."""
    if status is DocumentStatus.PROCESSING:
        return {"status": status, "lease_owner": "x", "lease_expires_at": AT, "lease_token": 4}
    return {"status": status, "lease_owner": None, "lease_expires_at": None}


def test_documents_move_as_their_table_says_and_no_other_way(either_database: Database):
    for before, after in DOCUMENT_MOVES:
        document = in_status(either_database, before)
        begins_anew = before in documents.ENDED and after not in documents.ENDED
        values = a_move(after) | {"generation": document.generation + begins_anew}
        is_legal = after == before or after in documents.MOVES[before]

        assert is_accepted(either_database, document, **values) is is_legal, (before, after)


def test_batches_move_as_their_table_says_and_no_other_way(either_database: Database):
    for before, after in BATCH_MOVES:
        draft = {"is_wizard_draft": False}
        batch = make_batch(either_database, make_user(either_database).id, status=before, **draft)
        begins_anew = before in batches.ENDED and after not in batches.ENDED
        values = {"status": after, "round": batch.round + begins_anew}
        is_legal = after == before or after in batches.MOVES[before]

        assert is_accepted(either_database, batch, **values) is is_legal, (before, after)


def test_ledger_entries_move_as_their_table_says_and_no_other_way(either_database: Database):
    for before, after in ENTRY_MOVES:
        document = in_status(either_database, DocumentStatus.UPLOADED)
        entry = make_entry(either_database, document, state=before)
        is_legal = after == before or after in usage.MOVES[before]

        assert is_accepted(either_database, entry, state=after) is is_legal, (before, after)


@pytest.mark.parametrize("step", [0, 2, -1])
def test_a_document_begins_anew_with_the_next_generation_alone(
    either_database: Database, step: int
):
    document = in_status(either_database, DocumentStatus.FAILED, generation=5)

    assert not is_accepted(
        either_database, document, status=DocumentStatus.UPLOADED, generation=5 + step
    )


@pytest.mark.parametrize("status", DocumentStatus)
def test_a_generation_stays_the_same_through_every_other_move(
    either_database: Database, status: DocumentStatus
):
    document = in_status(either_database, status, generation=5)

    for generation in (4, 6):
        assert not is_accepted(either_database, document, generation=generation)


@pytest.mark.parametrize("step", [0, 2])
def test_a_batch_begins_anew_with_the_next_round_alone(either_database: Database, step: int):
    user = make_user(either_database)
    batch = make_batch(either_database, user.id, status=BatchStatus.FAILED, round=3)

    assert not is_accepted(either_database, batch, status=BatchStatus.PROCESSING, round=3 + step)


def test_a_token_never_grows_less(either_database: Database):
    document = in_status(either_database, DocumentStatus.PROCESSING)

    assert not is_accepted(either_database, document, lease_token=2)
    assert is_accepted(either_database, document, lease_token=4)


@pytest.mark.parametrize("status", [DocumentStatus.UPLOADED, DocumentStatus.PROCESSING])
def test_a_lease_changes_hands_with_a_new_token_alone(
    either_database: Database, status: DocumentStatus
):
    document = in_status(either_database, status)
    taken = {"status": DocumentStatus.PROCESSING, "lease_owner": "x", "lease_expires_at": AT}

    assert not is_accepted(either_database, document, **taken, lease_token=3)
    assert is_accepted(either_database, document, **taken, lease_token=4)


@pytest.mark.parametrize("state", [UsageState.HELD, UsageState.SETTLED])
def test_a_charge_keeps_its_pages_and_its_period(either_database: Database, state: UsageState):
    document = in_status(either_database, DocumentStatus.UPLOADED)
    entry = make_entry(either_database, document, state=state)

    assert not is_accepted(either_database, entry, pages=entry.pages + 1)
    assert not is_accepted(either_database, entry, period_starts_at=AT)


def test_released_pages_are_held_again_in_the_period_of_then(either_database: Database):
    document = in_status(either_database, DocumentStatus.UPLOADED)
    entry = make_entry(either_database, document, state=UsageState.RELEASED)

    assert is_accepted(either_database, entry, state=UsageState.HELD, period_starts_at=AT, pages=9)


@pytest.mark.parametrize("status", set(DocumentStatus) - documents.MOVES[None])
def test_a_document_is_born_uploaded(either_database: Database, status: DocumentStatus):
    like = make_document(either_database, make_user(either_database).id)
    values = like.model_dump(exclude={"id"}) | {"status": status}
    if status is DocumentStatus.PROCESSING:
        values |= {"lease_expires_at": AT}

    with pytest.raises(IntegrityError):
        save(either_database, tables.Document(**values))


@pytest.mark.parametrize("status", set(BatchStatus) - batches.MOVES[None])
def test_a_batch_is_born_as_a_draft(either_database: Database, status: BatchStatus):
    like = make_batch(either_database, make_user(either_database).id)
    values = like.model_dump(exclude={"id"}) | {"status": status}

    with pytest.raises(IntegrityError):
        save(either_database, tables.Batch(**values))


@pytest.mark.parametrize("state", set(UsageState) - usage.MOVES[None])
def test_a_ledger_entry_is_born_held(either_database: Database, state: UsageState):
    document = in_status(either_database, DocumentStatus.UPLOADED)
    like = make_entry(either_database, document)
    values = like.model_dump(exclude={"generation"}) | {"generation": 2, "state": state}

    with pytest.raises(IntegrityError):
        save(either_database, tables.UsageEntry(**values))


def test_the_newest_schema_refuses_what_the_tables_of_today_do(either_database: Database):
    """Whoever changes a table of moves, or makes a table anew on SQLite, migrates the triggers."""
    migrated = _triggers(either_database)
    dialect = either_database.engine.name
    with either_database.engine.begin() as connection:
        for statement in (*moves.drop(dialect), *moves.create(dialect)):
            connection.execute(text(statement))

    assert migrated
    assert _triggers(either_database) == migrated


def _triggers(database: Database) -> list[str]:
    query = (
        "SELECT sql FROM sqlite_master WHERE type = 'trigger'"
        if database.is_sqlite
        else """SELECT pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
                UNION ALL SELECT pg_get_functiondef(tgfoid) FROM pg_trigger
                WHERE NOT tgisinternal"""
    )
    with database.engine.connect() as connection:
        found = connection.execute(text(query)).scalars()
        return sorted(" ".join(sql.split()) for sql in found)
