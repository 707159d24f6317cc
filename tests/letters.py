"""Reads the letters that a platform in a test has sent, as the people they went to would."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from judging.mail import MemoryTransport
from judging.settings import Settings

if TYPE_CHECKING:
    from judging.mail import Message
    from judging.services.platform import Platform

# For services that seal what goes out by letter, where nobody reads it.
SETTINGS = Settings.from_environment({"JUDGING_SECRET_KEY": "0123456789 abcdefghijklmnopqrstuvwxyz"})

_LINK = re.compile(r"https?://\S+")
_CODE = re.compile(r"^\d{8}$", re.MULTILINE)


def letters_to(platform: Platform, email: str) -> list[Message]:
    """All letters to that address, the oldest first. Those that wait are sent first."""
    runner = platform.jobs._runner
    # A test may run at night: tomorrow's letters are read too.
    clock, runner._clock = runner._clock, lambda: datetime.now(UTC) + timedelta(days=1)
    try:
        runner.run_due()
    finally:
        runner._clock = clock
    assert isinstance(platform.mail, MemoryTransport)
    return [letter for letter in platform.mail.sent if letter.to == email]


def last_letter(platform: Platform, email: str) -> str:
    """The text of the newest letter to that address."""
    return letters_to(platform, email)[-1].text


def link_in(text: str) -> str:
    """The only link of a letter, without the host."""
    (link,) = _LINK.findall(text)
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}"


def code_in(text: str) -> str:
    """The short code of a letter."""
    (code,) = _CODE.findall(text)
    return str(code)
