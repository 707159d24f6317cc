"""The score log: what a leaf and its receipt add to a submission, and the offline check of a large bundle."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from pathlib import Path
from random import Random

from sqlalchemy.orm import Session, joinedload

from judging.composition import open_notary
from judging.db.models import Assignment, Contest, Entry, SheetVersion
from judging.domain.ledger.bundle import BundleParts, write_bundle
from judging.domain.ledger.canonical import sha256_hex
from judging.domain.ledger.checkpoints import Checkpoint, sign_checkpoint
from judging.domain.ledger.documents import (
    Assignment as Plan,
)
from judging.domain.ledger.documents import opening, plugins_bytes, roster_bytes, rubric_bytes, rules_bytes
from judging.domain.ledger.fold import Fold
from judging.domain.ledger.leaf_types import Close, LeafBody, Sheet
from judging.domain.ledger.leaves import leaf_bytes, read_leaf, time_text
from judging.domain.ledger.merkle import MemoryTree, leaf_hash
from judging.domain.ledger.notes import SigningKey
from judging.domain.ledger.recount import recount
from judging.domain.rules import ContestRules
from judging.domain.structure import digest
from judging.plugins import Registry
from judging.services.contests.editions import contest_rules
from judging.services.platform import Platform
from judging.services.score_log.acts import record_sheet
from judging.services.score_log.keeper import keep_logs
from judging.services.score_log.receipts import receipt_of
from judging.services.sheets.drafts import canonical_marks
from tools.bench.bare import write_rows, writer
from tools.bench.contests import fill_contest, give_marks
from tools.bench.measure import Bound, Figure, Peer, Target, measure_in_turns
from tools.bench.running import run_command
from tools.bench.sizes import Sizes
from tools.bench.stores import Stores

_ORIGIN = "contest.example/large/log/1"
_COMMENT = "Ý tưởng rõ ràng. Mô hình chạy tốt và dễ làm lại."
_HASH = "0" * 64
_JUDGES = 5
_VERIFY = Bound(seconds=10, reason="a journalist waits for it")
_AT_HAND = (joinedload(Assignment.entry).joinedload(Entry.contest), joinedload(Assignment.judge))
MOST_ADDED = 0.005
MOST_MEMORY = 500
_MEBIBYTE = 1024 * 1024


def recording(stores: Stores, engines: Sequence[str], sizes: Sizes) -> Iterator[Figure]:
    """What the log adds, on each engine, and the check of a bundle."""
    for engine in engines:
        with stores.installation(engine) as platform:
            yield _added(platform, engine, sizes)
    with stores.installation() as platform:
        yield _verify(platform.registry, stores.folder, sizes.sheets_in_bundle)


def _added(platform: Platform, engine: str, sizes: Sizes) -> Figure:
    """The same rows, committed, with the leaf, the signed checkpoint and the receipt, and without them."""
    with platform.database.writing() as session:
        filled = fill_contest(session, platform.registry, entries=sizes.sheets[0], sheets=5, submitted=False)
        judged = contest_rules(platform.registry, session.get_one(Contest, filled.contest_id)).rounds[0]
    readings = iter([reading for own in filled.readings.values() for reading in own])
    notary = open_notary(platform.settings)
    keep_logs(platform.database, notary=notary, registry=platform.registry)
    marks, by = canonical_marks(give_marks(judged, Random(1), 0.7)), writer(platform)  # noqa: S311 - fixed marks

    def write(session: Session) -> tuple[Assignment, SheetVersion]:
        reading = next(readings)
        # Whoever submits has these at hand already.
        assignment = session.get_one(Assignment, reading, options=_AT_HAND)
        version = SheetVersion(
            id=write_rows(session, reading, marks, _COMMENT, by), number=1, marks=marks, comments={},
            comment=_COMMENT, rubric_digest=digest(judged.rubric), consensus=False,
        )  # fmt: skip
        return assignment, version

    def bare() -> None:
        with platform.database.writing() as session:
            write(session)

    def recorded() -> None:
        with platform.database.writing() as session:
            assignment, version = write(session)
            appended = record_sheet(session, version=version, assignment=assignment, now=datetime.now(UTC))
        bytes(receipt_of(appended, notary=notary, database=platform.database))

    timing, peer = measure_in_turns(recorded, bare, times=max(3, 3 * sizes.times))
    added = Target(name="added, in s", value=timing.median - peer.median, limit=MOST_ADDED)
    return Figure(
        benchmark="score log, leaf and receipt",
        case=f"{sizes.sheets[0]:,} entries, {engine}",
        timing=timing,
        peer=Peer(name="the same sheet without them", timing=peer),
        targets=(added,),
    )


def _verify(registry: Registry, folder: Path, sheets: int) -> Figure:
    """The command as anybody runs it, in a process of its own."""
    bundle, vkey = folder / "bundle", folder / "log.vkey"
    vkey.write_text(f"{_make_bundle(registry, bundle, sheets)}\n", "utf-8")
    command = [sys.executable, "-m", "judging.cli", "verify", str(bundle), "--vkey", str(vkey), "--json"]
    timing, peak = run_command(command, times=3 if sheets > 1000 else 1)
    return Figure(
        benchmark="verify",
        case=f"{sheets:,} sheets",
        timing=timing,
        bound=_VERIFY,
        targets=(Target(name="MiB", value=peak / _MEBIBYTE, limit=MOST_MEMORY),),
    )


def _make_bundle(registry: Registry, target: Path, sheets: int) -> object:
    """A closed log with so many sheets of one round, as a folder; its public key."""
    rules, key = registry.rules("youth-creativity"), SigningKey.generate(_ORIGIN)
    boards = {f"e-{number:05d}": (rules.categories[0].key, None) for number in range(-(-sheets // _JUDGES))}
    judged = rules.rounds[0]
    seats = [f"j-{number:04d}" for number in range(_JUDGES)]
    plan = Plan(boards=boards, plan={judged.key: {entry: frozenset(seats) for entry in boards}})
    fold = Fold(contest="large", find_rules=lambda _: rules, boards=boards)
    tree, leaves, clock = MemoryTree(), list[bytes](), count()

    def add(body: LeafBody) -> None:
        at = time_text(datetime(2026, 3, 1, tzinfo=UTC) + timedelta(milliseconds=next(clock)))
        data = leaf_bytes(body, contest="large", t=at)
        fold.add(read_leaf(data))
        tree.append(leaf_hash(data))
        leaves.append(data)

    add(opening(rules=rules, judges=[{"judge": one} for one in seats], assignment=plan, plugins={}))
    for body in _sheets(rules, boards, seats):
        add(body)
    counted = recount(rules, fold.tally())
    add(Close(sheets=fold.sheets, ranking_sha256=sha256_hex(counted.ranking), inputs=len(leaves)))
    parts = BundleParts(
        checkpoint=sign_checkpoint(Checkpoint(origin=_ORIGIN, size=len(leaves), root=tree.root()), key),
        log_key=key.verifier, leaves=leaves, read=tree.read, rules=rules_bytes(rules), rubric=rubric_bytes(rules),
        roster=roster_bytes([{"judge": one} for one in seats]), assignment=bytes(plan), plugins=plugins_bytes({}),
        ranking=counted.ranking,
    )  # fmt: skip
    write_bundle(parts, partial(_put, target))
    return key.verifier


def _sheets(rules: ContestRules, boards: Iterable[str], seats: Sequence[str]) -> Iterator[LeafBody]:
    draw, judged = Random(7), rules.rounds[0]  # noqa: S311 - the same sheets in every run
    rubric = digest(judged.rubric)
    for entry in boards:
        worth = draw.uniform(0.4, 0.95)
        for judge in seats:
            marks = canonical_marks(give_marks(judged, draw, worth))
            yield Sheet(
                round=judged.key, rubric=rubric, judge=judge, entry=entry, ver=1, scores=marks, comment_sha256=_HASH
            )


def _put(target: Path, name: str, pieces: Iterable[bytes]) -> None:
    path = target / name
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.writelines(pieces)
