"""An e-mail as the program writes it, and as it goes over the wire."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Any

from judging.errors import N_, JudgingError

_CONTROL = frozenset(map(chr, range(32))) | {"\x7f", "\x85", "\u2028", "\u2029"}


class MessageError(JudgingError):
    """The message cannot be sent as it is; trying again will not help."""

    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message to one address. `text` is plain text; `html`, where given, says the same.

    Raises MessageError for a header with a line break or another control character in it, by which whoever chose a name
    or a title could add headers of their own, and for an address that is none.
    """

    to: str
    subject: str
    text: str
    html: str | None = None

    def __post_init__(self) -> None:
        for name, value in (("to", self.to), ("subject", self.subject)):
            if not value.strip() or _CONTROL & set(value):
                raise MessageError(N_("The e-mail's %(header)s is empty or holds a control character."), header=name)
        _address(self.to)

    def as_payload(self) -> dict[str, Any]:
        """Return the message as JSON, for a job."""
        return {"to": self.to, "subject": self.subject, "text": self.text, "html": self.html}

    @classmethod
    def from_payload(cls, payload: Mapping[str, Any]) -> Message:
        """Return the message that `as_payload` wrote."""
        return cls(to=payload["to"], subject=payload["subject"], text=payload["text"], html=payload["html"])

    def compose(self, *, sender: str, key: str, at: datetime) -> EmailMessage:
        """Return the message for the wire. One `key` gives one Message-ID: a message sent twice can be told as one."""
        origin = _address(sender)
        mail = EmailMessage(policy=SMTP)
        mail["From"] = origin
        mail["To"] = _address(self.to)
        mail["Subject"] = self.subject
        mail["Date"] = format_datetime(at)
        mail["Message-ID"] = f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@{origin.domain}>"
        # No out-of-office answers, please (RFC 3834, section 5).
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(self.text)
        if self.html is not None:
            mail.add_alternative(self.html, subtype="html")
        return mail


def _address(value: str) -> Address:
    try:
        address = Address(addr_spec=value.strip())
    except (ValueError, IndexError, HeaderParseError) as error:
        raise MessageError(N_("%(address)s is no e-mail address."), address=value) from error
    if not address.username or not address.domain:
        raise MessageError(N_("%(address)s is no e-mail address."), address=value)
    return address
