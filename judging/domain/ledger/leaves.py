"""Leaves of `contest-log@v1`: making them, and refusing those that are not well formed."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import UTC, datetime
from typing import Any

from judging.domain.ledger.canonical import canonical_json, plain_json, read_canonical, to_base64
from judging.domain.ledger.faults import LeafError
from judging.domain.ledger.leaf_fields import FIELDS, FIELDS_OF, Check
from judging.domain.ledger.leaf_types import LEAF_TYPES, LeafBody
from judging.domain.ledger.plain_sheets import read_plain_sheet
from judging.errors import N_

Leaf = Mapping[str, Any]
"""A leaf that was read and is well formed."""

VERSION = 1
MOST_BYTES = 16 * 1024
SALT_BYTES = 32
_COMMON = ("contest", "salt", "t", "type", "v")


def new_salt() -> bytes:
    """A salt for a leaf or a commitment. Who knows it can test a guess; without it a hash tells nothing."""
    return secrets.token_bytes(SALT_BYTES)


def time_text(at: datetime) -> str:
    """An aware time as leaves write it: UTC, milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def leaf_bytes(body: LeafBody, *, contest: str, t: str, salt: bytes | None = None) -> bytes:
    """The bytes of a leaf. `t` is `time_text` of now, or the time of the leaf before where the clock stood still.

    A new salt is drawn where none is given. Raises LeafError for a body that is not well formed, or is too long.
    """
    said = {field.name: getattr(body, field.name) for field in fields(body)}
    common = {"v": VERSION, "type": body.kind, "contest": contest, "t": t, "salt": to_base64(salt or new_salt())}
    leaf = common | {name: value for name, value in said.items() if value is not None}
    try:
        # What RFC 8785 would write: `read_leaf` sees to it.
        data = plain_json(leaf)
    except (TypeError, ValueError, RecursionError) as error:
        raise LeafError(N_("A value cannot be written as canonical JSON.")) from error
    # Read as a stranger will read it: plain mappings and lists, and the same refusals.
    read_leaf(data)
    return data


def read_leaf(data: bytes) -> Leaf:
    """Read a leaf and hold it against its type. Raises LeafError that names the field."""
    if len(data) > MOST_BYTES:
        raise LeafError(N_("A leaf is longer than 16 KiB."))
    sheet = read_plain_sheet(data)
    if sheet is not None:
        return sheet
    leaf = read_canonical(data)
    if not isinstance(leaf, dict) or type(leaf.get("v")) is not int or leaf["v"] != VERSION:
        raise LeafError(N_("What should be a leaf is none of this format."))
    kind = str(leaf.get("type"))
    shape = _SHAPES.get(kind)
    if shape is None:
        raise LeafError(N_("There is no type of leaf “%(type)s”."), type=kind)
    _check_fields(leaf, kind, *shape)
    also = _ALSO.get(kind)
    if also is not None and not also(leaf):
        raise LeafError(N_("The fields of a leaf “%(type)s” contradict each other."), type=kind)
    return leaf


def commit_text(salt: bytes, text: str) -> str:
    """The commitment to a text that is not public: SHA-256(32 bytes of salt ‖ text), in hexadecimal."""
    if len(salt) != SALT_BYTES:
        raise LeafError(N_("A commitment needs a salt of 32 bytes."))
    return hashlib.sha256(salt + text.encode()).hexdigest()


def commit_comments(salt: bytes, *, comments: Mapping[str, str], comment: str) -> str:
    """The commitment to all that a judge wrote on a sheet: by criterion, and on the whole."""
    said = {"comment": comment, "comments": {key: text for key, text in comments.items() if text}}
    return commit_text(salt, canonical_json(said).decode())


def _check_fields(leaf: Leaf, kind: str, needed: frozenset[str], allowed: Mapping[str, Check]) -> None:
    missing = needed - leaf.keys()
    if missing:
        raise LeafError(N_("A leaf “%(type)s” lacks the field “%(field)s”."), type=kind, field=min(missing))
    for name, value in leaf.items():
        check = allowed.get(name)
        if check is None:
            raise LeafError(N_("A leaf “%(type)s” has no field “%(field)s”."), type=kind, field=name)
        if not check(value):
            raise LeafError(N_("The field “%(field)s” of a leaf “%(type)s” is not well formed."), type=kind, field=name)


def _sheet_agrees(leaf: Leaf) -> bool:
    first, blank = "supersedes" not in leaf, not leaf["scores"]
    typists = {leaf.get("by"), leaf.get("approved_by")}
    # Of a sheet that came on paper two persons are named, and they are two.
    named = typists == {None} or (len(typists) == 2 and None not in typists)
    return first is (leaf["ver"] == 1) and blank is leaf["abstain"] and named


def _override_agrees(leaf: Leaf) -> bool:
    one_effect = ("scores" in leaf) is not ("exclude" in leaf)
    alone: bool = leaf["by"] == leaf["approved_by"]
    return one_effect and leaf.get("scores") != {} and not alone


def _assign_agrees(leaf: Leaf) -> bool:
    """A plan says nothing of one pair; a forced one names it, the commitment to the reason, and two persons."""
    told = [name in leaf for name in ("judge", "entry", "reason_sha256", "by", "approved_by")]
    return not any(told) or (all(told) and leaf["by"] != leaf["approved_by"])


def _vote_agrees(leaf: Leaf) -> bool:
    of_tie: bool = leaf["subject"] == "tie"
    return of_tie is ("order" in leaf["outcome"])


def _rekey_agrees(leaf: Leaf) -> bool:
    return ("judge" in leaf) != ("log" in leaf)


_ALSO: Mapping[str, Callable[[Leaf], bool]] = {
    "assign": _assign_agrees,
    "override": _override_agrees,
    "rekey": _rekey_agrees,
    "sheet": _sheet_agrees,
    "vote": _vote_agrees,
}


def _shape(body: type[LeafBody]) -> tuple[frozenset[str], dict[str, Check]]:
    """The fields that a type needs, and the check of each that it may have."""
    own = {field.name: field.default is MISSING for field in fields(body)}
    # `abstain` has a default for whoever makes a sheet, and always stands in the leaf.
    needed = {name for name, required in own.items() if required} | set(_COMMON)
    allowed = {name: FIELDS_OF.get((body.kind, name)) or FIELDS.get(name, _is_anything) for name in {*own, *_COMMON}}
    return frozenset(needed | ({"abstain"} & own.keys())), allowed


def _is_anything(value: object) -> bool:
    """`v` and `type` were looked at before the other fields."""
    return value is not None


_SHAPES = {body.kind: _shape(body) for body in LEAF_TYPES}
