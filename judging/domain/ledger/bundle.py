"""The published bundle (`contest-bundle@v1`): which files it has, how it is written, how its parts are read."""

from __future__ import annotations

import binascii
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from judging.domain.ledger.canonical import canonical_json, from_base64, read_canonical, sha256_hex, to_base64
from judging.domain.ledger.checkpoints import read_checkpoint
from judging.domain.ledger.faults import HashError, LedgerError
from judging.domain.ledger.leaf_fields import is_hash
from judging.domain.ledger.merkle import HASH_BYTES, ReadNodes
from judging.domain.ledger.notes import VerifierKey
from judging.domain.ledger.tiles import hash_tile, hash_tiles
from judging.errors import N_

FORMAT = "contest-bundle@v1"
MANIFEST = "manifest.json"
CHECKPOINT = "checkpoint"
LOG_KEY = "log.vkey"
WITNESS_KEYS = "witness.vkey"
ENTRIES = "entries.jsonl"
RULES = "rules.json"
RUBRIC = "rubric.json"
ROSTER = "roster.json"
ASSIGNMENT = "assign.json"
PLUGINS = "plugins.json"
RANKING = "ranking.json"
NEEDED = (CHECKPOINT, LOG_KEY, ENTRIES, RULES, RUBRIC, ROSTER, ASSIGNMENT, RANKING)

_PATH = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*(?:/[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)*")
_REASON = re.compile(r"[a-z]+(?:-[a-z]+)*")
_EARLIER = "rules/{digest}.json"
_START = b'{"i":%d,"e":"'
_END = b'"}'

Put = Callable[[str, Iterable[bytes]], None]
"""Writes a file of the bundle from its pieces, all of which it must take."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What the bundle holds: of which log, up to which size, and the SHA-256 of every other file by its path."""

    origin: str
    size: int
    files: Mapping[str, str]

    def __bytes__(self) -> bytes:
        return canonical_json({"format": FORMAT, "origin": self.origin, "size": self.size, "files": dict(self.files)})

    @classmethod
    def parse(cls, data: bytes) -> Manifest:
        """Read manifest.json. Raises HashError."""
        try:
            plain = read_canonical(data)
            files, size = plain.pop("files"), plain.pop("size")
            sound = type(size) is int and all(_PATH.fullmatch(path) and is_hash(one) for path, one in files.items())
            if not sound or plain != {"format": FORMAT, "origin": str(plain["origin"])}:
                raise ValueError(plain)
            return cls(origin=plain["origin"], size=size, files=files)
        except (LedgerError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise HashError(N_("%(file)s cannot be read."), file=MANIFEST) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Erased:
    """What is left of a leaf that had to be erased: its hash, and a word for why."""

    hash: bytes
    reason: str = "erasure"


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleParts:
    """All that a bundle is made of. `leaves` are those up to the closing, in order; `read` gives nodes of their tree.

    `earlier_rules` are the bytes of rules.json before each amendment, if there was any.
    """

    checkpoint: bytes
    log_key: VerifierKey
    witness_keys: Sequence[VerifierKey] = ()
    leaves: Iterable[bytes | Erased]
    read: ReadNodes
    rules: bytes
    earlier_rules: Sequence[bytes] = ()
    rubric: bytes
    roster: bytes
    assignment: bytes
    plugins: bytes
    ranking: bytes


def write_bundle(parts: BundleParts, put: Put) -> bytes:
    """Write every file through `put`, the manifest last, and return the manifest's bytes."""
    checkpoint = read_checkpoint(parts.checkpoint)
    files: dict[str, str] = {}
    for path, pieces in _files(parts, checkpoint.size):
        digest = hashlib.sha256()
        put(path, _hashed(pieces, digest.update))
        files[path] = digest.hexdigest()
    manifest = bytes(Manifest(origin=checkpoint.origin, size=checkpoint.size, files=files))
    put(MANIFEST, [manifest])
    return manifest


def earlier_rules_path(digest: str) -> str:
    """Where rules that were amended since lie in a bundle."""
    return _EARLIER.format(digest=digest)


def entry_line(index: int, leaf: bytes | Erased) -> bytes:
    """A line of entries.jsonl."""
    if isinstance(leaf, Erased):
        told = {"i": index, "leaf": to_base64(leaf.hash), "redacted": leaf.reason}
        return json.dumps(told, separators=(",", ":")).encode() + b"\n"
    return b"".join((_START % index, binascii.b2a_base64(leaf, newline=False), _END, b"\n"))


def read_entry_line(line: bytes, index: int) -> bytes | Erased:
    """The leaf, or what is left of it, of line `index` of entries.jsonl. Raises HashError."""
    start = _START % index
    if line.startswith(start) and line.endswith(_END):
        try:
            return binascii.a2b_base64(line[len(start) : -len(_END)], strict_mode=True)
        except binascii.Error as error:
            raise _bad_line(index) from error
    return _read_erased(line, index)


def _read_erased(line: bytes, index: int) -> Erased:
    try:
        told = json.loads(line)
        if told.keys() != {"i", "leaf", "redacted"} or told["i"] != index or not _REASON.fullmatch(told["redacted"]):
            raise ValueError(line)
        erased = Erased(hash=from_base64(told["leaf"]), reason=told["redacted"])
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise _bad_line(index) from error
    if len(erased.hash) != HASH_BYTES:
        raise _bad_line(index)
    return erased


def _bad_line(index: int) -> HashError:
    return HashError(N_("Line %(line)s of %(file)s cannot be read."), line=index + 1, file=ENTRIES)


def _files(parts: BundleParts, size: int) -> Iterator[tuple[str, Iterable[bytes]]]:
    yield CHECKPOINT, [parts.checkpoint]
    yield LOG_KEY, [f"{parts.log_key}\n".encode()]
    if parts.witness_keys:
        yield WITNESS_KEYS, [f"{key}\n".encode() for key in parts.witness_keys]
    yield RULES, [parts.rules]
    for rules in parts.earlier_rules:
        yield earlier_rules_path(sha256_hex(rules)), [rules]
    yield RUBRIC, [parts.rubric]
    yield ROSTER, [parts.roster]
    yield ASSIGNMENT, [parts.assignment]
    yield PLUGINS, [parts.plugins]
    yield RANKING, [parts.ranking]
    for tile in hash_tiles(size):
        yield tile.path, [hash_tile(tile, parts.read)]
    yield ENTRIES, (entry_line(index, leaf) for index, leaf in enumerate(parts.leaves))


def _hashed(pieces: Iterable[bytes], update: Callable[[bytes], None]) -> Iterator[bytes]:
    for piece in pieces:
        update(piece)
        yield piece
