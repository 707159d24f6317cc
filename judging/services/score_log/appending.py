"""Adding leaves to a contest's log, in the session's own transaction; nothing is signed before that is committed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, insert, select, update

from judging.db.models import LogHead, LogLeaf, LogNode
from judging.domain.ledger.leaf_types import LeafBody
from judging.domain.ledger.leaves import leaf_bytes, time_text
from judging.domain.ledger.merkle import EMPTY_ROOT, HASH_BYTES, append_leaves, leaf_hash, peaks
from judging.notary import Growth
from judging.services.score_log.keeper import grown_logs, keeper_of
from judging.services.score_log.tree import read_nodes

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Contest

MadeLeaf = tuple[bytes, str, str | None, bytes | None]
"""The bytes of a leaf, its time, the row that it records, and the salt of the text that it commits to."""

_HELD = "judging_logs_held"
_HEAD = LogHead.metadata.tables["log_head"]
# By the tables rather than by objects: a leaf is never changed again, and an object would cost several times as much.
# Made once: building a statement takes longer than asking for one row.
_NEWEST = (
    select(_HEAD)
    .where(_HEAD.c.contest_id == bindparam("contest"))
    .order_by(_HEAD.c.epoch.desc())
    .limit(1)
    .with_for_update()
)
_MOVE_HEAD = (
    update(_HEAD)
    .where(_HEAD.c.id == bindparam("log"))
    .values({name: bindparam(name) for name in ("size", "root", "peaks", "last_t")})
)
_ADD_LEAVES, _ADD_NODES = insert(LogLeaf.metadata.tables["log_leaf"]), insert(LogNode.metadata.tables["log_node"])


@dataclass(slots=True, kw_only=True)
class Log:
    """A log that this unit of work holds for writing: nobody else appends to it before the unit ends."""

    id: str
    contest_id: str
    slug: str
    epoch: int
    origin: str
    size: int
    root: bytes
    peaks: list[bytes]
    last_t: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLeaf:
    """A leaf to be added: what it says, the row that it records, and the salt of the text that it commits to.

    `at` is when the act was done, where that is not now.
    """

    body: LeafBody
    subject_id: str | None = None
    text_salt: bytes | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Appended:
    """A leaf as it was added. `path` leads from it to `root`, the root of the tree that ends with it."""

    log_id: str
    origin: str
    index: int
    leaf: bytes
    hash: bytes
    root: bytes
    path: tuple[bytes, ...] = field(repr=False)


def hold_newest(session: Session, contest: Contest) -> Log | None:
    """Hold the contest's newest log until the unit of work ends; None when it has none.

    Raises LogLost when leaves are missing that were signed.
    """
    held: dict[str, Log] = session.info.setdefault(_HELD, {})
    if contest.id in held:
        return held[contest.id]
    # Not through the session, which would first write what is still to change in this unit of work, and again later.
    row = session.connection().execute(_NEWEST, {"contest": contest.id}).first()
    if row is None:
        return None
    joined = bytes(row.peaks)
    log = Log(
        id=row.id, contest_id=contest.id, slug=contest.slug, epoch=row.epoch, origin=row.origin, size=row.size,
        root=bytes(row.root), last_t=row.last_t,
        peaks=[joined[start : start + HASH_BYTES] for start in range(0, len(joined), HASH_BYTES)],
    )  # fmt: skip
    keeper_of(session).notary.check(log.origin, size=log.size, root=log.root, read=read_nodes(session, log.id))
    held[contest.id] = log
    return log


def make_log(session: Session, contest: Contest, *, epoch: int, origin: str, now: datetime) -> Log:
    """Make an empty log and hold it."""
    head = LogHead(
        contest_id=contest.id, epoch=epoch, origin=origin, size=0, root=EMPTY_ROOT, peaks=b"", created_at=now
    )  # fmt: skip
    session.add(head)
    session.flush()
    log = Log(
        id=head.id, contest_id=contest.id, slug=contest.slug, epoch=epoch, origin=origin, size=0, root=EMPTY_ROOT,
        peaks=[], last_t="",
    )  # fmt: skip
    held: dict[str, Log] = session.info.setdefault(_HELD, {})
    held[contest.id] = log
    return log


def append(session: Session, log: Log, leaves: Sequence[NewLeaf], *, now: datetime) -> list[Appended]:
    """Add leaves to a log that is held. Raises LeafError for one that is not well formed.

    A leaf is never earlier than the one before it, even when the clock was set back.
    """
    made = []
    for one in leaves:
        log.last_t = max(time_text(one.at or now), log.last_t)
        made.append((leaf_bytes(one.body, contest=log.slug, t=log.last_t), log.last_t, one.subject_id, one.text_salt))
    return append_bytes(session, log, made)


def append_bytes(session: Session, log: Log, made: Sequence[MadeLeaf]) -> list[Appended]:
    """Add leaves whose bytes are made already, each with its time."""
    before, root_before = log.size, log.root
    rows: list[dict[str, Any]] = []
    nodes: list[dict[str, Any]] = []
    appended = []
    for entry, t, subject_id, text_salt in made:
        # Beside the newest leaf stand just the complete subtrees before it: its path is these, the nearest first.
        path, index, hashed = tuple(reversed(log.peaks)), log.size, leaf_hash(entry)
        nodes += _grow(log, hashed)
        rows.append(
            {
                "log_id": log.id, "idx": index, "hash": hashed, "entry": entry, "text_salt": text_salt,
                "subject_id": subject_id, "at": datetime.fromisoformat(t),
            }
        )  # fmt: skip
        appended.append(
            Appended(log_id=log.id, origin=log.origin, index=index, leaf=entry, hash=hashed, root=log.root, path=path)
        )
    connection = session.connection()
    connection.execute(_ADD_LEAVES, rows)
    if nodes:
        connection.execute(_ADD_NODES, nodes)
    kept = {"log": log.id, "size": log.size, "root": log.root, "peaks": b"".join(log.peaks), "last_t": log.last_t}
    connection.execute(_MOVE_HEAD, kept)
    _note_growth(session, log, before, root_before, [row["hash"] for row in rows])
    return appended


def _grow(log: Log, hashed: bytes) -> list[dict[str, Any]]:
    """Take a leaf hash into the held state; the rows of the nodes above the leaves that it completed."""
    before = dict(zip(peaks(log.size), log.peaks, strict=True))
    grown = append_leaves(log.size, [hashed], lambda nodes: [before[node] for node in nodes])
    after = before | dict(grown.nodes)
    log.size, log.root = grown.size, grown.root
    log.peaks = [after[node] for node in peaks(grown.size)]
    return [
        {"log_id": log.id, "level": level, "idx": index, "hash": one} for (level, index), one in grown.nodes if level
    ]


def _note_growth(session: Session, log: Log, before: int, root_before: bytes, hashes: Sequence[bytes]) -> None:
    grown = grown_logs(session)
    if log.id in grown:
        grown[log.id].extend(hashes, size=log.size, root=log.root)
    else:
        grown[log.id] = Growth(
            origin=log.origin, before=before, root_before=root_before, hashes=list(hashes), size=log.size,
            root=log.root,
        )  # fmt: skip
