"""No press of a button, however often and from however many tabs, takes away bytes in use."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from ingestio.domain.drafts import StagedStatus
from ingestio.domain.plans import PlanName
from ingestio.errors import Conflict, InvalidDraft, NotFound, StoreUnavailable
from tests import taking
from tests.taking import pdf

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def desk(database, tmp_path, clock):
    return taking.build(database, tmp_path, clock)


@pytest.fixture
def ada(desk):
    return desk.actor()


@pytest.fixture
def twins(desk, ada):
    """A file, and one refused for having the same content."""
    return desk.send(ada, pdf(2), "a.pdf"), desk.send(ada, pdf(2), "b.pdf")


def in_two_tabs(act: Callable[[], None]) -> list[Exception]:
    """The same at the same moment, twice; what was refused."""
    refused, start = [], threading.Barrier(2)

    def press() -> None:
        start.wait()
        try:
            act()
        except Exception as error:  # noqa: BLE001  the test looks at all of them
            refused.append(error)

    tabs = [threading.Thread(target=press) for _ in range(2)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    return refused


def every_valid_file_has_its_bytes(desk, ada, *, files: int) -> None:
    valid = desk.intake.open_draft(ada).valid_files
    assert len(valid) == files
    assert len(desk.stored()) == files
    for row in desk.rows(ada):
        if row.status is StagedStatus.COMPLETE:
            assert len(b"".join(desk.files.open(row.storage_key))) == row.size_bytes


@pytest.mark.parametrize("meeting", ["before", "after"])
def test_keeping_both_in_two_tabs_keeps_both(desk, ada, twins, monkeypatch, meeting) -> None:
    real, both = type(desk.files).put, threading.Barrier(2)

    def slowly(*args) -> None:
        if meeting == "after":
            real(*args)
        both.wait(10)  # until the other tab is as far
        if meeting == "before":
            real(*args)

    monkeypatch.setattr(type(desk.files), "put", slowly)

    refused = in_two_tabs(lambda: desk.intake.keep_both(ada, twins[1].id))

    assert [type(error) for error in refused] == [Conflict]
    every_valid_file_has_its_bytes(desk, ada, files=2)


def test_a_duplicate_that_is_let_in_while_it_is_copied_keeps_its_bytes(
    desk, ada, twins, monkeypatch
) -> None:
    real = type(desk.files).put

    def and_the_twin_goes(*args) -> None:
        real(*args)
        desk.intake.remove(ada, twins[0].id)

    monkeypatch.setattr(type(desk.files), "put", and_the_twin_goes)

    with pytest.raises(Conflict):
        desk.intake.keep_both(ada, twins[1].id)

    every_valid_file_has_its_bytes(desk, ada, files=1)


def test_a_full_batch_keeps_no_copy_of_a_duplicate(desk, ada) -> None:
    desk.billing.plans[ada.user_id] = PlanName.PLUS
    desk.send(ada, pdf(2), "a.pdf")
    second = desk.send(ada, pdf(2), "b.pdf")
    for n in range(24):
        desk.intake.begin(ada, f"{n}.pdf", 10, None)

    with pytest.raises(InvalidDraft, match="25 files"):
        desk.intake.keep_both(ada, second.id)

    every_valid_file_has_its_bytes(desk, ada, files=1)


def test_an_answer_that_never_came_does_not_take_the_copy_away(
    desk, ada, twins, monkeypatch
) -> None:
    """The commit went through, and its answer was lost: the row may own the bytes by now."""
    real, writes = type(desk.database).write, []

    def answer_lost(self, who, work):
        done = real(self, who, work)
        writes.append(work)
        if len(writes) == 2:
            raise StoreUnavailable("The database does not answer.")
        return done

    monkeypatch.setattr(type(desk.database), "write", answer_lost)
    with pytest.raises(StoreUnavailable):
        desk.intake.keep_both(ada, twins[1].id)
    monkeypatch.undo()

    every_valid_file_has_its_bytes(desk, ada, files=2)


def test_removing_a_file_in_two_tabs_leaves_its_heir_the_bytes(
    desk, ada, twins, monkeypatch
) -> None:
    real, both = type(desk.intake)._file, threading.Barrier(2)

    def seen(self, actor, file_id):
        row = real(self, actor, file_id)
        both.wait(10)  # until the other tab has seen it as well
        return row

    monkeypatch.setattr(type(desk.intake), "_file", seen)

    refused = in_two_tabs(lambda: desk.intake.remove(ada, twins[0].id))

    assert [type(error) for error in refused] == [NotFound]
    every_valid_file_has_its_bytes(desk, ada, files=1)
    monkeypatch.undo()
    desk.intake.remove(ada, twins[1].id)
    assert desk.stored() == []
