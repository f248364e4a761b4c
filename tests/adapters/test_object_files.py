"""One contract for files, on a folder and on a bucket."""

from __future__ import annotations

import errno
import hashlib
import os
from datetime import timedelta

import boto3
import pytest
from moto.server import ThreadedMotoServer

from ingestio.adapters import object_files
from ingestio.adapters.object_files import ObjectFiles
from ingestio.errors import NotFound, StorageFull, StorageUnavailable

KEY = "batches/u/b/1-Rechnung.pdf"


@pytest.fixture(scope="module")
def bucket():
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def in_a_bucket(bucket, monkeypatch):
    for name, value in (("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")):
        monkeypatch.setenv(name, value)
    client = boto3.client("s3", endpoint_url=bucket, region_name="us-east-1")
    client.create_bucket(Bucket="ingestio")
    yield ObjectFiles(f"s3://ingestio/some/prefix?endpoint={bucket}&region=us-east-1")
    for entry in client.list_objects_v2(Bucket="ingestio").get("Contents", []):
        client.delete_object(Bucket="ingestio", Key=entry["Key"])


@pytest.fixture
def in_a_folder(tmp_path):
    return ObjectFiles(tmp_path / "files")


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "source"
    path.write_bytes(os.urandom(3_000_000))
    return path


@pytest.mark.parametrize("store", ["in_a_folder", "in_a_bucket"])
class TestFileStorage:
    @pytest.fixture
    def files(self, store, request) -> ObjectFiles:
        return request.getfixturevalue(store)

    def test_what_is_put_is_read_back(self, files, source) -> None:
        files.put(KEY, source)

        chunks = list(files.open(KEY))

        assert _sha(b"".join(chunks)) == _sha(source.read_bytes())
        assert max(map(len, chunks)) <= 4 * 1_048_576
        assert source.exists()

    def test_a_second_put_replaces(self, files, source, tmp_path) -> None:
        files.put(KEY, source)
        other = tmp_path / "other"
        other.write_bytes(b"new")

        files.put(KEY, other)

        assert b"".join(files.open(KEY)) == b"new"

    def test_putting_the_same_file_again_leaves_one(self, files, source) -> None:
        for _ in range(3):
            files.put("a/key.pdf", source)

        assert list(files.keys("a/")) == ["a/key.pdf"]

    def test_a_file_can_be_read_in_place(self, files, source) -> None:
        files.put(KEY, source)

        with files.as_file(KEY) as path:
            assert path.read_bytes() == source.read_bytes()

    def test_a_missing_key_is_not_found(self, files) -> None:
        with pytest.raises(NotFound):
            files.open("batches/no")
        with pytest.raises(NotFound), files.as_file("batches/no"):
            pass

    def test_deleting_twice_is_fine(self, files, source) -> None:
        files.put(KEY, source)

        files.delete(KEY)
        files.delete(KEY)

        with pytest.raises(NotFound):
            files.open(KEY)

    def test_keys_are_listed_below_a_prefix(self, files, source) -> None:
        keys = {f"batches/u/{n}/{n}-a.pdf" for n in range(3)}
        for key in (*keys, "elsewhere/x"):
            files.put(key, source)

        assert set(files.keys("batches/")) == keys
        assert set(files.keys("batches/u/1/")) == {"batches/u/1/1-a.pdf"}
        assert list(files.keys("nothing/")) == []


def test_a_key_can_not_leave_the_folder(in_a_folder, source, tmp_path) -> None:
    with pytest.raises(StorageUnavailable):
        in_a_folder.put("../outside", source)

    assert not (tmp_path / "outside").exists()


def test_a_bucket_that_is_away_is_unavailable(source, monkeypatch) -> None:
    for name, value in (("AWS_ACCESS_KEY_ID", "test"), ("AWS_SECRET_ACCESS_KEY", "test")):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(object_files, "RETRIED_FOR", timedelta(seconds=0.2))
    files = ObjectFiles("s3://gone?endpoint=http://127.0.0.1:9&region=us-east-1")

    with pytest.raises(StorageUnavailable):
        files.put(KEY, source)


def test_a_full_disk_is_said_to_be_full(in_a_folder, source, monkeypatch) -> None:
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(object_files, "_sync", full)

    with pytest.raises(StorageFull):
        in_a_folder.put(KEY, source)


def _sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
