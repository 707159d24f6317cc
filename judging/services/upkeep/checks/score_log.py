"""The score logs: every leaf and node is what it was, nothing signed is missing, and each sheet is its leaf."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple, cast

from sqlalchemy import select

from judging.db.models import Assignment, Entry, Judge, LogDocument, LogHead, LogLeaf, LogNode, SheetVersion
from judging.domain.ledger.canonical import sha256_hex
from judging.domain.ledger.faults import LedgerError
from judging.domain.ledger.leaves import Leaf, commit_comments, read_leaf
from judging.domain.ledger.merkle import MemoryTree, leaf_hash, peaks
from judging.services.score_log.guard import find_lost_logs, newest_heads
from judging.services.score_log.tree import stored_leaves
from judging.services.upkeep.checks.finding import Finding, look

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

_AT_A_TIME = 1000


class _Row(NamedTuple):
    """What stands in the log of a sheet; nothing where the log does not know it."""

    place: int | None
    entry: bytes | None
    text_salt: bytes | None


def check_score_logs(session: Session) -> Finding:
    """Leaves, nodes and heads follow from each other, and continue what was signed outside the database."""
    return look("score-logs", _look_at_logs(session))


def check_recorded_sheets(session: Session) -> Finding:
    """Each submitted version of a contest that has a log is the one that its leaf recorded, and none is missing."""
    return look("recorded-sheets", _look_at_sheets(session))


def _look_at_logs(session: Session) -> Iterator[str | None]:
    for head in session.scalars(select(LogHead).order_by(LogHead.origin)):
        yield from _look_at_log(session, head)
        yield from _look_at_documents(session, head)
    for slug, error in find_lost_logs(session):
        yield f"contest {slug}: {error}"


def _look_at_log(session: Session, head: LogHead) -> Iterator[str | None]:
    tree = MemoryTree()
    for index, (hashed, entry) in enumerate(stored_leaves(session, head.id)):
        if entry is not None and leaf_hash(entry) != hashed:
            yield f"log {head.origin}: leaf {index} is not the one whose hash is kept"
        tree.append(hashed)
        yield None
    if (tree.size, tree.root()) != (head.size, bytes(head.root)):
        yield f"log {head.origin}: its {tree.size} leaves do not lead to its root at {head.size}"
        return
    if b"".join(tree.read(peaks(tree.size))) != bytes(head.peaks):
        yield f"log {head.origin}: its peaks do not follow from its leaves"
    query = select(LogNode.level, LogNode.idx, LogNode.hash).where(LogNode.log_id == head.id)
    wanted = {(level, index) for level, nodes in enumerate(tree.levels) if level for index in range(len(nodes))}
    for level, index, hashed in session.execute(query.execution_options(yield_per=_AT_A_TIME)):
        wanted.discard((level, index))
        known = level < len(tree.levels) and index < len(tree.levels[level])
        if not known or tree.levels[level][index] != bytes(hashed):
            yield f"log {head.origin}: node {level}/{index} does not follow from the leaves below it"
    if wanted:
        yield f"log {head.origin}: {len(wanted)} nodes are missing"


def _look_at_documents(session: Session, head: LogHead) -> Iterator[str | None]:
    query = select(LogDocument.name, LogDocument.sha256, LogDocument.content).where(LogDocument.log_id == head.id)
    for name, digest, content in session.execute(query):
        sound = sha256_hex(bytes(content)) == digest
        yield None if sound else f"log {head.origin}: {name} is not the document whose hash is kept"


def _look_at_strays(session: Session, head: LogHead) -> Iterator[str | None]:
    """Leaves that record a sheet which the database does not hold."""
    query = (
        select(LogLeaf.idx, LogLeaf.entry)
        .outerjoin(SheetVersion, SheetVersion.id == LogLeaf.subject_id)
        .where(LogLeaf.log_id == head.id, LogLeaf.entry.is_not(None), SheetVersion.id.is_(None))
        .order_by(LogLeaf.idx)
    )
    for index, entry in session.execute(query):
        try:
            stray = read_leaf(bytes(entry or b""))["type"] == "sheet"
        except LedgerError as error:
            yield f"log {head.origin}: leaf {index} cannot be read ({error})"
        else:
            yield f"log {head.origin}: leaf {index} records a sheet that is not stored" if stray else None


def _look_at_sheets(session: Session) -> Iterator[str | None]:
    for head, slug in newest_heads(session):
        yield from _look_at_strays(session, head)
        query = (
            select(
                SheetVersion, Assignment.round, Judge.alias, Entry.alias, LogLeaf.idx, LogLeaf.entry, LogLeaf.text_salt
            )
            .join(Assignment, Assignment.id == SheetVersion.assignment_id)
            .join(Judge, Judge.id == Assignment.judge_id)
            .join(Entry, Entry.id == Assignment.entry_id)
            .outerjoin(LogLeaf, (LogLeaf.log_id == head.id) & (LogLeaf.subject_id == SheetVersion.id))
            .where(Assignment.contest_id == head.contest_id)
            .execution_options(yield_per=_AT_A_TIME)
        )
        for version, round_key, judge, entry, *leaf in session.execute(query):
            place, data, salt = cast("_Row", leaf)
            where = f"contest {slug}, sheet of {judge} on {entry}, version {version.number}"
            if place is None:
                yield f"{where}: the score log does not know it"
            elif data is None:
                yield f"{where}: its leaf was erased, and the sheet was not" if version.total else None
            else:
                wrong = _differs(version, bytes(data), salt, (round_key, judge, entry))
                yield f"{where}: {wrong}" if wrong else None


def _differs(version: SheetVersion, data: bytes, salt: bytes | None, place: tuple[str, str, str]) -> str:
    try:
        leaf: Leaf = read_leaf(data)
    except LedgerError as error:
        return f"its leaf cannot be read ({error})"
    said = (leaf["round"], leaf["judge"], leaf["entry"])
    if said != place or leaf["ver"] != version.number:
        return "its leaf records another sheet"
    if leaf["scores"] != version.marks:
        return "its marks are not those that were recorded"
    if salt is not None:
        written = commit_comments(bytes(salt), comments=version.comments, comment=version.comment)
        if written != leaf["comment_sha256"]:
            return "its comments are not those that were recorded"
    return ""
