"""Mails on a real SMTP server: that takes them, refuses, hangs, or takes one and is not heard."""

from __future__ import annotations

import socket
import threading
import time
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from ingestio.adapters.smtp_mail import SmtpMailer
from ingestio.errors import Refused, Unavailable
from ingestio.ports import Mail

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

MAIL = Mail("ada@example.org", "March is completed", "3 documents.\n", "batch-1-1")


class Box:
    """A mail server's inside: keeps what it took, or does what a test says instead."""

    def __init__(self) -> None:
        self.took: list[Any] = []
        self.answer_to_rcpt = "250 OK"
        self.answer_to_data: str | None = "250 OK"
        self.answer_to_quit = "221 Bye"

    async def handle_RCPT(self, _server, _session, envelope, address, _options) -> str:  # noqa: N802
        if self.answer_to_rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer_to_rcpt

    async def handle_DATA(self, server, _session, envelope) -> str:  # noqa: N802
        self.took.append(message_from_bytes(envelope.content, policy=policy.SMTP))
        if self.answer_to_data is None:
            server.transport.abort()
            return "250 never heard"
        return self.answer_to_data

    async def handle_QUIT(self, server, _session, _envelope) -> str:  # noqa: N802
        if not self.answer_to_quit:
            server.transport.abort()
        return self.answer_to_quit or "221"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        return closed.getsockname()[1]


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def server(box: Box) -> Generator[Controller]:
    controller = Controller(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    yield controller
    controller.stop()


def url(server: Controller) -> str:
    return f"smtp://127.0.0.1:{server.port}?from=ingestio@example.org"


@pytest.fixture
def mailer(server: Controller) -> SmtpMailer:
    return SmtpMailer(url(server), timeout_s=5)


def test_a_mail_arrives_as_it_was_written(mailer: SmtpMailer, box: Box):
    mailer.send(MAIL)
    (mail,) = box.took
    assert (mail["From"], mail["To"]) == ("ingestio@example.org", "ada@example.org")
    assert mail["Subject"] == "March is completed"
    assert mail.get_content().splitlines() == ["3 documents."]
    assert mail["Date"].datetime
    assert mail["Auto-Submitted"] == "auto-generated"


def test_the_same_mail_has_the_same_name_and_another_has_another(mailer: SmtpMailer, box: Box):
    mailer.send(MAIL)
    mailer.send(MAIL)
    mailer.send(Mail(MAIL.to, MAIL.subject, MAIL.text, "batch-1-2"))
    names = [mail["Message-ID"] for mail in box.took]
    assert names == ["<batch-1-1@example.org>"] * 2 + ["<batch-1-2@example.org>"]


@pytest.mark.parametrize(
    ("subject", "shown"),
    [
        ("March\r\nBcc: eve@example.org\r\n\r\nHello", "March Bcc: eve@example.org Hello"),
        ("a\nb\tc\x00d\x85e\u2028f", "a b c d e f"),
        ("Größe 測試 🎉", "Größe 測試 🎉"),
        ("x" * 300, "x" * 200),
    ],
)
def test_a_subject_is_one_line_whatever_a_batch_is_called(
    mailer: SmtpMailer, box: Box, subject: str, shown: str
):
    mailer.send(Mail(MAIL.to, subject, MAIL.text, "batch-1-1"))
    (mail,) = box.took
    assert mail["Subject"] == shown
    assert mail["Bcc"] is None


@pytest.mark.parametrize(
    "address",
    ["ada@example.org\r\nBcc: eve@example.org", "ada@example.org, eve@example.org", "ada", ""],
)
def test_no_mail_is_written_to_what_is_not_one_address(mailer: SmtpMailer, box: Box, address: str):
    with pytest.raises(Refused):
        mailer.send(Mail(address, MAIL.subject, MAIL.text, "batch-1-1"))
    assert box.took == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [("550 no such user", Refused), ("450 try again later", Unavailable)],
)
def test_a_recipient_that_is_refused_is_so_for_good_or_for_now(
    mailer: SmtpMailer, box: Box, answer: str, error: type[Exception]
):
    box.answer_to_rcpt = answer
    with pytest.raises(error, match=answer):
        mailer.send(MAIL)


@pytest.mark.parametrize(
    ("answer", "error"), [("554 spam", Refused), ("451 greylisted", Unavailable)]
)
def test_a_text_that_is_refused_is_so_for_good_or_for_now(
    mailer: SmtpMailer, box: Box, answer: str, error: type[Exception]
):
    box.answer_to_data = answer
    with pytest.raises(error, match=answer):
        mailer.send(MAIL)


def test_a_mail_that_was_taken_without_an_answer_may_be_sent_again(mailer: SmtpMailer, box: Box):
    box.answer_to_data = None
    with pytest.raises(Unavailable):
        mailer.send(MAIL)
    box.answer_to_data = "250 OK"
    mailer.send(MAIL)
    first, second = box.took
    assert first["Message-ID"] == second["Message-ID"]


@pytest.mark.parametrize("answer", ["", "421 going down", "500 what"])
def test_how_a_server_says_goodbye_changes_nothing(mailer: SmtpMailer, box: Box, answer: str):
    """Else a mail that it took would be sent twice."""
    box.answer_to_quit = answer
    mailer.send(MAIL)
    assert len(box.took) == 1


def test_nobody_there_is_unavailable():
    with pytest.raises(Unavailable):
        SmtpMailer(f"smtp://127.0.0.1:{free_port()}").send(MAIL)


@pytest.fixture
def slow() -> Generator[Callable[[bytes, float], str]]:
    """Make a server that says one thing again and again; empty: nothing at all."""
    over, sockets = threading.Event(), []

    def make(word: bytes, every_s: float) -> str:
        listening = socket.create_server(("127.0.0.1", 0))
        sockets.append(listening)

        def drip() -> None:
            peer, _ = listening.accept()
            sockets.append(peer)
            while not over.wait(every_s):
                try:
                    peer.sendall(word)
                except OSError:
                    return

        threading.Thread(target=drip, daemon=True).start()
        return f"smtp://127.0.0.1:{listening.getsockname()[1]}"

    yield make
    over.set()
    for one in sockets:
        one.close()


def test_a_server_that_says_nothing_is_left(slow: Callable[[bytes, float], str]):
    begun_s = time.monotonic()
    with pytest.raises(Unavailable):
        SmtpMailer(slow(b"", 0.1), timeout_s=0.3).send(MAIL)
    assert time.monotonic() - begun_s < 5


def test_a_server_that_says_a_little_again_and_again_is_cut_off(
    slow: Callable[[bytes, float], str],
):
    """Each drop begins its time-out anew: the whole has a limit of its own."""
    begun_s = time.monotonic()
    with pytest.raises(Unavailable):
        SmtpMailer(slow(b"220-x\r\n", 0.05), timeout_s=1, at_most_s=0.5).send(MAIL)
    assert time.monotonic() - begun_s < 5


def test_no_password_is_said_in_the_clear(box: Box):
    """The server offers to log in, but no TLS."""
    asked: list[object] = []

    def check(*said: object) -> AuthResult:
        asked.append(said)
        return AuthResult(success=True)

    class Plain(Controller):
        def factory(self) -> SMTP:
            return SMTP(self.handler, authenticator=check, auth_require_tls=False)

    controller = Plain(box, hostname="127.0.0.1", port=free_port())
    controller.start()
    try:
        with pytest.raises(Unavailable):
            SmtpMailer(f"smtp://ada:secret@127.0.0.1:{controller.port}").send(MAIL)
    finally:
        controller.stop()
    assert (asked, box.took) == ([], [])
