"""The cache in Redis, shared between machines: ports.KeyValueStore where REDIS_URL says so."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import redis

from ingestio.errors import StoreUnavailable

if TYPE_CHECKING:
    from collections.abc import Generator

_PREFIX: Final = "ingestio:kv:"
_TIMEOUT_S: Final = 2.0


class RedisKeyValue:
    """Text by key, with a prefix: the server may be shared."""

    def __init__(self, url: str) -> None:
        self._client = redis.Redis.from_url(  # pyright: ignore[reportUnknownMemberType]
            url,
            decode_responses=True,
            socket_timeout=_TIMEOUT_S,
            socket_connect_timeout=_TIMEOUT_S,
        )

    def get(self, key: str) -> str | None:
        """The value, or None where there is none or it has expired."""
        with _translated():
            value = self._client.get(_PREFIX + key)
        return None if value is None else str(value)

    def set(self, key: str, value: str, ttl_s: float) -> None:
        """Keep a value for a while."""
        with _translated():
            self._client.set(_PREFIX + key, value, px=max(1, round(ttl_s * 1000)))

    def delete(self, key: str) -> None:
        """Forget it."""
        with _translated():
            self._client.delete(_PREFIX + key)


@contextmanager
def _translated() -> Generator[None]:
    try:
        yield
    except redis.RedisError as error:
        raise StoreUnavailable("The cache does not answer.") from error
