"""Floods of sockets (security, row 24) on the server as it runs."""

from __future__ import annotations

import pytest
from websockets.exceptions import ConnectionClosed

from tests.e2e.raw_client import RawClient


def until_closed(client: RawClient) -> None:
    for _ in range(50):
        client._socket.recv(timeout=5)


def test_a_frame_of_2_mb_closes_its_socket_and_the_server_goes_on(site) -> None:
    with RawClient(site.url) as client:
        client._socket.send("42" + "x" * 2_000_000)
        with pytest.raises(ConnectionClosed):
            until_closed(client)

    assert site.answers()
