"""How often somebody may do a thing: ports.RateLimiter over `limits`.

In this process's memory, or in Redis where several processes must count together. A moving window:
a fixed one lets twice the limit through around its edge.
"""

from __future__ import annotations

import math
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from limits import RateLimitItemPerSecond
from limits.errors import StorageError
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter

from ingestio.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Generator

_TIMEOUT_S: Final = 2.0
_NAMESPACE: Final = "ingestio"


class Limits:
    """Counts by bucket. A bucket's limit and window are part of its name: change both freely."""

    def __init__(self, redis_url: str | None) -> None:
        self._limiter = MovingWindowRateLimiter(_redis(redis_url) if redis_url else MemoryStorage())

    def hit(self, bucket: str, limit: int, window_s: int) -> float | None:
        """Count one; None where it is allowed, else the seconds until the next one is."""
        if limit <= 0:
            return float(window_s)
        item = _item(limit, window_s)
        with _translated():
            return None if self._limiter.hit(item, bucket) else self._wait_s(item, bucket)

    def peek(self, bucket: str, limit: int, window_s: int) -> float | None:
        """The same answer without counting."""
        if limit <= 0:
            return float(window_s)
        item = _item(limit, window_s)
        with _translated():
            return None if self._limiter.test(item, bucket) else self._wait_s(item, bucket)

    def _wait_s(self, item: RateLimitItemPerSecond, bucket: str) -> float:
        resets_at = self._limiter.get_window_stats(item, bucket).reset_time
        return max(1.0, math.ceil(resets_at - time.time()))


def _item(limit: int, window_s: int) -> RateLimitItemPerSecond:
    return RateLimitItemPerSecond(limit, window_s, namespace=_NAMESPACE)


def _redis(url: str) -> RedisStorage:
    return RedisStorage(
        url,
        wrap_exceptions=True,
        socket_timeout=_TIMEOUT_S,
        socket_connect_timeout=_TIMEOUT_S,
    )


@contextmanager
def _translated() -> Generator[None]:
    try:
        yield
    except StorageError as error:
        raise StoreUnavailable("The rate limits can't be read. Try again in a moment.") from error
