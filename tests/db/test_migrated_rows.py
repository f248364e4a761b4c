"""A database that was in use is upgraded: its rows stay, and go on as if they were of today."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert, inspect, select

from ingestio.db import mails, queue, tables
from ingestio.db.engine import SYSTEM, Database
from ingestio.db.migrations import downgrade, upgrade
from ingestio.domain.batches import BatchStatus
from ingestio.domain.documents import DocumentStatus
from ingestio.domain.plans import PlanName
from ingestio.domain.usage import UsageState
from tests.factories import AT

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from sqlmodel import Session, SQLModel

    from tests.conftest import Cluster

FIRST = "0001"
USER, BATCH, DONE, QUEUED = (UUID(int=number) for number in range(1, 5))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[Database]:
    """A database as the first revision made it, with rows."""
    if request.param == "sqlite":
        made = nullcontext(Database(f"sqlite:///{tmp_path / 'old.sqlite3'}"))
    else:
        cluster: Cluster = request.getfixturevalue("cluster")
        made = cluster.fresh("template1")
    with made as database:
        upgrade(database, FIRST)
        database.write(SYSTEM, lambda session: [add(session, row) for row in rows()])
        yield database
        database.dispose()


def hours(number: int) -> datetime:
    return AT + timedelta(hours=number)


def rows() -> list[SQLModel]:
    """Of a user whose batch ended twice: told each time, the mails still wait."""
    own: dict[str, Any] = {"user_id": USER}
    made = {"created_at": AT, "updated_at": AT}
    ended = {"status": BatchStatus.COMPLETED, "is_wizard_draft": False, "round": 2}
    result: dict[str, Any] = own | {"document_id": DONE, "generation": 1}
    return [
        tables.User(
            id=USER, email="a@example.org", password_hash="-", plan=PlanName.PLUS, created_at=AT
        ),
        tables.Batch(id=BATCH, submitted_at=AT, document_count=2, **ended, **made, **own),
        document(DONE, DocumentStatus.COMPLETED),
        document(QUEUED, DocumentStatus.UPLOADED),
        tables.UserLoad(last_claim_at=AT, documents_waiting=1, **own),
        tables.UsagePeriod(
            starts_at=AT, ends_at=hours(99), limit_pages=9, used_pages=1, reserved_pages=0, **own
        ),
        tables.UsageEntry(
            batch_id=BATCH,
            filename="a.pdf",
            period_starts_at=AT,
            pages=1,
            state=UsageState.SETTLED,
            **made,
            **result,
        ),
        tables.Extraction(kind="invoice", confidence=0.9, engine="stub", created_at=AT, **result),
        tables.ExtractedField(position=0, name="total", value="1.00", confidence=0.9, **result),
        tables.ExtractionJob(
            batch_id=BATCH,
            attempt=1,
            lease_token=1,
            status=DocumentStatus.COMPLETED,
            started_at=AT,
            **result,
        ),
        *(line for number in (1, 2) for line in told(number)),
        tables.Notification(title="t", body="no batch", created_at=AT, **own),
        tables.Notification(title="t", body="no line", batch_id=BATCH, created_at=AT, **own),
    ]


def document(of: UUID, status: DocumentStatus) -> tables.Document:
    return tables.Document(
        id=of,
        user_id=USER,
        batch_id=BATCH,
        original_filename="a.pdf",
        media_type="application/pdf",
        size_bytes=1,
        sha256=of.hex * 2,
        storage_key=of.hex,
        page_count=1,
        status=status,
        next_attempt_at=AT,
        created_at=AT,
        updated_at=AT,
    )


def told(number: int) -> list[SQLModel]:
    """A round's end: the bell rang in the transaction that marked its line, the mail waits."""
    at = hours(number)
    of: dict[str, Any] = {"batch_id": BATCH, "user_id": USER, "created_at": at}
    return [
        tables.OutboxMessage(round=number, kind="batch_ended", sent_at=at, **of),
        tables.OutboxMessage(round=number, kind=mails.MAIL, **of),
        tables.Notification(id=uuid4(), title="t", body=f"round {number}", **of),
    ]


def add(session: Session, row: SQLModel) -> None:
    """With the columns that there were."""
    table = tables.table_of(type(row))
    there = [column["name"] for column in inspect(session.connection()).get_columns(table.name)]
    session.connection().execute(insert(table).values({name: getattr(row, name) for name in there}))


def read(database: Database, model: type[SQLModel], *names: str) -> list[tuple[Any, ...]]:
    table = tables.table_of(model)
    with database.read(SYSTEM) as session:
        found = session.connection().execute(select(*(table.c[name] for name in names)))
        return sorted((tuple(row) for row in found), key=str)


def test_notifications_know_the_round_that_they_tell_of(old: Database):
    upgrade(old)

    assert read(old, tables.Notification, "body", "round") == [
        ("no batch", None),
        ("no line", None),
        ("round 1", 1),
        ("round 2", 2),
    ]


def test_mails_that_wait_are_due_oldest_first_and_untried(old: Database):
    upgrade(old)

    lines = read(old, tables.OutboxMessage, "kind", "round", "next_attempt_at", "attempts")
    assert lines == [
        ("batch_ended", 1, None, 0),
        ("batch_ended", 2, None, 0),
        (mails.MAIL, 1, hours(1), 0),
        (mails.MAIL, 2, hours(2), 0),
    ]
    claimed = [
        old.write(SYSTEM, lambda session: mails.claim(session, hours(3), timedelta(hours=1)))
        for _ in range(3)
    ]
    assert [mail and (mail.round, mail.body) for mail in claimed] == [
        (1, "round 1"),
        (2, "round 2"),
        None,
    ]


def test_what_is_queued_has_waited_since_it_was_made(old: Database):
    upgrade(old)

    assert read(old, tables.Document, "queued_at") == [(None,), (None,)]
    with old.read(SYSTEM) as session:
        assert queue.counts(session, hours(5)).oldest_at == AT


def test_every_row_is_as_it_was_there_and_back(old: Database):
    kept = everything(old)
    assert len(kept) == 11

    upgrade(old)
    assert everything(old, kept) == kept
    downgrade(old, FIRST)
    assert everything(old) == kept
    upgrade(old)
    assert everything(old, kept) == kept


def everything(
    database: Database, columns: dict[tuple[str, ...], Any] | None = None
) -> dict[tuple[str, ...], list[tuple[Any, ...]]]:
    """What stands in the tables that rows were written to, by their columns (of before)."""
    of = {tables.table_of(type(row)).name: type(row) for row in rows()}
    asked = columns or [
        (name, *(column["name"] for column in inspect(database.engine).get_columns(name)))
        for name in of
    ]
    return {(name, *names): read(database, of[name], *names) for name, *names in asked}
