"""Ways for a message to leave: into a folder, to a mail server, into memory."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit
from urllib.request import url2pathname

from judging.errors import N_, StoreUnavailable
from judging.mail.message import Message, MessageError
from judging.settings import SettingsError

_TIMEOUT = 20.0
_PERMANENT = 500
_TLS = ("starttls", "implicit", "none")
_PORTS = {"starttls": 587, "implicit": 465, "none": 25}


class Transport(Protocol):
    """Carries one message away. Call it in a job, never in a request: a mail server may take its time."""

    def send(self, message: Message, *, key: str) -> None:
        """Hand `message` on; `key` is the same whenever the same message is sent again.

        Raises StoreUnavailable when trying again may help, MessageError when it cannot.
        """


class MemoryTransport:
    """Keeps what was sent in `sent`, for tests."""

    def __init__(self) -> None:
        self.sent: list[Message] = []

    def send(self, message: Message, *, key: str) -> None:
        """Keep the message."""
        del key
        self.sent.append(message)


class FileTransport:
    """Writes each message as an `.eml` file, which any mail program opens. Sending again overwrites the same file."""

    def __init__(self, folder: Path, *, sender: str) -> None:
        self._folder = folder
        self._sender = sender

    def send(self, message: Message, *, key: str) -> None:
        """Write the file whole or not at all."""
        mail = message.compose(sender=self._sender, key=key, at=datetime.now(UTC))
        name = mail["Message-ID"].strip("<>").partition("@")[0]
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            draft = self._folder / f"{name}.part"
            draft.write_bytes(mail.as_bytes())
            draft.replace(self._folder / f"{name}.eml")
        except OSError as error:
            raise _unsent() from error


class SmtpTransport:
    """Hands messages to a mail server, over TLS unless told otherwise."""

    def __init__(
        self,
        host: str,
        port: int,
        *,
        sender: str,
        tls: str = "starttls",
        login: tuple[str, str] | None = None,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """`tls` is starttls, implicit or none; `login` is user and password, sent only inside TLS."""
        self._connect = _connector(host, port, tls, context or ssl.create_default_context())
        self._sender = sender
        self._login = login

    def send(self, message: Message, *, key: str) -> None:
        """Open a connection, send, close it: messages are few and servers drop idle connections."""
        mail = message.compose(sender=self._sender, key=key, at=datetime.now(UTC))
        try:
            with self._connect() as server:
                if self._login is not None:
                    server.login(*self._login)
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            if all(code >= _PERMANENT for code, _ in error.recipients.values()):
                raise MessageError(N_("%(address)s is refused by the mail server."), address=message.to) from error
            raise _unsent() from error
        except smtplib.SMTPNotSupportedError as error:
            raise MessageError(N_("The mail server cannot do what the message or the settings need.")) from error
        except (OSError, smtplib.SMTPException) as error:
            raise _unsent() from error


def open_transport(url: str, *, sender: str) -> Transport:
    """Return the transport at `url`: file:///folder, smtp://user:password@host:port?tls=…, smtps://…, or memory://.

    smtp:// means STARTTLS and refuses to go on without it; ?tls=none is for a server on the same machine.
    """
    parts = urlsplit(url)
    if parts.scheme == "file":
        return FileTransport(Path(url2pathname(parts.path)), sender=sender)
    if parts.scheme == "memory":
        return MemoryTransport()
    tls = parse_qs(parts.query).get("tls", ["implicit" if parts.scheme == "smtps" else "starttls"])[0]
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname or tls not in _TLS:
        raise SettingsError(
            N_("%(name)s cannot be used. Write file:///folder or smtp://user:password@host:port?tls=starttls."),
            name="JUDGING_MAIL_URL",
        )
    login = None if parts.username is None else (unquote(parts.username), unquote(parts.password or ""))
    if login is not None and tls == "none":
        raise SettingsError(
            N_("%(name)s would send a password without TLS. Leave the password or tls=none away."),
            name="JUDGING_MAIL_URL",
        )
    return SmtpTransport(parts.hostname, parts.port or _PORTS[tls], sender=sender, tls=tls, login=login)


def _connector(host: str, port: int, tls: str, context: ssl.SSLContext) -> Callable[[], smtplib.SMTP]:
    def connect() -> smtplib.SMTP:
        if tls == "implicit":
            return smtplib.SMTP_SSL(host, port, timeout=_TIMEOUT, context=context)
        server = smtplib.SMTP(host, port, timeout=_TIMEOUT)
        if tls == "starttls":
            try:
                server.starttls(context=context)
            except BaseException:
                server.close()
                raise
        return server

    return connect


def _unsent() -> StoreUnavailable:
    return StoreUnavailable(N_("The e-mail could not be handed on. It will be tried again."))
