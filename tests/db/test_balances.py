"""What a user reads of the ledger: by day, the same on both databases wherever they stand."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from ingestio.db import balances
from ingestio.domain.usage import UsageState
from tests.factories import make_document, make_entry, make_user

if TYPE_CHECKING:
    from ingestio.db.engine import Database

EVE, MORNING = datetime(2026, 3, 9, 23, 30, tzinfo=UTC), datetime(2026, 3, 10, 0, 30, tzinfo=UTC)


def test_a_day_is_a_day_of_utc(either_database: Database):
    user = make_user(either_database)
    for at, pages in ((EVE, 3), (MORNING, 4)):
        document = make_document(either_database, user.id, page_count=pages)
        make_entry(either_database, document, state=UsageState.SETTLED, updated_at=at)

    with either_database.read(user.id) as session:
        found = balances.by_day(session, user.id, EVE)

    assert found == {date(2026, 3, 9): (3, 0), date(2026, 3, 10): (4, 0)}


@pytest.mark.postgres
@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/Los_Angeles"])
def test_a_day_is_a_day_of_utc_whatever_the_servers_time_zone(postgres: Database, zone: str):
    user = make_user(postgres)
    for at, pages in ((EVE, 3), (MORNING, 4)):
        document = make_document(postgres, user.id, page_count=pages)
        make_entry(postgres, document, state=UsageState.SETTLED, updated_at=at)

    with postgres.read(user.id) as session:
        session.connection().execute(text(f"SET LOCAL TIME ZONE '{zone}'"))
        found = balances.by_day(session, user.id, EVE)

    assert found == {date(2026, 3, 9): (3, 0), date(2026, 3, 10): (4, 0)}
