"""Transports, with a real mail server on this machine."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from judging.errors import StoreUnavailable
from judging.mail import FileTransport, MemoryTransport, Message, MessageError, SmtpTransport, open_transport
from judging.settings import SettingsError

SENDER = "ban-to-chuc@example.vn"
MESSAGE = Message(to="an@example.vn", subject="Kết quả", text="Xin chào An.\n")


class Inbox:
    """What a mail server has taken in, and which addresses it refuses."""

    def __init__(self) -> None:
        self.received: list[Envelope] = []
        self.logins: list[bytes] = []
        self.answer = "250 OK"

    async def handle_RCPT(  # noqa: N802 - the server asks for this name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        del server, session, options
        if self.answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the same
        del server, session
        self.received.append(envelope)
        return "250 OK"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object
    ) -> AuthResult:
        del server, session, envelope, mechanism
        assert isinstance(data, LoginPassword)
        self.logins.append(data.login)
        return AuthResult(success=data.password == b"s p@ss")


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture
def plain_server(inbox: Inbox, port: int) -> Iterator[int]:
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield port
    controller.stop()


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate with its key for this machine, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path / "server.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + signed.public_bytes(serialization.Encoding.PEM)
    )
    return path


@pytest.fixture
def tls_server(inbox: Inbox, port: int, certificate: Path) -> Iterator[int]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    controller = Controller(
        inbox,
        hostname="127.0.0.1",
        port=port,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=inbox.authenticate,
    )
    controller.start()
    yield port
    controller.stop()


def test_memory_keeps_what_was_sent() -> None:
    transport = MemoryTransport()
    transport.send(MESSAGE, key="k")

    assert transport.sent == [MESSAGE]


def test_file_holds_the_message_as_mail_programs_read_it(tmp_path: Path) -> None:
    FileTransport(tmp_path / "mail", sender=SENDER).send(MESSAGE, key="k")

    (path,) = (tmp_path / "mail").iterdir()
    mail = message_from_bytes(path.read_bytes(), policy=default)
    assert path.suffix == ".eml"
    assert (mail["To"], mail["Subject"], mail.get_content().strip()) == ("an@example.vn", "Kết quả", "Xin chào An.")


def test_file_of_a_message_sent_twice_is_one(tmp_path: Path) -> None:
    transport = FileTransport(tmp_path, sender=SENDER)
    for key in ("first", "first", "second"):
        transport.send(MESSAGE, key=key)

    assert len(list(tmp_path.iterdir())) == 2


def test_file_in_a_folder_that_cannot_be_made_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("in the way")

    with pytest.raises(StoreUnavailable, match="It will be tried again"):
        FileTransport(tmp_path / "mail", sender=SENDER).send(MESSAGE, key="k")


def test_smtp_hands_the_message_to_the_server(inbox: Inbox, plain_server: int) -> None:
    open_transport(f"smtp://127.0.0.1:{plain_server}?tls=none", sender=SENDER).send(MESSAGE, key="k")

    (envelope,) = inbox.received
    assert isinstance(envelope.content, bytes)
    mail = message_from_bytes(envelope.content, policy=default)
    assert (envelope.mail_from, envelope.rcpt_tos) == (SENDER, ["an@example.vn"])
    assert (mail["Subject"], mail.get_content().strip()) == ("Kết quả", "Xin chào An.")


def test_smtp_refuses_to_go_on_without_tls(inbox: Inbox, plain_server: int) -> None:
    with pytest.raises(MessageError, match="mail server cannot do"):
        open_transport(f"smtp://127.0.0.1:{plain_server}", sender=SENDER).send(MESSAGE, key="k")

    assert inbox.received == []


def test_smtp_logs_in_inside_tls(inbox: Inbox, tls_server: int, certificate: Path) -> None:
    transport = SmtpTransport(
        "127.0.0.1",
        tls_server,
        sender=SENDER,
        login=("office", "s p@ss"),
        context=ssl.create_default_context(cafile=str(certificate)),
    )
    transport.send(MESSAGE, key="k")

    assert inbox.logins == [b"office"]
    assert len(inbox.received) == 1


def test_smtp_does_not_trust_a_stranger_s_certificate(inbox: Inbox, tls_server: int) -> None:
    transport = open_transport(f"smtp://office:s%20p%40ss@127.0.0.1:{tls_server}", sender=SENDER)

    with pytest.raises(StoreUnavailable):
        transport.send(MESSAGE, key="k")

    assert inbox.logins == []


@pytest.mark.parametrize(
    ("answer", "error"),
    [("550 no such user", MessageError), ("451 try later", StoreUnavailable)],
)
def test_smtp_tells_a_lasting_refusal_from_a_passing_one(
    inbox: Inbox, plain_server: int, answer: str, error: type[Exception]
) -> None:
    inbox.answer = answer

    with pytest.raises(error):
        open_transport(f"smtp://127.0.0.1:{plain_server}?tls=none", sender=SENDER).send(MESSAGE, key="k")


def test_smtp_without_a_server_is_tried_again(port: int) -> None:
    with pytest.raises(StoreUnavailable):
        open_transport(f"smtp://127.0.0.1:{port}?tls=none", sender=SENDER).send(MESSAGE, key="k")


@pytest.mark.parametrize("url", ["", "smtp://", "imap://host", "smtp://host?tls=maybe"])
def test_address_of_no_transport_is_refused(url: str) -> None:
    with pytest.raises(SettingsError, match="JUDGING_MAIL_URL cannot be used"):
        open_transport(url, sender=SENDER)


def test_password_without_tls_is_refused() -> None:
    with pytest.raises(SettingsError, match="would send a password without TLS") as caught:
        open_transport("smtp://office:hunter2@host?tls=none", sender=SENDER)

    assert "hunter2" not in str(caught.value)
