"""What nobody came back for goes after a day, with its bytes; what somebody works on stays."""

from __future__ import annotations

from uuid import uuid4

import pytest

from ingestio.domain.drafts import DraftChange, StagedStatus
from ingestio.errors import NotFound, StorageUnavailable
from tests import taking
from tests.taking import pdf


@pytest.fixture
def desk(database, tmp_path, clock):
    return taking.build(database, tmp_path, clock)


@pytest.fixture
def ada(desk):
    return desk.actor()


def half(desk, ada) -> object:
    begun = desk.intake.begin(ada, "half.pdf", 1_000, None)
    with desk.intake.append(ada, begun.id, 0) as sink:
        sink.write(b"%PDF-")
    return begun


def test_a_draft_with_an_abandoned_transfer_goes_with_all_bytes(desk, ada) -> None:
    desk.send(ada, pdf(1))
    half(desk, ada)
    desk.pass_hours(25)

    desk.intake.purge(desk.clock.now())

    assert desk.intake.open_draft(ada) is None
    assert (desk.stored(), desk.spooled()) == ([], [])


def test_a_transfer_that_goes_on_keeps_its_draft(desk, ada) -> None:
    desk.send(ada, pdf(1))
    begun = half(desk, ada)
    desk.pass_hours(25)
    with desk.intake.append(ada, begun.id, 5) as sink:
        sink.write(b"1.7")

    desk.touch(desk.spool.arriving(begun.id))
    desk.intake.purge(desk.clock.now())

    assert len(desk.intake.open_draft(ada).files) == 2
    assert desk.intake.transfer(ada, begun.id).offset == 8


def test_an_abandoned_transfer_goes_from_a_draft_that_lives(desk, ada) -> None:
    """Else a draft that somebody works on every day could never be submitted."""
    kept = desk.send(ada, pdf(1))
    begun = half(desk, ada)
    desk.pass_hours(25)
    desk.intake.update_draft(ada, begun.draft_id, DraftChange(name="still here"))

    assert desk.intake.purge(desk.clock.now()) == 1

    assert [f.id for f in desk.intake.open_draft(ada).files] == [kept.id]
    assert desk.spooled() == []


def test_what_arrived_whole_is_no_abandoned_transfer(desk, ada) -> None:
    data = pdf(1)
    begun = desk.intake.begin(ada, "a.pdf", len(data), None)
    with desk.intake.append(ada, begun.id, 0) as sink:
        sink.write(data)
    desk.intake._start(ada, begun.id)
    desk.pass_hours(25)
    desk.intake.update_draft(ada, begun.draft_id, DraftChange(name="still here"))

    desk.intake.purge(desk.clock.now())

    assert desk.intake.open_draft(ada).files[0].status is StagedStatus.INSPECTING


def test_spooled_bytes_without_a_row_go_after_a_day(desk, ada) -> None:
    begun = half(desk, ada)
    desk.spool.create(uuid4(), 10)

    assert desk.intake.purge(desk.clock.now()) == 0
    assert len(desk.spooled()) == 2
    desk.pass_hours(25)
    desk.touch(desk.spool.arriving(begun.id))

    assert desk.intake.purge(desk.clock.now()) == 1
    assert [path.stem for path in desk.spooled()] == [str(begun.id)]


def test_a_file_that_is_just_being_stored_is_no_orphan(desk, ada, tmp_path) -> None:
    """It lies beside its key for a moment, under its key and a mark."""
    desk.send(ada, pdf(1))
    (key,) = desk.stored()
    beside = tmp_path / "files" / f"{key}#0a1b"
    beside.write_bytes(b"x")

    assert desk.intake.purge(desk.clock.now()) == 0
    assert beside.exists()
    desk.intake.remove(ada, desk.intake.open_draft(ada).files[0].id)
    assert desk.intake.purge(desk.clock.now()) == 1
    assert not beside.exists()


def test_what_was_deleted_is_gone_also_where_the_store_was_away(desk, ada, monkeypatch) -> None:
    """Security, row 20: rows go first; a crash in between leaves bytes for the next purge."""
    desk.send(ada, pdf(1), "a.pdf")
    desk.send(ada, pdf(2), "b.pdf")
    half(desk, ada)
    draft = desk.intake.open_draft(ada)

    def away(_self, _key) -> None:
        raise StorageUnavailable("The file store does not answer.")

    monkeypatch.setattr(type(desk.files), "delete", away)
    desk.intake.discard_draft(ada, draft.id)
    assert desk.rows(ada) == []
    with pytest.raises(NotFound):
        desk.intake.draft(ada, draft.id)
    assert len(desk.stored()) == 2
    monkeypatch.undo()

    for _ in range(2):  # safe to repeat
        desk.intake.purge(desk.clock.now())
        assert (desk.stored(), desk.spooled()) == ([], [])
