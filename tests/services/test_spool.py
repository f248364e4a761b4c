"""Bytes in transfer: one writer, a count kept while they arrive, and what a restart loses."""

from __future__ import annotations

import hashlib
from uuid import uuid4

import pytest

from ingestio.errors import Locked, StorageFull
from ingestio.services.spool import Spool

DATA = bytes(range(256)) * 400


@pytest.fixture
def spool(tmp_path):
    return Spool(tmp_path / "spool")


@pytest.fixture
def file_id(spool):
    made = uuid4()
    spool.create(made, len(DATA))
    return made


def never(error) -> None:
    raise AssertionError(error)


def append(spool, file_id, *parts: bytes) -> None:
    with spool.writer(file_id, spool.offset(file_id), len(DATA), never) as writer:
        writer.write(*parts)


@pytest.mark.parametrize("cuts", [(), (1,), (5_000, 5_001), (1_024, 50_000, 99_999)])
def test_the_count_goes_on_from_part_to_part(spool, file_id, cuts) -> None:
    for begin, end in zip((0, *cuts), (*cuts, len(DATA)), strict=True):
        middle = (begin + end) // 2
        append(spool, file_id, DATA[begin:middle], DATA[middle:end])

    assert file_id in spool._digests
    assert spool.sha256(file_id) == hashlib.sha256(DATA).hexdigest()


@pytest.mark.parametrize("before", [0, 1, 60_000, len(DATA)])
def test_what_a_restart_lost_count_of_is_read_again(spool, file_id, tmp_path, before) -> None:
    append(spool, file_id, DATA[:before])
    restarted = Spool(tmp_path / "spool")
    if before < len(DATA):
        append(restarted, file_id, DATA[before:])

    assert restarted.sha256(file_id) == hashlib.sha256(DATA).hexdigest()


def test_what_is_taken_back_is_not_counted(spool, file_id) -> None:
    append(spool, file_id, DATA[:100])
    with spool.writer(file_id, 100, len(DATA), never) as writer:
        writer.write(b"wrong" * 100)
        writer.undo()
        assert (writer.offset, spool.offset(file_id)) == (100, 100)
        with pytest.raises(Locked):
            writer.write(b"late")
    append(spool, file_id, DATA[100:])

    assert spool.sha256(file_id) == hashlib.sha256(DATA).hexdigest()


def test_nothing_of_a_removed_file_is_remembered(spool, file_id) -> None:
    append(spool, file_id, DATA[:100])
    spool.remove(file_id)

    assert spool._digests == {}
    assert list(spool.ids()) == []


def test_some_of_the_disk_stays_free(tmp_path) -> None:
    spool = Spool(tmp_path / "spool", reserved_bytes=2**60)

    with pytest.raises(StorageFull):
        spool.create(uuid4(), 1)
    assert list(spool.ids()) == []
