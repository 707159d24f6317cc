"""Canonical JSON (RFC 8785) and the other texts of which there must be only one spelling."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import Any, NoReturn

import rfc8785

from judging.domain.ledger.faults import LeafError
from judging.errors import N_

# RFC 8785 for what the log holds: object keys are ASCII, numbers are integers. Making an encoder once saves a third.
_fast = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")).encode


def canonical_json(value: object) -> bytes:
    """The one JSON text of a value (RFC 8785). Raises LeafError for what JSON cannot hold."""
    try:
        return rfc8785.dumps(value)  # type: ignore[arg-type]  # the library's alias is recursive; it checks at run time
    except (rfc8785.CanonicalizationError, UnicodeError, RecursionError) as error:
        raise LeafError(N_("A value cannot be written as canonical JSON.")) from error


def plain_json(value: object) -> bytes:
    """As `canonical_json`, many times faster, for values whose keys are ASCII and whose numbers are integers."""
    return _fast(value).encode()


def read_canonical(data: bytes) -> Any:
    """Read JSON that must be spelled as RFC 8785 spells it: no spaces, keys sorted and each once, integers only.

    Raises LeafError.
    """
    try:
        value = json.loads(data, parse_float=_refuse, parse_constant=_refuse)
        same = _fast(value).encode() == data
    except (ValueError, RecursionError) as error:
        raise LeafError(N_("What should be JSON cannot be read.")) from error
    if not same:
        raise LeafError(N_("JSON is not written in its canonical form."))
    return value


def sha256_hex(data: bytes) -> str:
    """SHA-256 in lower-case hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def to_base64(data: bytes) -> str:
    """Standard base 64 with padding."""
    return base64.b64encode(data).decode("ascii")


def from_base64(text: str) -> bytes:
    """Read standard base 64 in its one spelling: padded, no other signs, unused bits zero. Raises ValueError."""
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError(text) from error
    if to_base64(data) != text:
        raise ValueError(text)
    return data


def _refuse(text: str) -> NoReturn:
    raise ValueError(text)
