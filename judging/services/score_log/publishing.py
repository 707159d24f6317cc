"""The published bundle: everything that anybody needs to recount a result, in one file that is made once and kept."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from judging.db.models import Contest, LogCheckpoint, LogLeaf
from judging.domain.ledger.bundle import (
    ASSIGNMENT,
    PLUGINS,
    RANKING,
    ROSTER,
    RULES,
    BundleParts,
    Erased,
    write_bundle,
)
from judging.domain.ledger.canonical import sha256_hex
from judging.domain.ledger.checkpoints import Checkpoint
from judging.domain.ledger.documents import rubric_bytes
from judging.domain.ledger.leaf_types import Publish
from judging.domain.ledger.leaves import Leaf, read_leaf
from judging.domain.ledger.merkle import tree_root
from judging.errors import N_, Conflict, NotFound
from judging.services.score_log.appending import Log, NewLeaf, append, hold_newest
from judging.services.score_log.closing import plugins_said
from judging.services.score_log.heads import newest_log
from judging.services.score_log.keeper import keeper_of
from judging.services.score_log.papers import find_document, kept_documents
from judging.services.score_log.replay import replay
from judging.services.score_log.tree import read_nodes, stored_leaves

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.session import Database
    from judging.domain.ledger.reading import LogRead

BUNDLE_JOB = "publish-bundle"
LEVEL = "public-sheets"
_FOLDER = "bundles"
# The same leaves give the same bytes, whenever the file is made.
_DATE = (1980, 1, 1, 0, 0, 0)
_LOOKED_BACK = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleFile:
    """A bundle on the disk, and the SHA-256 of its manifest."""

    path: Path
    manifest_sha256: str


def publish_bundle(database: Database, *, contest_id: str, now: datetime) -> None:
    """Make the bundle of a contest that was just published, and record its manifest: the handler of BUNDLE_JOB.

    Done once it is done: another attempt finds the leaf. Nothing is made for results that were withdrawn meanwhile.
    """
    with database.reading() as session:
        contest = session.get_one(Contest, contest_id)
        log = newest_log(session, contest)
        try:
            bundle = make_bundle(session, contest)
        except NotFound:
            return
        assert log is not None, "a bundle is made of a log"  # noqa: S101 - says what the line before needs
    with database.writing() as session:
        held = hold_newest(session, session.get_one(Contest, contest_id))
        if held is None or _is_recorded(session, held, bundle.manifest_sha256) or held.size != log.size:
            return
        body = Publish(manifest_sha256=bundle.manifest_sha256, level=LEVEL)
        append(session, held, [NewLeaf(body=body)], now=now)


def make_bundle(session: Session, contest: Contest) -> BundleFile:
    """The bundle of a log that is closed, made now unless it lies ready. Raises NotFound while it is not closed."""
    log = newest_log(session, contest)
    if log is None:
        raise NotFound(N_("There is nothing here."))
    size = closed_size(session, log)
    if not size:
        raise NotFound(N_("There is nothing here."))
    folder = keeper_of(session).notary.folder / _FOLDER
    erased = session.scalar(
        select(func.count()).select_from(LogLeaf).where(LogLeaf.log_id == log.id, LogLeaf.entry.is_(None))
    )
    path = folder / f"{log.slug}-{log.epoch}-{size}-{erased}.zip"
    if not path.exists():
        read = replay(session, log, contest=contest, registry=keeper_of(session).registry)
        parts = _parts(session, log, read)
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with _written_whole(path) as draft:
            _write_zip(parts, draft)
    return BundleFile(path=path, manifest_sha256=_manifest_of(path))


def forget_bundles(score_log: Path, slug: str) -> None:
    """Delete the prepared bundles of a contest: they may hold leaves that were erased since. Raises OSError."""
    made = re.compile(re.escape(slug) + r"-\d+-\d+-\d+\.zip(?:\..*)?")
    folder = score_log / _FOLDER
    for path in folder.iterdir() if folder.exists() else ():
        if made.fullmatch(path.name):
            path.unlink(missing_ok=True)


def closed_size(session: Session, log: Log) -> int:
    """How many leaves a log had when it was closed, its closing included; 0 while it is open."""
    for index, leaf in _newest_leaves(session, log):
        if leaf["type"] in ("close", "reopen"):
            return index + 1 if leaf["type"] == "close" else 0
    return 0


def _parts(session: Session, log: Log, read: LogRead) -> BundleParts:
    closing, opening, rules = read.fold.closing, read.fold.opening, read.fold.rules
    if closing is None or opening is None or rules is None:
        raise NotFound(N_("There is nothing here."))
    size = closing["inputs"] + 1
    notary = keeper_of(session).notary
    all_rules = kept_documents(session, log.id, RULES)
    current = all_rules.pop(read.fold.rules_sha256)
    return BundleParts(
        checkpoint=checkpoint_note(session, log, size),
        log_key=notary.verifier(log.origin),
        leaves=(
            Erased(hash=hashed) if entry is None else entry
            for hashed, entry in stored_leaves(session, log.id, end=size)
        ),
        read=read_nodes(session, log.id),
        rules=current,
        earlier_rules=list(all_rules.values()),
        rubric=rubric_bytes(rules),
        roster=_document(session, log, ROSTER, opening["roster_sha256"]),
        assignment=_document(session, log, ASSIGNMENT, read.fold.assign_sha256),
        plugins=_document(session, log, PLUGINS, plugins_said(read)),
        ranking=_document(session, log, RANKING, closing["ranking_sha256"]),
    )


def checkpoint_note(session: Session, log: Log, size: int) -> bytes:
    """The signed checkpoint of a log at a size that it has or had. One that is kept is shown even without its key."""
    kept = session.scalar(select(LogCheckpoint.note).where(LogCheckpoint.log_id == log.id, LogCheckpoint.size == size))
    if kept is not None:
        return kept.encode()
    read = read_nodes(session, log.id)
    state = Checkpoint(origin=log.origin, size=size, root=tree_root(size, read))
    return keeper_of(session).notary.sign(state, read=read)


def _document(session: Session, log: Log, name: str, digest: str) -> bytes:
    found = find_document(session, log.id, name, digest)
    if found is None:
        raise Conflict(N_("The score log names a document that is not kept: %(file)s."), file=name)
    return found


def _is_recorded(session: Session, log: Log, manifest_sha256: str) -> bool:
    """Whether the last thing that was published is this bundle."""
    for _, leaf in _newest_leaves(session, log):
        if leaf["type"] == "publish":
            return bool(leaf["manifest_sha256"] == manifest_sha256)
    return False


def _newest_leaves(session: Session, log: Log) -> Iterator[tuple[int, Leaf]]:
    """The last few leaves of a log, the newest first: after a closing come only those that publish and reopen."""
    start = max(0, log.size - _LOOKED_BACK)
    found = list(enumerate(stored_leaves(session, log.id, start=start), start=start))
    for index, (_, entry) in reversed(found):
        if entry is not None:
            yield index, read_leaf(entry)


@contextlib.contextmanager
def _written_whole(path: Path) -> Iterator[Path]:
    """Give a name to write to, and let it become `path` at the end: nobody reads half a file."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _write_zip(parts: BundleParts, target: Path) -> None:
    with zipfile.ZipFile(target, "w", compression=zipfile.ZIP_DEFLATED) as archive:

        def put(name: str, pieces: Iterable[bytes]) -> None:
            info = zipfile.ZipInfo(name, date_time=_DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            with archive.open(info, "w", force_zip64=True) as file:
                for piece in pieces:
                    file.write(piece)

        write_bundle(parts, put)


def _manifest_of(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        return sha256_hex(archive.read("manifest.json"))
