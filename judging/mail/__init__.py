"""E-mail: messages, and the transports that carry them away."""

from judging.mail.message import Message, MessageError
from judging.mail.transports import FileTransport, MemoryTransport, SmtpTransport, Transport, open_transport

__all__ = [
    "FileTransport",
    "MemoryTransport",
    "Message",
    "MessageError",
    "SmtpTransport",
    "Transport",
    "open_transport",
]
