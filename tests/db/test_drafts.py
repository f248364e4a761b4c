"""Queries on drafts and staged files, on SQLite and on a real PostgreSQL behind its walls."""

from __future__ import annotations

import threading
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from ingestio.db import drafts, duplicates, staged_files, sweeps
from ingestio.db.engine import SYSTEM
from ingestio.db.staged_files import Accepted
from ingestio.domain.documents import MediaType
from ingestio.domain.drafts import DraftChange, StagedStatus
from ingestio.domain.transfers import Occupied
from tests.factories import AT, make_batch, make_document, make_user

FOUND = Accepted(MediaType.PDF, 3, "0" * 64, 90)


@pytest.fixture
def ada(either_database) -> UUID:
    return make_user(either_database).id


@pytest.fixture
def bob(either_database) -> UUID:
    return make_user(either_database).id


@pytest.fixture
def ask(either_database):
    """Run a query for an owner; what it changed stays."""
    return lambda owner, query, *args, **kw: either_database.write(
        owner, lambda session: query(session, owner, *args, **kw)
    )


def _draft(ask, owner: UUID, *, is_wizard_draft: bool = True) -> UUID:
    return ask(owner, drafts.add, AT, is_wizard_draft=is_wizard_draft)


def _file(ask, owner: UUID, draft: UUID, size_bytes: int = 100) -> UUID:
    file_id = uuid4()
    about = {"filename": "a.pdf", "size_bytes": size_bytes, "storage_key": f"batches/{file_id}"}
    ask(owner, staged_files.add, draft, file_id=file_id, now=AT, **about)
    return file_id


def _accepted(ask, owner: UUID, draft: UUID) -> UUID:
    file_id = _file(ask, owner, draft)
    assert ask(owner, staged_files.start_inspection, file_id, AT)
    assert ask(owner, staged_files.accept, file_id, FOUND, AT)
    return file_id


def test_the_wizard_gets_its_open_draft_again(ask, ada, bob) -> None:
    first = _draft(ask, ada)

    assert _draft(ask, ada) == first
    assert _draft(ask, bob) != first
    assert _draft(ask, ada, is_wizard_draft=False) != first
    assert ask(ada, drafts.open_id) == first
    assert len(ask(ada, drafts.ids)) == 2


def test_tabs_that_open_at_once_share_one_draft(ask, ada) -> None:
    found, start = [], threading.Barrier(6)

    def open_tab() -> None:
        start.wait()
        found.append(_draft(ask, ada))

    tabs = [threading.Thread(target=open_tab) for _ in range(6)]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()

    assert len(found) == 6
    assert len(set(found)) == 1


def test_files_keep_their_order_and_their_steps(ask, ada) -> None:
    draft = _draft(ask, ada)
    ids = [_file(ask, ada, draft) for _ in range(3)]

    assert [f.id for f in ask(ada, drafts.find, draft).files] == ids
    assert not ask(ada, staged_files.accept, ids[0], FOUND, AT)
    assert ask(ada, staged_files.start_inspection, ids[0], AT)
    assert not ask(ada, staged_files.start_inspection, ids[0], AT)
    assert ask(ada, staged_files.accept, ids[0], FOUND, AT)
    assert not ask(ada, staged_files.refuse, ids[0], code="x", message="X.", now=AT)
    assert ask(ada, staged_files.refuse, ids[1], code="x", message="X.", now=AT)
    shown = ask(ada, drafts.find, draft).files
    assert [f.status for f in shown] == [
        StagedStatus.COMPLETE,
        StagedStatus.ERROR,
        StagedStatus.RECEIVING,
    ]
    assert (shown[0].pages, shown[0].size_bytes) == (3, 90)
    assert shown[1].error_message == "X."


def test_what_is_occupied_counts_valid_and_arriving_files(ask, ada, bob) -> None:
    draft, other = _draft(ask, ada), _draft(ask, ada, is_wizard_draft=False)
    _accepted(ask, ada, draft)
    _file(ask, ada, draft, 1_000)
    _file(ask, ada, other, 10_000)
    refused = _file(ask, ada, draft, 100_000)
    ask(ada, staged_files.refuse, refused, code="x", message="X.", now=AT)

    assert ask(ada, staged_files.occupied, draft) == Occupied(2, 2, 11_090)
    assert ask(bob, staged_files.occupied, draft) == Occupied(0, 0, 0)


def test_a_stranger_neither_sees_nor_moves_anything(ask, ada, bob) -> None:
    draft = _draft(ask, ada)
    file_id = _file(ask, ada, draft)

    assert ask(bob, drafts.find, draft) is None
    assert ask(bob, staged_files.find, file_id) is None
    assert not ask(bob, drafts.lock, draft)
    assert ask(bob, drafts.remove, draft) is None
    assert not ask(bob, staged_files.start_inspection, file_id, AT)
    assert not ask(bob, staged_files.remove, file_id)
    ask(bob, drafts.change, draft, DraftChange(name="mine", prompts={file_id: "x"}), AT)
    found = ask(ada, drafts.find, draft)
    assert (found.name, found.files[0].prompt) == (None, None)


def test_twins_are_found_and_their_duplicates_let_in(ask, ada) -> None:
    draft = _draft(ask, ada)
    first, second = _accepted(ask, ada, draft), _file(ask, ada, draft)
    ask(ada, staged_files.start_inspection, second, AT)
    ask(ada, staged_files.refuse, second, code="duplicate", message="Twice.", now=AT, what=FOUND)

    assert ask(ada, duplicates.twin, draft, second, FOUND.sha256).id == first
    assert ask(ada, duplicates.twin, draft, first, FOUND.sha256) is None
    assert ask(ada, duplicates.duplicate_of, draft, FOUND.sha256).id == second
    about = {"size_bytes": 90, "now": AT}
    assert ask(ada, duplicates.take_key, second, "batches/early")
    assert ask(ada, duplicates.take_key, second, "batches/late")
    assert not ask(ada, duplicates.keep_twice, second, storage_key="batches/early", **about)
    assert ask(ada, duplicates.keep_twice, second, storage_key="batches/late", **about)
    assert not ask(ada, duplicates.keep_twice, second, storage_key="batches/late", **about)
    assert not ask(ada, duplicates.take_key, second, "batches/later")
    assert [f.error_code for f in ask(ada, drafts.find, draft).files] == [None, None]


def test_earlier_batches_are_found_by_content(either_database, ask, ada, bob) -> None:
    batch = make_batch(either_database, ada)
    make_document(either_database, ada, batch.id, sha256=FOUND.sha256)

    assert ask(ada, duplicates.earlier_batches, [FOUND.sha256], AT) == {FOUND.sha256: batch.id}
    assert ask(ada, duplicates.earlier_batches, [FOUND.sha256], AT + timedelta(1)) == {}
    assert ask(bob, duplicates.earlier_batches, [FOUND.sha256], AT) == {}


def test_removing_a_draft_takes_its_files_along(ask, ada) -> None:
    draft = _draft(ask, ada)
    file_id = _accepted(ask, ada, draft)

    assert ask(ada, drafts.remove, draft, AT) is None  # touched since
    assert [f.id for f in ask(ada, drafts.remove, draft)] == [file_id]
    assert ask(ada, staged_files.find, file_id) is None


def test_the_upkeep_sees_everybodys(either_database, ask, ada, bob) -> None:
    old, arriving = _draft(ask, ada), _file(ask, bob, _draft(ask, bob))
    document = make_document(either_database, ada)

    with either_database.read(SYSTEM) as session:
        assert {r.id for r in sweeps.in_transfer(session)} == {arriving}
        assert (ada, old) in sweeps.untouched_since(session, AT + timedelta(seconds=1))
        assert sweeps.untouched_since(session, AT) == []
        keys = [document.storage_key, f"batches/{arriving}", "batches/gone"]
        assert sweeps.known_keys(session, keys) == set(keys[:2])
