"""The words of the upload protocol tus 1.0.0 (https://tus.io/protocols/resumable-upload): what its headers mean."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from judging.errors import N_, JudgingError

VERSION = "1.0.0"
EXTENSIONS = ("creation", "creation-with-upload", "checksum", "termination", "expiration")
BODY = "application/offset+octet-stream"
"""The media type of bytes that continue a file."""

# The protocol asks for sha1; the digests find broken transfers, not forgers.
DIGESTS: Mapping[str, Callable[[], Any]] = {
    "sha1": partial(hashlib.sha1, usedforsecurity=False),
    "sha256": hashlib.sha256,
    "md5": partial(hashlib.md5, usedforsecurity=False),
}
_LONGEST_NUMBER = 18
_MOST_METADATA = 4_000


class Unreadable(JudgingError):
    """A header of the protocol is missing or cannot be read. Says which."""

    status = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Checksum:
    """What the bytes of one request must digest to."""

    algorithm: str
    digest: bytes


def read_number(name: str, text: str | None) -> int:
    """A count of bytes. Raises Unreadable."""
    if text is None or not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER):
        raise Unreadable(N_("Send the header %(header)s: a whole number of bytes, not negative."), header=name)
    return int(text)


def read_metadata(text: str | None) -> dict[str, str]:
    """What `Upload-Metadata` says: keys with values in base64, between commas. Raises Unreadable."""
    found: dict[str, str] = {}
    if not text:
        return found
    if len(text) > _MOST_METADATA:
        raise _no_metadata()
    for pair in text.split(","):
        key, _, value = pair.strip().partition(" ")
        if not key or not key.isascii() or key in found:
            raise _no_metadata()
        try:
            found[key] = base64.b64decode(value.strip(), validate=True).decode()
        except (binascii.Error, ValueError) as error:
            raise _no_metadata() from error
        if "\x00" in found[key]:
            raise _no_metadata()
    return found


def write_metadata(values: Mapping[str, str]) -> str:
    """The header that says `values`."""
    return ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in values.items())


def read_checksum(text: str | None) -> Checksum | None:
    """What `Upload-Checksum` says; None when there is none. Raises Unreadable, also for an algorithm unknown here."""
    if text is None:
        return None
    algorithm, _, value = text.strip().partition(" ")
    try:
        digest = base64.b64decode(value.strip(), validate=True)
    except (binascii.Error, ValueError) as error:
        raise _no_checksum() from error
    if algorithm not in DIGESTS or len(digest) != DIGESTS[algorithm]().digest_size:
        raise _no_checksum()
    return Checksum(algorithm=algorithm, digest=digest)


def _no_metadata() -> Unreadable:
    return Unreadable(
        N_("The header %(header)s cannot be read: write each key once, with its value in base64, between commas."),
        header="Upload-Metadata",
    )


def _no_checksum() -> Unreadable:
    return Unreadable(
        N_("The header %(header)s cannot be read: write one of %(known)s, a space, and the digest in base64."),
        header="Upload-Checksum",
        known=", ".join(DIGESTS),
    )
