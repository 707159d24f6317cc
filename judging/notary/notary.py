"""The notary: signs what continues what it signed before, and nothing else."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from judging.domain.ledger.checkpoints import Checkpoint, sign_checkpoint
from judging.domain.ledger.faults import HashError, SignatureError
from judging.domain.ledger.merkle import ReadNodes, append_leaves, consistency_proof, peaks, verify_consistency
from judging.domain.ledger.notes import SigningKey, VerifierKey
from judging.errors import N_, StoreUnavailable
from judging.notary.growth import Growth
from judging.notary.keys import LogKeys
from judging.notary.memory import CheckpointFile

_REMEMBERED = 512


class LogLost(StoreUnavailable):
    """The database holds a log that does not continue what was signed: it was changed, or brought back from earlier."""


@dataclass(slots=True)
class _Known:
    """The newest state of a log that was signed, and the roots of those shortly before."""

    file: CheckpointFile
    key: SigningKey
    size: int = 0
    root: bytes = b""
    note: bytes = b""
    peaks: list[bytes] | None = None
    recent: dict[int, bytes] = field(default_factory=dict)

    def remember(self, checkpoint: Checkpoint, note: bytes, standing: list[bytes] | None) -> None:
        """Keep a state that is newer than the one known."""
        self.size, self.root, self.note, self.peaks = checkpoint.size, checkpoint.root, note, standing
        self.recent[checkpoint.size] = checkpoint.root
        while len(self.recent) > _REMEMBERED:
            del self.recent[next(iter(self.recent))]


class Notary:
    """Holds the keys and the memory of all logs of one installation. Safe to use from several threads.

    A checkpoint is signed only after the leaves that it counts are committed: one signed before could outlive a
    rollback, and would then contradict the log that goes on without them. It is handed out only once it, or a larger
    one, is on the disk outside the database. Several processes share that file: each looks first at what the others
    added.
    """

    def __init__(self, folder: Path, *, host: str) -> None:
        """`folder` lies outside the database; `host` begins the origin of every new log."""
        self.folder = folder
        self.host = host
        self._keys = LogKeys(folder)
        self._known: dict[str, _Known] = {}
        self._lock = threading.RLock()

    def verifier(self, origin: str) -> VerifierKey:
        """The public key of a log."""
        return self._keys.of(origin).verifier

    def check(self, origin: str, *, size: int, root: bytes, read: ReadNodes) -> None:
        """Refuse a log that lost leaves or was changed since they were signed. Raises LogLost.

        `size` and `root` are the head of the log as the database holds it; `read` gives its nodes, and is only asked
        when leaves were committed that nobody has signed yet.
        """
        with self._lock:
            known = self._recall(origin)
            if known.size > size:
                raise _lost(origin, known.size, size)
            _require_continued(known, Checkpoint(origin=origin, size=size, root=root), read)

    def witness(self, growth: Growth, *, read: ReadNodes) -> bytes:
        """Sign the log as it is after leaves were committed, and keep that outside the database; the note.

        Raises LogLost when it does not continue what was signed, and OSError when it cannot be kept.
        """
        checkpoint = Checkpoint(origin=growth.origin, size=growth.size, root=growth.root)
        with self._lock:
            known = self._recall(growth.origin)
            if growth.size <= known.size:
                note = _sign_older(known, checkpoint, read)
            else:
                standing = _continue(known, growth, read)
                note = sign_checkpoint(checkpoint, known.key)
                known.remember(checkpoint, note, standing)
            newest, size = known.note, known.size
        known.file.keep(newest, size=size)
        return note

    def sign(self, checkpoint: Checkpoint, *, read: ReadNodes) -> bytes:
        """Sign a state that the committed log has or had, and keep it when it is new.

        Raises LogLost for a state that is not one of the log that was signed, and OSError when it cannot be kept.
        """
        with self._lock:
            known = self._recall(checkpoint.origin)
            if checkpoint.size <= known.size:
                note = _sign_older(known, checkpoint, read)
            else:
                _require_continued(known, checkpoint, read)
                note = sign_checkpoint(checkpoint, known.key)
                known.remember(checkpoint, note, None)
            newest, size = known.note, known.size
        known.file.keep(newest, size=size)
        return note

    def newest(self, origin: str) -> bytes | None:
        """The note of the largest checkpoint that was signed of a log, or None before the first."""
        with self._lock:
            return self._recall(origin).note or None

    def last_promise(self, origin: str) -> bytes:
        """The newest checkpoint that is kept of a log, even one that another key signed: what a new epoch quotes.

        Raises LogLost when nothing is kept.
        """
        note = CheckpointFile(self.folder, origin).newest_unverified()
        if note is None:
            raise LogLost(
                N_("Nothing is kept of the score log “%(origin)s” in %(folder)s."), origin=origin, folder=self.folder
            )
        return note

    def _recall(self, origin: str) -> _Known:
        """What is known of a log, what other processes signed of it since included."""
        known = self._known.get(origin)
        try:
            if known is None:
                known = _Known(CheckpointFile(self.folder, origin), self._keys.of(origin))
                kept = known.file.newest(known.key.verifier)
                self._known[origin] = known
            else:
                kept = known.file.newer(known.key.verifier, than=known.size)
        except SignatureError as error:
            raise LogLost(
                N_(
                    "What was kept of the score log “%(origin)s” was signed with another key."
                    " Run `judging log recover`."
                ),
                origin=origin,
            ) from error
        if kept is not None:
            known.remember(*kept, None)
        return known


def _sign_older(known: _Known, checkpoint: Checkpoint, read: ReadNodes) -> bytes:
    """Sign a state again that the log went through: the signature is the same each time."""
    root = known.recent.get(checkpoint.size)
    newest = Checkpoint(origin=checkpoint.origin, size=known.size, root=known.root)
    if root != checkpoint.root if root is not None else not _leads(checkpoint, newest, read):
        raise _changed(checkpoint.origin, checkpoint.size)
    return sign_checkpoint(checkpoint, known.key)


def _require_continued(known: _Known, checkpoint: Checkpoint, read: ReadNodes) -> None:
    """Raise LogLost unless a state that is no smaller continues what is known."""
    newest = Checkpoint(origin=checkpoint.origin, size=known.size, root=known.root)
    if known.size and not _leads(newest, checkpoint, read):
        raise _changed(checkpoint.origin, known.size)


def _leads(old: Checkpoint, new: Checkpoint, read: ReadNodes) -> bool:
    """Whether one state is a prefix of another, by a proof.

    The nodes come from a database that somebody may have changed. To compare the root that they give for one of the
    two sizes would prove nothing: the other state may hang from other nodes.
    """
    try:
        proof = consistency_proof(old.size, new.size, read) if old.size != new.size else ()
        verify_consistency(old=old.size, old_root=old.root, new=new.size, new_root=new.root, proof=proof)
    except HashError:
        return False
    return True


def _continue(known: _Known, growth: Growth, read: ReadNodes) -> list[bytes]:
    """The complete subtrees after a growth. Raises LogLost when it does not continue what is known."""
    standing = known.peaks if known.size == growth.before else None
    if standing is None:
        _require_continued(known, Checkpoint(origin=growth.origin, size=growth.size, root=growth.root), read)
        try:
            standing = list(read(peaks(growth.before))) if growth.before else []
        except HashError as error:
            raise _changed(growth.origin, growth.before) from error
    standing, root = _grow(growth.before, standing, growth.hashes)
    if root != growth.root:
        raise _changed(growth.origin, growth.size)
    return standing


def _grow(size: int, standing: Sequence[bytes], hashes: Sequence[bytes]) -> tuple[list[bytes], bytes]:
    """The peaks and the root of a tree with these leaves added."""
    before = dict(zip(peaks(size), standing, strict=True))
    grown = append_leaves(size, hashes, lambda nodes: [before[node] for node in nodes])
    after = before | dict(grown.nodes)
    return [after[node] for node in peaks(grown.size)], grown.root


def _lost(origin: str, known: int, size: int) -> LogLost:
    return LogLost(
        N_(
            "The score log “%(origin)s” had %(known)s leaves that were signed, and the database holds %(size)s: it was"
            " brought back from an earlier state. Nothing is recorded until somebody runs `judging log recover`."
        ),
        origin=origin,
        known=known,
        size=size,
    )


def _changed(origin: str, size: int) -> LogLost:
    return LogLost(
        N_(
            "The first %(size)s leaves of the score log “%(origin)s” are not those that were signed: the database was"
            " changed. Nothing is recorded until somebody runs `judging log recover`."
        ),
        origin=origin,
        size=size,
    )
