"""What the wizard holds: changes, duplicates, what is removed, and what a crash leaves."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from ingestio.db import staged_files
from ingestio.domain.batches import BatchStatus
from ingestio.domain.drafts import DraftChange, StagedStatus
from ingestio.domain.prompts import PromptStrategy
from ingestio.domain.usage import WhenPagesRunOut
from ingestio.errors import (
    Conflict,
    Infected,
    InvalidDraft,
    NotFound,
    ScannerUnavailable,
    StorageUnavailable,
)
from ingestio.services.inspection import LOST_AFTER
from tests import taking
from tests.factories import make_batch, make_document
from tests.taking import pdf


@pytest.fixture
def desk(database, tmp_path, clock):
    return taking.build(database, tmp_path, clock)


@pytest.fixture
def ada(desk):
    return desk.actor()


def test_the_wizard_has_one_open_draft_and_api_drafts_are_apart(desk, ada) -> None:
    first = desk.intake.create_draft(ada)

    other = desk.intake.create_api_draft(ada)

    assert desk.intake.create_draft(ada).id == first.id
    assert desk.intake.open_draft(ada).id == first.id
    assert {d.id for d in desk.intake.all_drafts(ada)} == {first.id, other.id}


def test_a_change_sets_what_is_given_and_leaves_the_rest(desk, ada) -> None:
    staged = desk.send(ada, pdf(1))
    draft = desk.intake.open_draft(ada)
    desk.intake.update_draft(ada, draft.id, DraftChange(name=" Leases ", prompt="total"))

    changed = desk.intake.update_draft(
        ada,
        draft.id,
        DraftChange(
            strategy=PromptStrategy.PER_DOCUMENT,
            prompts={staged.id: "iban", uuid4(): "of no file"},
            when_pages_run_out=WhenPagesRunOut.FAIL,
        ),
    )

    assert (changed.name, changed.prompt) == ("Leases", "total")
    assert changed.strategy is PromptStrategy.PER_DOCUMENT
    assert changed.files[0].prompt == "iban"
    assert changed.when_pages_run_out is WhenPagesRunOut.FAIL
    assert desk.intake.update_draft(ada, draft.id, DraftChange(name="")).name is None


def test_every_value_that_is_too_long_is_named(desk, ada) -> None:
    draft = desk.intake.create_draft(ada)
    file_id = uuid4()

    with pytest.raises(InvalidDraft) as caught:
        desk.intake.update_draft(
            ada,
            draft.id,
            DraftChange(name="n" * 121, prompt="p" * 10_001, prompts={file_id: "q" * 10_001}),
        )

    assert [p.field for p in caught.value.problems] == ["prompt", f"prompts.{file_id}", "name"]


def test_a_prompt_of_one_draft_does_not_reach_a_file_of_another(desk, ada) -> None:
    staged = desk.send(ada, pdf(1))
    other = desk.intake.create_api_draft(ada)

    desk.intake.update_draft(ada, other.id, DraftChange(prompts={staged.id: "iban"}))

    assert desk.intake.open_draft(ada).files[0].prompt is None


def test_the_same_content_twice_is_kept_once(desk, ada) -> None:
    desk.send(ada, pdf(1), "a.pdf")

    second = desk.send(ada, pdf(1), "b.pdf")

    assert (second.status, second.error_code) == (StagedStatus.ERROR, "duplicate")
    assert second.error_message == "Added twice, kept once."
    assert len(desk.stored()) == 1


def test_both_are_kept_where_the_user_insists(desk, ada) -> None:
    first = desk.send(ada, pdf(2), "a.pdf")
    second = desk.send(ada, pdf(2), "b.pdf")

    desk.intake.keep_both(ada, second.id)

    draft = desk.intake.open_draft(ada)
    assert [(f.id, f.pages) for f in draft.valid_files] == [(first.id, 2), (second.id, 2)]
    assert len(desk.stored()) == 2
    desk.intake.remove(ada, first.id)
    assert [f.id for f in desk.intake.open_draft(ada).valid_files] == [second.id]
    assert len(desk.stored()) == 1


def test_only_a_duplicate_can_be_kept_twice(desk, ada) -> None:
    good = desk.send(ada, pdf(1), "a.pdf")
    bad = desk.send(ada, b"%PDF-1.7 broken", "b.pdf")

    for file in (good, bad):
        with pytest.raises(Conflict):
            desk.intake.keep_both(ada, file.id)


def test_a_duplicate_takes_the_place_of_the_one_that_was_kept(desk, ada) -> None:
    first = desk.send(ada, pdf(2), "a.pdf")
    second = desk.send(ada, pdf(2), "b.pdf")

    desk.intake.remove(ada, first.id)

    (file,) = desk.intake.open_draft(ada).files
    assert (file.id, file.status, file.pages) == (second.id, StagedStatus.COMPLETE, 2)
    assert (file.error_code, file.error_message) == (None, None)
    assert len(desk.stored()) == 1
    desk.intake.remove(ada, second.id)
    assert desk.stored() == []


def test_content_of_an_earlier_batch_is_valid_and_said(desk, ada, clock) -> None:
    staged = desk.send(ada, pdf(1))
    desk.send(ada, pdf(1, "new"), "new.pdf")
    with desk.database.read(ada.user_id) as session:
        sha256 = staged_files.find(session, ada.user_id, staged.id).sha256
    old = make_batch(desk.database, ada.user_id, status=BatchStatus.COMPLETED)
    make_document(
        desk.database, ada.user_id, old.id, sha256=sha256, created_at=clock.now() - timedelta(89)
    )

    same, new = desk.intake.open_draft(ada).files

    assert same.is_valid
    assert same.note_href == f"/dashboard/batches/{old.id}"
    assert (new.note, new.note_href) == (None, None)
    clock.at += timedelta(days=2)
    assert desk.intake.open_draft(ada).files[0].note is None


def test_discarding_removes_rows_and_bytes(desk, ada) -> None:
    desk.send(ada, pdf(1))
    begun = desk.intake.begin(ada, "half.pdf", 100, None)

    desk.intake.discard_draft(ada, begun.draft_id)

    assert desk.intake.open_draft(ada) is None
    assert (desk.stored(), desk.spooled()) == ([], [])


def test_cancelling_everything_keeps_the_draft(desk, ada) -> None:
    draft = desk.intake.create_draft(ada)
    desk.send(ada, pdf(1))
    desk.intake.begin(ada, "half.pdf", 100, None)

    desk.intake.remove_all(ada, draft.id)

    assert desk.intake.draft(ada, draft.id).files == ()
    assert (desk.stored(), desk.spooled()) == ([], [])


def test_a_submitted_batch_is_no_draft(desk, ada) -> None:
    batch = make_batch(desk.database, ada.user_id)

    for attempt in (
        lambda: desk.intake.draft(ada, batch.id),
        lambda: desk.intake.discard_draft(ada, batch.id),
        lambda: desk.intake.update_draft(ada, batch.id, DraftChange(name="x")),
        lambda: desk.intake.begin(ada, "a.pdf", 10, batch.id),
    ):
        with pytest.raises(NotFound):
            attempt()


class Scanner:
    def __init__(self, error: Exception) -> None:
        self.error = error

    def scan(self, _path) -> None:
        raise self.error


@pytest.mark.parametrize(
    "error",
    [
        Infected("This file was refused by the virus scan (Eicar-Test-Signature)."),
        ScannerUnavailable("The virus scanner does not answer."),
    ],
)
def test_what_the_scanner_does_not_pass_is_refused(database, tmp_path, clock, error) -> None:
    desk = taking.build(database, tmp_path, clock, Scanner(error))
    ada = desk.actor()

    staged = desk.send(ada, pdf(1))

    assert (staged.status, staged.error_code) == (StagedStatus.ERROR, error.code)
    assert staged.error_message == error.message
    assert desk.stored() == []


def test_a_script_that_waits_is_told_that_the_store_is_away(desk, ada, monkeypatch) -> None:
    def away(_self, _key, _source):
        raise StorageUnavailable("The file store does not answer. Try again.")

    monkeypatch.setattr(type(desk.files), "put", away)

    with pytest.raises(StorageUnavailable):
        desk.send(ada, pdf(1))


@pytest.mark.parametrize("step", ["sealed", "inspecting", "not_yet_renamed"])
def test_a_start_goes_on_with_what_had_arrived_whole(desk, ada, step) -> None:
    data = pdf(2)
    begun = desk.intake.begin(ada, "a.pdf", len(data), None)
    if step == "not_yet_renamed":
        desk.spool.arriving(begun.id).write_bytes(data)
    else:
        with desk.intake.append(ada, begun.id, 0) as sink:
            sink.write(data)
    if step == "inspecting":
        desk.intake._start(ada, begun.id)

    assert desk.intake.inspection.recover() == 1

    (file,) = desk.intake.open_draft(ada).files
    assert (file.status, file.pages) == (StagedStatus.COMPLETE, 2)
    assert desk.spooled() == []
    assert desk.intake.inspection.recover() == 0


def test_a_start_does_not_wait_for_what_it_takes_up(desk, ada) -> None:
    data = pdf(2)
    begun = desk.intake.begin(ada, "a.pdf", len(data), None)
    with desk.intake.append(ada, begun.id, 0) as sink:
        sink.write(data)

    desk.intake.recover()
    desk.intake.stop()

    assert desk.intake.open_draft(ada).files[0].status is StagedStatus.COMPLETE


def test_a_start_leaves_half_a_file_to_be_resumed(desk, ada) -> None:
    begun = desk.intake.begin(ada, "a.pdf", 100, None)
    with desk.intake.append(ada, begun.id, 0) as sink:
        sink.write(b"%PDF-")

    assert desk.intake.inspection.recover() == 0
    assert desk.intake.transfer(ada, begun.id).offset == 5


def test_a_file_whose_bytes_are_lost_is_refused_after_a_while(desk, ada, clock) -> None:
    data = pdf(1)
    begun = desk.intake.begin(ada, "a.pdf", len(data), None)
    with desk.intake.append(ada, begun.id, 0) as sink:
        sink.write(data)
    desk.intake._start(ada, begun.id)
    desk.spool.remove(begun.id)

    desk.intake.inspection.recover()
    assert desk.intake.open_draft(ada).files[0].is_in_transfer
    clock.pass_s(LOST_AFTER.total_seconds() + 1)
    desk.intake.inspection.recover()

    assert desk.intake.open_draft(ada).files[0].error_code == "storage_unavailable"


def test_asking_how_far_a_whole_file_is_goes_on_with_it(desk, ada) -> None:
    data = pdf(1)
    begun = desk.intake.begin(ada, "a.pdf", len(data), None)
    desk.spool.arriving(begun.id).write_bytes(data)

    assert desk.intake.transfer(ada, begun.id).offset == len(data)
    desk.intake.inspectors.shutdown(wait=True)

    assert desk.intake.open_draft(ada).files[0].status is StagedStatus.COMPLETE


def test_inspecting_twice_takes_nothing_away(desk, ada) -> None:
    staged = desk.send(ada, pdf(1))

    desk.intake.inspection.inspect(ada.user_id, staged.id)

    assert len(desk.stored()) == 1
    assert desk.intake.open_draft(ada).files[0].is_valid


def test_a_day_old_draft_is_purged_and_a_touched_one_stays(desk, ada, clock) -> None:
    bob = desk.actor()
    desk.send(ada, pdf(1))
    desk.send(bob, pdf(1))
    clock.pass_s(23 * 3_600)
    draft = desk.intake.open_draft(bob)
    desk.intake.update_draft(bob, draft.id, DraftChange(name="mine"))
    clock.pass_s(2 * 3_600)

    desk.intake.purge(clock.now())

    assert desk.intake.open_draft(ada) is None
    assert desk.intake.open_draft(bob) is not None
    assert [key.split("/")[1] for key in desk.stored()] == [str(bob.user_id)]


def test_bytes_without_a_row_are_swept_and_others_stay(desk, ada, clock, tmp_path) -> None:
    desk.send(ada, pdf(1))
    source = tmp_path / "orphan"
    source.write_bytes(b"x")
    desk.files.put(f"batches/{ada.user_id}/{uuid4()}/{uuid4()}-gone.pdf", source)
    document = make_document(desk.database, ada.user_id, make_batch(desk.database, ada.user_id).id)
    desk.files.put(document.storage_key, source)

    assert desk.intake.purge(clock.now()) == 1

    assert document.storage_key in desk.stored()
    assert len(desk.stored()) == 2
