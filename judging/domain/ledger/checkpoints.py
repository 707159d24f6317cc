"""Checkpoints (C2SP tlog-checkpoint): which log, how many leaves, which root; signed by the log."""

from __future__ import annotations

import re
from dataclasses import dataclass

from judging.domain.ledger.canonical import from_base64, to_base64
from judging.domain.ledger.faults import SignatureError
from judging.domain.ledger.merkle import HASH_BYTES
from judging.domain.ledger.notes import Note, SigningKey, VerifierKey, sign_note, verify_note
from judging.errors import N_

_ORIGIN = re.compile(r"(?P<host>[^\s+/]+)/(?P<contest>[a-z0-9]+(?:-[a-z0-9]+)*)/log/(?P<epoch>[1-9][0-9]{0,5})")
_SIZE = re.compile(r"0|[1-9][0-9]{0,15}")


@dataclass(frozen=True, slots=True)
class Origin:
    """Which log: the host, the contest's slug, and the epoch, which rises only when a restore lost leaves."""

    host: str
    contest: str
    epoch: int

    def __str__(self) -> str:
        return f"{self.host}/{self.contest}/log/{self.epoch}"

    @classmethod
    def parse(cls, text: str) -> Origin:
        """Read `<host>/<slug>/log/<epoch>`. Raises SignatureError."""
        found = _ORIGIN.fullmatch(text)
        if found is None:
            raise SignatureError(N_("“%(origin)s” names no log of a contest."), origin=text)
        return cls(found["host"], found["contest"], int(found["epoch"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """The state of a log at one size."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """What is signed: three lines, no extensions."""
        return f"{self.origin}\n{self.size}\n{to_base64(self.root)}\n"

    @classmethod
    def parse(cls, text: str) -> Checkpoint:
        """Read the three lines in their one spelling. Raises SignatureError."""
        lines = text.split("\n")
        try:
            origin, size, root, rest = lines
            if rest or not _SIZE.fullmatch(size):
                raise ValueError(text)
            found = cls(origin=str(Origin.parse(origin)), size=int(size), root=from_base64(root))
        except ValueError as error:
            raise SignatureError(N_("This is no checkpoint of a score log.")) from error
        if len(found.root) != HASH_BYTES:
            raise SignatureError(N_("This is no checkpoint of a score log."))
        return found


def sign_checkpoint(checkpoint: Checkpoint, key: SigningKey) -> bytes:
    """The checkpoint as a note signed by the log. The key's name must be the log's origin. Raises SignatureError."""
    if key.name != checkpoint.origin:
        raise SignatureError(N_("The signing key belongs to another log."))
    return sign_note(checkpoint.text, [key])


def open_checkpoint(data: bytes, key: VerifierKey) -> Checkpoint:
    """The checkpoint of a note that the log's own key signed. Raises SignatureError."""
    found = Checkpoint.parse(verify_note(data, key))
    if found.origin != key.name:
        raise SignatureError(N_("The checkpoint is of another log: “%(origin)s”."), origin=found.origin)
    return found


def read_checkpoint(data: bytes) -> Checkpoint:
    """What a checkpoint says, its signatures not verified. Raises SignatureError."""
    return Checkpoint.parse(Note.parse(data).text)
