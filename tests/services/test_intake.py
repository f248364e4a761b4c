"""From a byte to a staged file, on a real database, real files and the real page counter."""

from __future__ import annotations

import errno
import hashlib
import os
from uuid import uuid4

import pytest

from ingestio.db import staged_files
from ingestio.domain.drafts import StagedStatus
from ingestio.domain.plans import PlanName, SubscriptionStatus
from ingestio.errors import (
    Conflict,
    EmptyFile,
    InvalidDraft,
    Locked,
    NotFound,
    RateLimited,
    StorageFull,
    TooLarge,
    UnsupportedType,
    UpgradeRequired,
)
from ingestio.services import writing
from tests import taking
from tests.taking import pdf, picture


@pytest.fixture
def desk(database, tmp_path, clock):
    return taking.build(database, tmp_path, clock)


@pytest.fixture
def ada(desk):
    return desk.actor()


def test_a_file_is_staged_with_its_pages_and_content(desk, ada) -> None:
    data = pdf(3)

    staged = desk.send(ada, data, "Rechnung März.pdf")

    assert (staged.status, staged.pages, staged.error_code) == (StagedStatus.COMPLETE, 3, None)
    draft = desk.intake.open_draft(ada)
    assert draft is not None
    key = f"batches/{ada.user_id}/{draft.id}/{staged.id}-Rechnung-Marz.pdf"
    assert desk.stored() == [key]
    assert b"".join(desk.files.open(key)) == data
    with desk.database.read(ada.user_id) as session:
        row = staged_files.find(session, ada.user_id, staged.id)
    assert row is not None
    assert row.sha256 == hashlib.sha256(data).hexdigest()
    assert desk.spooled() == []


def test_the_first_file_makes_the_draft_and_the_next_joins_it(desk, ada) -> None:
    desk.send(ada, pdf(1), "a.pdf")
    desk.send(ada, picture("JPEG"), "b.jpeg")

    draft = desk.intake.open_draft(ada)

    assert [f.filename for f in draft.files] == ["a.pdf", "b.jpeg"]
    assert draft.pages == 2
    assert (ada.user_id, draft.id) in desk.feed.published


@pytest.mark.parametrize(
    ("name", "size_bytes", "refusal"),
    [
        ("a.exe", 10, UnsupportedType),
        ("a", 10, UnsupportedType),
        ("a.pdf", 0, EmptyFile),
        ("a.pdf", 52_428_801, TooLarge),
        ("a.exe", 52_428_801, TooLarge),
    ],
)
def test_a_file_is_refused_before_a_byte(desk, ada, name, size_bytes, refusal) -> None:
    with pytest.raises(refusal):
        desk.intake.begin(ada, name, size_bytes, None)

    assert desk.spooled() == []
    assert desk.intake.open_draft(ada) is None


@pytest.mark.parametrize(
    ("plan", "status"),
    [
        (PlanName.STARTER, SubscriptionStatus.ACTIVE),
        (PlanName.PLUS, SubscriptionStatus.PAST_DUE),
    ],
)
def test_without_an_eligible_plan_nothing_begins(desk, ada, plan, status) -> None:
    desk.billing.plans[ada.user_id] = plan
    desk.billing.statuses[ada.user_id] = status

    for attempt in (
        lambda: desk.intake.begin(ada, "a.pdf", 10, None),
        lambda: desk.intake.create_draft(ada),
        lambda: desk.intake.create_api_draft(ada),
        lambda: desk.intake.add_samples(ada),
    ):
        with pytest.raises(UpgradeRequired):
            attempt()
    assert desk.intake.all_drafts(ada) == ()


def test_a_batch_takes_as_many_files_as_the_plan_says(desk, ada) -> None:
    desk.billing.plans[ada.user_id] = PlanName.PLUS
    first = [desk.intake.begin(ada, f"{n}.pdf", 10, None) for n in range(25)]

    with pytest.raises(InvalidDraft, match="25 files") as caught:
        desk.intake.begin(ada, "26.pdf", 10, None)

    assert [p.code for p in caught.value.problems] == ["too_many_files"]
    desk.intake.remove(ada, first[0].id)
    desk.intake.begin(ada, "26.pdf", 10, None)


def test_a_refused_file_takes_no_place(desk, ada) -> None:
    desk.billing.plans[ada.user_id] = PlanName.PLUS
    desk.send(ada, b"not a pdf at all", "bad.pdf")

    for n in range(25):
        desk.intake.begin(ada, f"{n}.pdf", 10, None)


def test_transfers_at_once_are_limited_over_all_drafts(desk, ada) -> None:
    drafts = [desk.intake.create_api_draft(ada).id for _ in range(2)]
    for n in range(120):
        desk.intake.begin(ada, f"{n}.pdf", 10, drafts[n % 2])

    with pytest.raises(RateLimited):
        desk.intake.begin(ada, "more.pdf", 10, drafts[0])


def test_bytes_staged_are_limited_over_all_drafts(desk, ada, monkeypatch) -> None:
    monkeypatch.setattr("ingestio.domain.transfers.MAX_STAGED_BYTES", 1_000)
    desk.intake.begin(ada, "a.pdf", 900, None)

    with pytest.raises(InvalidDraft, match="hold as much"):
        desk.intake.begin(ada, "b.pdf", 101, desk.intake.create_api_draft(ada).id)


def test_a_transfer_goes_on_from_where_the_bytes_are(desk, ada) -> None:
    data = pdf(2)
    begun = desk.intake.begin(ada, "a.pdf", len(data), None)
    with desk.intake.append(ada, begun.id, 0) as sink:
        sink.write(data[:100])

    assert desk.intake.transfer(ada, begun.id).offset == 100
    with pytest.raises(Conflict, match="at byte 100"):
        desk.intake.append(ada, begun.id, 0)
    with desk.intake.append(ada, begun.id, 100) as sink:
        sink.write(data[100:])

    assert desk.intake.finish(ada, begun.id).pages == 2
    assert desk.intake.transfer(ada, begun.id).offset == len(data)


def test_a_file_that_is_still_arriving_can_not_be_finished(desk, ada) -> None:
    begun = desk.intake.begin(ada, "a.pdf", 100, None)

    with pytest.raises(Conflict):
        desk.intake.finish(ada, begun.id)


def test_more_bytes_than_declared_are_refused(desk, ada) -> None:
    begun = desk.intake.begin(ada, "a.pdf", 10, None)

    with desk.intake.append(ada, begun.id, 0) as sink, pytest.raises(TooLarge):
        sink.write(b"%PDF-1.7 and more")

    assert desk.intake.transfer(ada, begun.id).offset == 0


def test_a_second_writer_is_locked_out_until_the_first_goes_silent(desk, ada, monkeypatch) -> None:
    begun = desk.intake.begin(ada, "a.pdf", 100, None)
    first = desk.intake.append(ada, begun.id, 0)
    first.write(b"%PDF-")
    with pytest.raises(Locked):
        desk.intake.append(ada, begun.id, 5)

    monkeypatch.setattr(writing, "TAKE_OVER_AFTER_S", 0.0)
    with desk.intake.append(ada, begun.id, 5) as second:
        second.write(b"1.7")
    with pytest.raises(Locked):
        first.write(b"lost")
    first.close()

    assert desk.intake.transfer(ada, begun.id).offset == 8


def test_parts_that_the_disk_takes_by_halves_are_all_written(desk, ada, monkeypatch) -> None:
    data = pdf(2)
    real = os.writev
    begun = desk.intake.begin(ada, "a.pdf", len(data), None)

    with desk.intake.append(ada, begun.id, 0) as sink:
        monkeypatch.setattr(writing.os, "writev", lambda fd, p: real(fd, [p[0][:7]]))
        sink.write(data[:20], b"", data[20:21], data[21:])

    assert desk.intake.finish(ada, begun.id).pages == 2


def test_cancelling_stops_a_writer_and_leaves_nothing(desk, ada) -> None:
    begun = desk.intake.begin(ada, "a.pdf", 100, None)

    with desk.intake.append(ada, begun.id, 0) as sink:
        sink.write(b"%PDF-")
        desk.intake.remove(ada, begun.id)
        with pytest.raises(NotFound):
            sink.write(b"1.7")

    assert desk.spooled() == []
    assert desk.intake.open_draft(ada).files == ()


def test_a_full_disk_keeps_nothing_and_says_so(desk, ada, monkeypatch) -> None:
    begun = desk.intake.begin(ada, "a.pdf", 100, None)

    def full(_fd, _data):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with desk.intake.append(ada, begun.id, 0) as sink:
        monkeypatch.setattr(writing.os, "writev", full)
        with pytest.raises(StorageFull):
            sink.write(b"%PDF-")
    monkeypatch.undo()

    assert desk.spooled() == []
    (file,) = desk.intake.open_draft(ada).files
    assert (file.status, file.error_code) == (StagedStatus.ERROR, "storage_full")


def test_a_refused_file_stays_listed_with_its_reason_and_no_bytes(desk, ada) -> None:
    staged = desk.send(ada, pdf(1)[:60], "broken.pdf")

    assert (staged.status, staged.error_code) == (StagedStatus.ERROR, "unreadable")
    assert staged.error_message.startswith("The file is damaged")
    assert desk.stored() == []
    assert desk.spooled() == []


def test_first_bytes_that_belie_the_name_end_the_transfer(desk, ada) -> None:
    begun = desk.intake.begin(ada, "a.pdf", 5_000_000, None)

    with pytest.raises(UnsupportedType, match="a PNG picture named"):
        desk.intake.judge_first_bytes(ada, begun.id, picture()[:1_024])

    assert desk.spooled() == []
    assert desk.intake.open_draft(ada).files[0].error_code == "unsupported_type"
    with pytest.raises(NotFound):
        desk.intake.transfer(ada, begun.id)


def test_foreign_ids_look_like_missing_ones(desk, ada) -> None:
    begun = desk.intake.begin(ada, "a.pdf", 100, None)
    bob = desk.actor()

    for attempt in (
        lambda: desk.intake.draft(bob, begun.draft_id),
        lambda: desk.intake.begin(bob, "b.pdf", 10, begun.draft_id),
        lambda: desk.intake.transfer(bob, begun.id),
        lambda: desk.intake.append(bob, begun.id, 0),
        lambda: desk.intake.judge_first_bytes(bob, begun.id, b"x" * 1_024),
        lambda: desk.intake.finish(bob, begun.id),
        lambda: desk.intake.remove(bob, begun.id),
        lambda: desk.intake.remove_all(bob, begun.draft_id),
        lambda: desk.intake.keep_both(bob, begun.id),
        lambda: desk.intake.discard_draft(bob, begun.draft_id),
        lambda: desk.intake.draft(ada, uuid4()),
    ):
        with pytest.raises(NotFound):
            attempt()
    assert desk.intake.open_draft(bob) is None
    assert len(desk.intake.open_draft(ada).files) == 1


def test_hostile_names_stay_inside_the_store(desk, ada) -> None:
    names = [
        "../../etc/passwd.pdf",
        "a\x00b.pdf",
        "CON.pdf",
        "x\r\nSet-Cookie: a.pdf",
        "\u202egpj.pdf",
    ]

    for n, name in enumerate(names):
        assert desk.send(ada, pdf(1, str(n)), name).status is StagedStatus.COMPLETE

    draft = desk.intake.open_draft(ada)
    prefix = f"batches/{ada.user_id}/{draft.id}/"
    assert len(desk.stored()) == len(names)
    assert all(key.startswith(prefix) and key.count("/") == 3 for key in desk.stored())
    assert not any(c in f.filename for f in draft.files for c in "/\\\r\n\x00\u202e")


def test_samples_are_staged_once(desk, ada) -> None:
    desk.intake.add_samples(ada)
    draft = desk.intake.add_samples(ada)

    assert len(draft.files) >= 3
    assert len(draft.valid_files) == len(draft.files)


def test_a_file_that_lies_here_is_received_and_stays_where_it_is(desk, ada, tmp_path) -> None:
    source = tmp_path / "source.pdf"
    source.write_bytes(pdf(2))
    draft = desk.intake.create_api_draft(ada)

    staged = desk.intake.receive(ada, draft.id, "given.pdf", source)

    assert (staged.filename, staged.pages) == ("given.pdf", 2)
    assert source.exists()
    assert desk.intake.open_draft(ada) is None


def test_a_repaired_copy_is_what_is_stored(desk, ada) -> None:
    data = pdf(2)
    lying = data.replace(b"/Count 2", b"/Count 1")
    assert lying != data

    staged = desk.send(ada, lying)

    assert (staged.status, staged.pages) == (StagedStatus.COMPLETE, 2)
    kept = b"".join(desk.files.open(desk.stored()[0]))
    assert kept != lying
    assert staged.size_bytes == len(kept)
