"""Asking a virus scanner, where the installation has one: clamd, over its own protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import ModuleType
from typing import TYPE_CHECKING, BinaryIO, cast
from urllib.parse import SplitResult, urlsplit

from judging.errors import N_, JudgingError
from judging.settings import SettingsError

if TYPE_CHECKING:
    from clamav_client.clamd import ClamdNetworkSocket

_PORT = 3310
_PATIENCE = 60.0
_LONGEST_WORD = 200

Scanner = Callable[[BinaryIO], str]
"""Takes the bytes and returns the name of what was found, empty for nothing. Raises ScannerUnreachable."""


class ScannerUnreachable(JudgingError):
    """The scanner gave no verdict: it is away, refuses the file as too large, or says that it failed."""

    status = 503


def open_scanner(address: str) -> Scanner | None:
    """The scanner at `tcp://host:port` or `unix:///path`, None without an address. Nothing is connected to yet.

    Raises SettingsError when the library for it is not installed.
    """
    if not address:
        return None
    try:
        from clamav_client import clamd  # noqa: PLC0415 - an extra, of which most installations have no need
    except ImportError as missing:
        raise SettingsError(
            N_("%(name)s is set, and the library for it is not installed: pip install 'judging[clamd]'."),
            name="JUDGING_CLAMD",
        ) from missing
    return _clamd(urlsplit(address), clamd)


def _clamd(parts: SplitResult, clamd: ModuleType) -> Scanner:
    def client() -> ClamdNetworkSocket:
        if parts.scheme == "unix":
            return cast("ClamdNetworkSocket", clamd.ClamdUnixSocket(parts.path, timeout=_PATIENCE))
        host, port = parts.hostname or "127.0.0.1", parts.port or _PORT
        return cast("ClamdNetworkSocket", clamd.ClamdNetworkSocket(host, port, timeout=_PATIENCE))

    def scan(source: BinaryIO) -> str:
        try:
            answer = client().instream(source)
        except (clamd.ClamdError, OSError, ValueError) as error:
            raise ScannerUnreachable(
                N_("The scanner gave no verdict: %(reason)s."), reason=str(error) or type(error).__name__
            ) from error
        return _verdict(answer)

    return scan


def _verdict(answer: Mapping[str, tuple[str, str | None]]) -> str:
    status, word = next(iter(answer.values()), ("", "it said nothing"))
    if status == "FOUND":
        return str(word)[:_LONGEST_WORD]
    if status != "OK":
        raise ScannerUnreachable(N_("The scanner gave no verdict: %(reason)s."), reason=str(word))
    return ""
