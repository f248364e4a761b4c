"""Floods of sockets (security, row 24): 2 MB hang up, the 1,001st socket is refused."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from ingestio.api.sockets import MOST, SocketLimits


async def echo(scope, receive, send) -> None:
    socket = WebSocket(scope, receive, send)
    await socket.accept()
    while True:
        message = await socket.receive()
        if message["type"] == "websocket.disconnect":
            return
        await socket.send_text("heard")


def test_a_message_of_2_mb_hangs_up_and_a_small_one_does_not() -> None:
    client = TestClient(SocketLimits(echo))

    with client.websocket_connect("/_event") as socket:
        socket.send_text("x" * 1_000_000)
        assert socket.receive_text() == "heard"
        socket.send_bytes(bytes(2_000_000))
        with pytest.raises(WebSocketDisconnect) as caught:
            socket.receive_text()
    assert caught.value.code == 1009


def test_one_socket_too_many_is_refused_until_another_goes() -> None:
    client = TestClient(SocketLimits(echo, most=3))

    with ExitStack() as stack:
        opened = [stack.enter_context(client.websocket_connect("/_event")) for _ in range(3)]
        with pytest.raises(WebSocketDisconnect), client.websocket_connect("/_event"):
            pass
        opened[0].close()
        with client.websocket_connect("/_event") as late:
            late.send_text("hello")
            assert late.receive_text() == "heard"


def test_a_thousand_are_enough_for_one_process() -> None:
    assert MOST == 1_000
