"""What the database itself refuses and tidies up, on SQLite and on PostgreSQL."""

# ruff: noqa: S608  (tables and columns are named by the tests)

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import delete, func, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError
from sqlmodel import SQLModel

from ingestio.db import tables
from ingestio.db.engine import SYSTEM, Database
from ingestio.domain.batches import BatchStatus
from ingestio.domain.documents import DocumentStatus
from ingestio.domain.plans import PlanName
from ingestio.domain.prompts import PromptStrategy
from ingestio.domain.providers import BreakerState
from tests.factories import (
    AT,
    make_batch,
    make_document,
    make_entry,
    make_extraction,
    make_one_of_each,
    make_period,
    make_user,
    save,
)

BAD_ENUMS = [
    (tables.User, "role", "emperor"),
    (tables.User, "plan", "gold"),
    (tables.User, "subscription_status", "paid"),
    (tables.Batch, "status", "done"),
    (tables.Batch, "prompt_strategy", "auto-detect"),
    (tables.Batch, "when_pages_run_out", "beg"),
    (tables.StagedFile, "status", "lost"),
    (tables.StagedFile, "media_type", "text/html"),
    (tables.Document, "media_type", "image/gif"),
    (tables.Document, "kind", "novel"),
    (tables.Document, "status", "claimed"),
    (tables.Document, "review_state", "maybe"),
    (tables.ExtractionJob, "status", "claimed"),
    (tables.ExtractionJob, "prompt_source", "guess"),
    (tables.Extraction, "kind", "novel"),
    (tables.UsageEntry, "state", "free"),
    (tables.ProviderState, "state", "ajar"),
]
BAD_NUMBERS = [
    (tables.Document, "page_count = 0"),
    (tables.Document, "page_count = -1"),
    (tables.Document, "status = 'processing'"),
    (tables.Batch, "completed_count = -1"),
    (tables.Batch, "completed_count = document_count + 1"),
    (tables.UsagePeriod, "limit_pages = -1"),
    (tables.UsagePeriod, "used_pages = -1"),
    (tables.UsagePeriod, "reserved_pages = -1"),
    (tables.UsageEntry, "pages = 0"),
    (tables.PageGrant, "pages = 0"),
    (tables.UserLoad, "pages_in_work = -1"),
    (tables.UserLoad, "documents_waiting = -1"),
]


def run(database: Database, statement: Any, **values: Any) -> None:
    database.write(SYSTEM, lambda session: session.connection().execute(statement, values))


def count(database: Database, model: type[SQLModel]) -> int:
    with database.read(SYSTEM) as session:
        query = select(func.count()).select_from(model)
        return session.connection().execute(query).scalar_one()


@pytest.fixture
def owner(either_database: Database) -> UUID:
    """A user with a row in every owned table."""
    user = make_user(either_database)
    make_one_of_each(either_database, user.id)
    return user.id


def test_every_enum_column_is_tried_here():
    listed = {(str(model.__tablename__), column) for model, column, _ in BAD_ENUMS}
    there = {
        (table.name, column.name)
        for table in SQLModel.metadata.tables.values()
        for column in table.c
        if type(column.type).__name__ == "Enum"
    }

    assert listed == there


def test_an_enum_takes_no_other_word(either_database: Database, owner: UUID):
    del owner
    save(either_database, tables.ProviderState(provider="openai", state=BreakerState.CLOSED))
    for model, column, word in BAD_ENUMS:
        statement = text(f"UPDATE {model.__tablename__} SET {column} = :word")
        with pytest.raises(IntegrityError):
            run(either_database, statement, word=word)


def test_numbers_that_can_t_be_are_refused(either_database: Database, owner: UUID):
    del owner
    for model, change in BAD_NUMBERS:
        with pytest.raises(IntegrityError):
            run(either_database, text(f"UPDATE {model.__tablename__} SET {change}"))


def test_only_one_row_says_whether_the_processor_is_paused(either_database: Database):
    with pytest.raises(IntegrityError):
        save(either_database, tables.ProcessorState(id=2))


def test_deleting_a_batch_keeps_its_documents_without_it(either_database: Database, owner: UUID):
    batch = _only(either_database, tables.Batch, owner)
    run(either_database, delete(tables.Batch).where(tables.Batch.id == batch.id))

    assert _only(either_database, tables.Document, owner).batch_id is None


def test_deleting_a_batch_removes_its_jobs_and_staged_files(either_database: Database, owner: UUID):
    run(either_database, delete(tables.Batch).where(tables.Batch.user_id == owner))

    assert count(either_database, tables.ExtractionJob) == 0
    assert count(either_database, tables.StagedFile) == 0


def test_deleting_a_batch_keeps_its_notification(either_database: Database, owner: UUID):
    batch = _only(either_database, tables.Batch, owner)
    line = tables.Notification(user_id=owner, batch_id=batch.id, title="t", body="b", created_at=AT)
    save(either_database, line)
    run(either_database, delete(tables.Batch).where(tables.Batch.id == batch.id))

    with either_database.read(SYSTEM) as session:
        assert session.get_one(tables.Notification, line.id).batch_id is None


def test_deleting_a_document_removes_what_was_read_and_keeps_the_ledger(
    either_database: Database, owner: UUID
):
    run(either_database, delete(tables.Document).where(tables.Document.user_id == owner))

    gone = (
        tables.ExtractionJob,
        tables.Extraction,
        tables.ExtractedField,
        tables.LineItem,
        tables.Correction,
    )
    assert [count(either_database, model) for model in gone] == [0] * len(gone)
    assert count(either_database, tables.UsageEntry) == 1


def test_deleting_a_user_leaves_no_row_of_theirs(either_database: Database, owner: UUID):
    run(either_database, delete(tables.User).where(tables.User.id == owner))

    left = {
        model.name
        for model in SQLModel.metadata.tables.values()
        if "user_id" in model.c and _rows(either_database, model.name)
    }
    assert left == set()


def test_a_row_of_nobody_is_refused(either_database: Database):
    with pytest.raises(IntegrityError):
        make_batch(either_database, uuid4())


def test_an_address_is_taken_once(either_database: Database):
    make_user(either_database, email="a@example.test")

    with pytest.raises(IntegrityError):
        make_user(either_database, email="a@example.test")


def test_a_user_has_one_open_wizard_draft_and_any_number_of_others(either_database: Database):
    user = make_user(either_database)
    draft = {"status": BatchStatus.PENDING_UPLOAD, "submitted_at": None}
    make_batch(either_database, user.id, is_wizard_draft=True, **draft)
    make_batch(either_database, user.id, is_wizard_draft=False, **draft)
    make_batch(either_database, user.id, is_wizard_draft=True, status=BatchStatus.QUEUED)

    with pytest.raises(IntegrityError):
        make_batch(either_database, user.id, is_wizard_draft=True, **draft)


@pytest.mark.parametrize("strategy", [PromptStrategy.AUTO, PromptStrategy.PER_DOCUMENT])
def test_only_a_global_batch_has_a_prompt_of_its_own(
    either_database: Database, strategy: PromptStrategy
):
    user = make_user(either_database)
    make_batch(either_database, user.id, extraction_prompt="the total")

    with pytest.raises(IntegrityError):
        make_batch(
            either_database, user.id, prompt_strategy=strategy, extraction_prompt="the total"
        )


def test_one_generation_is_charged_and_saved_once(either_database: Database):
    user = make_user(either_database)
    document = make_document(either_database, user.id)
    make_entry(either_database, document)
    make_extraction(either_database, document)

    with pytest.raises(IntegrityError):
        make_entry(either_database, document)
    with pytest.raises(IntegrityError):
        make_extraction(either_database, document)


def test_a_document_in_work_has_a_lease_and_no_other_has(either_database: Database):
    user = make_user(either_database)
    lease = {"lease_owner": "w", "lease_expires_at": AT}
    make_document(either_database, user.id, status=DocumentStatus.PROCESSING, **lease)

    with pytest.raises(IntegrityError):
        make_document(either_database, user.id, status=DocumentStatus.COMPLETED, **lease)


def test_the_database_fills_in_what_spec_2_says(either_database: Database):
    user = make_user(either_database)
    columns = """user_id, status, is_wizard_draft, document_count, completed_count, failed_count,
      cancelled_count, waiting_count, in_work_count, when_pages_run_out, round, version,
      created_at, updated_at, id"""
    values = ":user, 'pending_upload', false, 0, 0, 0, 0, 0, 0, 'wait', 1, 0, :at, :at, :id"
    binds = {"user": _stored(either_database, user.id), "id": _stored(either_database, uuid4())}
    at = AT.replace(tzinfo=None) if either_database.is_sqlite else AT
    run(
        either_database,
        text(f"INSERT INTO extraction_batches ({columns}) VALUES ({values})"),
        **binds,
        at=str(at),
    )

    batch = _only(either_database, tables.Batch, user.id)
    assert (batch.prompt_strategy, batch.total_pages) == (PromptStrategy.GLOBAL, 0)


def test_a_time_comes_back_as_the_same_moment_in_utc(either_database: Database):
    there = AT.astimezone(timezone(timedelta(hours=9)))
    user = make_user(either_database, created_at=there, plan=PlanName.PLUS)

    read = _only(either_database, tables.User, user.id)
    assert read.created_at == AT
    assert read.created_at.utcoffset() == timedelta(0)


def test_a_time_without_a_zone_is_refused(either_database: Database):
    naive = datetime(2026, 3, 10)  # noqa: DTZ001  the point

    with pytest.raises(StatementError):
        make_user(either_database, created_at=naive)


def test_limits_may_fall_below_what_is_used(either_database: Database):
    """A downgrade in mid-period: nothing that was allowed becomes an error."""
    user = make_user(either_database)
    make_period(either_database, user.id, limit_pages=5_000, used_pages=3_000)

    run(either_database, update(tables.UsagePeriod).values(limit_pages=1_000))

    assert _only(either_database, tables.UsagePeriod, user.id).limit_pages == 1_000


def _only(database: Database, model: type[SQLModel], owner: UUID) -> Any:
    column = model.id if model is tables.User else model.user_id
    with database.read(SYSTEM) as session:
        row = session.scalars(select(model).where(column == owner)).one()
        session.expunge(row)
        return row


def _rows(database: Database, table: str) -> int:
    with database.read(SYSTEM) as session:
        return session.connection().execute(text(f"SELECT count(*) FROM {table}")).scalar_one()


def _stored(database: Database, value: UUID) -> str:
    """An id as the database keeps it: SQLite as 32 hex digits."""
    return value.hex if database.is_sqlite else str(value)
