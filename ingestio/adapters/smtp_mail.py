"""Mails over SMTP: ports.Mailer, where SMTP_URL says so.

`smtp://user:password@host:587?from=ingestio@example.org` upgrades to TLS where the server offers
it and must where there is a password; `smtps://` begins with TLS (465).
"""

from __future__ import annotations

import smtplib
import ssl
from email.message import EmailMessage
from typing import Final
from urllib.parse import parse_qs, unquote, urlsplit

from ingestio.errors import Unavailable

_TIMEOUT_S: Final = 20
_SMTP_PORT: Final = 587
_SMTPS_PORT: Final = 465


class SmtpMailer:
    """One connection a mail: they are few."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._is_tls = parts.scheme == "smtps"
        self._host = parts.hostname or "localhost"
        self._port = parts.port or (_SMTPS_PORT if self._is_tls else _SMTP_PORT)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        given = parse_qs(parts.query).get("from", [])
        self._sender = given[0] if given else (self._user or f"ingestio@{self._host}")

    def send(self, to: str, subject: str, text: str) -> None:
        """Plain text to one address.

        Raises:
            Unavailable: the server is away or refuses.
        """
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = self._sender, to, subject
        message.set_content(text)
        try:
            with self._connected() as server:
                server.send_message(message)
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable("The mail server does not answer. It is tried again.") from error

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._is_tls:
            server = smtplib.SMTP_SSL(self._host, self._port, timeout=_TIMEOUT_S, context=context)
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=_TIMEOUT_S)
            server.ehlo()
            if self._user or server.has_extn("starttls"):
                server.starttls(context=context)
        if self._user:
            server.login(self._user, self._password)
        return server
