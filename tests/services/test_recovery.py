"""What arrived whole is inspected in the end, whatever was away: nothing waits for a start."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import contextmanager, suppress

import pytest
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from ingestio.domain.drafts import StagedStatus
from ingestio.errors import StorageUnavailable, StoreUnavailable
from ingestio.services import inspection as inspection_module
from ingestio.services.inspection import KEPT_TRYING
from tests import taking
from tests.taking import pdf, picture


@pytest.fixture
def desk(database, tmp_path, clock):
    return taking.build(database, tmp_path, clock)


@pytest.fixture
def ada(desk):
    return desk.actor()


@contextmanager
def database_away(desk, *, after: int = 0, until: int = 10_000):
    """The database loses its connection at every transaction but the first `after` ones."""
    asked = 0
    gone = OperationalError("", {}, sqlite3.OperationalError("disk I/O error"))

    def lose(_connection) -> None:
        nonlocal asked
        asked += 1
        if after < asked <= until:
            raise gone

    engines = (desk.database._durable, desk.database._relaxed)
    for engine in engines:
        event.listen(engine, "begin", lose, insert=True)
    yield
    for engine in engines:
        event.remove(engine, "begin", lose)


def arrived(desk, ada, data: bytes = b"", name: str = "a.pdf"):
    """A file whose bytes are all here, and which nobody has looked at."""
    data = data or pdf(2)
    begun = desk.intake.begin(ada, name, len(data), None)
    with desk.intake.append(ada, begun.id, 0) as sink:
        sink.write(data)
    desk.intake._start(ada, begun.id)
    return begun.id


def only_file(desk, ada):
    (file,) = desk.intake.open_draft(ada).files
    return file


@pytest.mark.parametrize("transaction", range(6))
def test_a_database_that_goes_away_in_an_inspection_costs_nothing(desk, ada, transaction) -> None:
    file_id = arrived(desk, ada)

    with database_away(desk, after=transaction):
        try:
            desk.intake.inspection.inspect(ada.user_id, file_id)
        except StoreUnavailable:
            assert desk.spool.offset(file_id)  # nothing was taken away
    desk.intake.inspection.recover()

    assert (only_file(desk, ada).status, only_file(desk, ada).pages) == (StagedStatus.COMPLETE, 2)
    assert desk.spooled() == []
    assert len(desk.stored()) == 1


@pytest.mark.parametrize("transaction", range(1, 4))
def test_a_refusal_that_could_not_be_written_is_written_later(desk, ada, transaction) -> None:
    file_id = arrived(desk, ada, b"%PDF-1.7 broken")

    with database_away(desk, after=transaction):
        try:
            desk.intake.inspection.inspect(ada.user_id, file_id)
        except StoreUnavailable:
            assert desk.spool.offset(file_id)
    desk.intake.inspection.recover()

    assert only_file(desk, ada).error_code == "unreadable"
    assert desk.spooled() == []


def test_a_database_that_is_away_for_a_moment_does_not_refuse_a_file(desk, ada) -> None:
    file_id = arrived(desk, ada)

    with database_away(desk, after=1, until=2), suppress(StoreUnavailable):
        desk.intake.inspection.inspect(ada.user_id, file_id)
    assert only_file(desk, ada).status is StagedStatus.INSPECTING
    desk.intake.inspection.recover()

    assert only_file(desk, ada).status is StagedStatus.COMPLETE


def test_a_store_that_is_away_for_minutes_costs_no_file(desk, ada, clock, monkeypatch) -> None:
    """Reliability: storage away is tried again, and every file comes through."""
    real, is_away = type(desk.files).put, True

    def put(self, key, source) -> None:
        if is_away:
            raise StorageUnavailable("The file store does not answer. Try again.")
        real(self, key, source)

    monkeypatch.setattr(type(desk.files), "put", put)
    ids = [arrived(desk, ada, pdf(n), f"{n}.pdf") for n in range(1, 6)]
    for file_id in ids:
        desk.intake.inspection.inspect(ada.user_id, file_id)
    clock.pass_s(120)
    desk.intake.inspection.recover()
    assert {f.status for f in desk.intake.open_draft(ada).files} == {StagedStatus.INSPECTING}
    is_away = False
    desk.intake.inspection.recover()

    assert [f.pages for f in desk.intake.open_draft(ada).valid_files] == [1, 2, 3, 4, 5]
    assert len(desk.stored()) == 5


def test_a_store_that_stays_away_is_said_in_the_end(desk, ada, clock, monkeypatch) -> None:
    def away(_self, _key, _source) -> None:
        raise StorageUnavailable("The file store does not answer. Try again.")

    monkeypatch.setattr(type(desk.files), "put", away)
    desk.intake.inspection.inspect(ada.user_id, arrived(desk, ada))
    clock.pass_s(KEPT_TRYING.total_seconds() + 1)

    desk.intake.inspection.recover()

    assert only_file(desk, ada).error_code == "storage_unavailable"
    assert desk.spooled() == []


def test_one_row_that_raises_does_not_end_the_sweep(desk, ada, monkeypatch) -> None:
    first, second = arrived(desk, ada), arrived(desk, ada, picture(), "b.png")
    real = type(desk.intake.inspection)._admit

    def admit(self, row) -> None:
        if row.id == first:
            raise StoreUnavailable("The database does not answer.")
        real(self, row)

    monkeypatch.setattr(type(desk.intake.inspection), "_admit", admit)

    assert desk.intake.inspection.recover() == 1

    statuses = {f.id: f.status for f in desk.intake.open_draft(ada).files}
    assert statuses == {first: StagedStatus.INSPECTING, second: StagedStatus.COMPLETE}


def test_what_is_in_hand_is_left_to_who_has_it(desk, ada, monkeypatch) -> None:
    file_id = arrived(desk, ada)
    began, go_on, looked = threading.Event(), threading.Event(), []
    real = type(desk.intake.inspection)._admit

    def admit(self, row) -> None:
        looked.append(row.id)
        began.set()
        go_on.wait(10)
        real(self, row)

    monkeypatch.setattr(type(desk.intake.inspection), "_admit", admit)
    at_it = threading.Thread(target=desk.intake.inspection.inspect, args=(ada.user_id, file_id))
    at_it.start()
    began.wait(10)
    assert desk.intake.inspection.recover() == 0
    go_on.set()
    at_it.join()

    assert looked == [file_id]
    assert only_file(desk, ada).status is StagedStatus.COMPLETE


def test_a_file_that_vanished_is_refused_with_a_reason(desk, ada) -> None:
    file_id = arrived(desk, ada)
    desk.spool.remove(file_id)

    desk.intake.inspection.inspect(ada.user_id, file_id)

    assert only_file(desk, ada).error_code == "storage_unavailable"
    assert only_file(desk, ada).error_message == inspection_module.LOST


def test_first_bytes_are_refused_only_once_that_is_written(desk, ada) -> None:
    begun = desk.intake.begin(ada, "a.pdf", 5_000, None)

    with database_away(desk, after=1), pytest.raises(StoreUnavailable):
        desk.intake.judge_first_bytes(ada, begun.id, picture()[:1_024])

    assert desk.intake.transfer(ada, begun.id).offset == 0
    assert len(desk.spooled()) == 1
