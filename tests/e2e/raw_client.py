"""A Reflex client without a browser: opens the socket and sends any event, as an attacker would.

Speaks engine.io 4 and socket.io over one websocket. Synchronous; every wait has an end.
"""

from __future__ import annotations

import json
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

from websockets.sync.client import ClientConnection, connect

NAMESPACE = "/_event"
HYDRATE = "reflex___state____state.hydrate_and_load"


@dataclass
class RawClient:
    """One tab's socket. `frames` keeps every frame that the server sent."""

    base: str
    cookie: str = ""
    path: str = "/dashboard"
    token: str = field(default_factory=lambda: str(uuid.uuid4()))
    query: dict[str, str] = field(default_factory=dict)
    frames: list[str] = field(default_factory=list)
    _socket: ClientConnection | None = None

    def __enter__(self) -> Self:
        address = self.base.replace("http://", "ws://", 1)
        self._socket = connect(
            f"{address}/_event/?token={self.token}&EIO=4&transport=websocket",
            origin=self.base,  # pyright: ignore[reportArgumentType]
            additional_headers={"Cookie": self.cookie} if self.cookie else None,
            max_size=None,
            subprotocols=["0.10.1"],  # pyright: ignore[reportArgumentType]
        )
        self._socket.recv(timeout=5)
        self._socket.send(f"40{NAMESPACE},{json.dumps({'event': self._event(HYDRATE, {})})}")
        self.listen(0.5)
        return self

    def __exit__(self, *_: object) -> None:
        if self._socket:
            self._socket.close()

    def send(self, name: str, payload: dict[str, Any]) -> None:
        """Call any event handler by its full name."""
        assert self._socket
        message = json.dumps(["event", self._event(name, payload)])
        self._socket.send(f"42{NAMESPACE},{message}")

    def listen(self, quiet_s: float, limit_s: float = 5.0) -> list[str]:
        """Keep what arrives until nothing has for `quiet_s`, or `limit_s` are over."""
        assert self._socket
        end, new = time.monotonic() + limit_s, []
        with suppress(TimeoutError):
            while time.monotonic() < end:
                frame = self._socket.recv(timeout=quiet_s)
                if frame == "2":
                    self._socket.send("3")
                    continue
                new.append(str(frame))
        self.frames += new
        return new

    def _event(self, name: str, payload: dict[str, Any]) -> dict[str, Any]:
        router = {"pathname": self.path, "query": self.query, "asPath": self.path}
        return {"name": name, "payload": payload, "router_data": router}
