"""Addresses that go out in letters. They lead where the settings say, never to what a request says of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from judging.settings import Settings

LETTER_PATH = "/letter"
TOKEN_PARAMETER = "key"  # noqa: S105 - the name of a parameter
FORGOTTEN_PATH = "/password/forgotten"


def letter_link(settings: Settings, token: str) -> str:
    """The address at which a one-time secret is used. The page takes the secret out of the address at once."""
    return f"{settings.base_url}{LETTER_PATH}?{urlencode({TOKEN_PARAMETER: token})}"


def page_link(settings: Settings, path: str) -> str:
    """The address of a page of this installation."""
    return f"{settings.base_url}{path}"
