"""Mails over SMTP: ports.Mailer, where SMTP_URL says so.

`smtp://user:password@host:587?from=ingestio@example.org` upgrades to TLS where the server offers
it and must where there is a password; `smtps://` begins with TLS (465).
"""

from __future__ import annotations

import smtplib
import socket
import ssl
import threading
from contextlib import contextmanager, suppress
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import localtime
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs, unquote, urlsplit

from ingestio.errors import Refused, Unavailable

if TYPE_CHECKING:
    from collections.abc import Generator

    from ingestio.ports import Mail

_TIMEOUT_S: Final = 20.0
_AT_MOST_S: Final = 60.0
_GOODBYE_S: Final = 1.0
_SMTP_PORT: Final = 587
_SMTPS_PORT: Final = 465
_MAX_SUBJECT_CHARS: Final = 200
_NEVER: Final = 500
"""Codes from here on mean: not this one, however often."""


class SmtpMailer:
    """One connection a mail: they are few. `timeout_s` for each answer, `at_most_s` for all."""

    def __init__(
        self, url: str, *, timeout_s: float = _TIMEOUT_S, at_most_s: float = _AT_MOST_S
    ) -> None:
        parts = urlsplit(url)
        self._is_tls = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (_SMTPS_PORT if self._is_tls else _SMTP_PORT)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        given = parse_qs(parts.query).get("from", [])
        of_user = self._user if "@" in self._user else f"ingestio@{self._host}"
        self._sender = given[0] if given else of_user
        self._timeout_s = timeout_s
        self._at_most_s = at_most_s

    def send(self, mail: Mail) -> None:
        """Hand it to the server; done once it took the text, whatever comes after.

        Raises:
            Unavailable: the server is away, too slow, or asks for patience.
            Refused: it will never take this mail.
        """
        message = self._message(mail)
        try:
            with self._connected() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            code, said = next(iter(error.recipients.values()))
            raise _judged(code, said) from error
        except smtplib.SMTPDataError as error:
            raise _judged(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPNotSupportedError as error:
            raise Refused("The mail server can't write to this address.") from error
        except smtplib.SMTPResponseException as error:
            # About us, not this mail: a sender or a password that somebody can put right.
            answer = f"{error.smtp_code} {_text(error.smtp_error)}"
            raise Unavailable(f"The mail server does not let us in: {answer}") from error
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(
                f"The mail server does not answer: {type(error).__name__}."
            ) from error

    def _message(self, mail: Mail) -> EmailMessage:
        """The same for the same mail, apart from its date.

        Raises:
            Refused: no mail can be written to this address.
        """
        message = EmailMessage(policy=SMTP)
        try:
            message["From"] = _address(self._sender)
            message["To"] = _address(mail.to)
        except (ValueError, MessageError, IndexError) as error:
            raise Refused("No mail can be sent to this address.") from error
        message["Subject"] = _one_line(mail.subject)
        message["Date"] = localtime()
        message["Message-ID"] = f"<{mail.reference}@{self._sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        return message

    @contextmanager
    def _connected(self) -> Generator[smtplib.SMTP]:
        context = ssl.create_default_context()
        server = self._greeted(context)
        try:
            self._enter(server, context)
            yield server
            _say_goodbye(server)
        finally:
            server.close()

    def _enter(self, server: smtplib.SMTP, context: ssl.SSLContext) -> None:
        """Never a password in the clear."""
        try:
            if not self._is_tls:
                server.ehlo()
                if self._user or server.has_extn("starttls"):
                    server.starttls(context=context)
            if self._user:
                server.login(self._user, self._password)
        except smtplib.SMTPNotSupportedError as error:
            raise Unavailable(f"The mail server does not fit SMTP_URL: {error}") from error

    def _greeted(self, context: ssl.SSLContext) -> smtplib.SMTP:
        at = (self._host, self._port, self._timeout_s, self._at_most_s)
        return _LimitedTls(*at, context=context) if self._is_tls else _Limited(*at)


class _Limited(smtplib.SMTP):
    """A session that is cut off when its time is over: a drop at a time would keep us for long."""

    def __init__(
        self, host: str, port: int, timeout_s: float, at_most_s: float, **kind: ssl.SSLContext
    ) -> None:
        self._limit = threading.Timer(at_most_s, self._cut)
        self._limit.daemon = True
        self._limit.start()
        try:
            super().__init__(host, port, timeout=timeout_s, **kind)  # pyright: ignore[reportArgumentType]
        except BaseException:
            self._limit.cancel()
            raise

    def close(self) -> None:
        self._limit.cancel()
        super().close()

    def _cut(self) -> None:
        with suppress(OSError):
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)


class _LimitedTls(_Limited, smtplib.SMTP_SSL):
    """The same, that begins with TLS."""


def _say_goodbye(server: smtplib.SMTP) -> None:
    """The mail is the server's by now: what it answers changes nothing, and is not waited for."""
    with suppress(OSError, smtplib.SMTPException):
        if server.sock is not None:
            server.sock.settimeout(_GOODBYE_S)
        server.quit()


def _address(text: str) -> Address:
    return Address(addr_spec=text)


def _one_line(text: str) -> str:
    """A subject without line breaks and other control characters: they would begin a new header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[
        :_MAX_SUBJECT_CHARS
    ]


def _judged(code: int, said: bytes | str) -> Refused | Unavailable:
    answer = f"{code} {_text(said)}"
    if code >= _NEVER:
        return Refused(f"The mail server refused it: {answer}")
    return Unavailable(f"The mail server takes it later: {answer}")


def _text(said: bytes | str) -> str:
    return _one_line(said.decode(errors="replace") if isinstance(said, bytes) else said)
