"""The check of a bundle, step by step: each rests on those before it, and the first that fails gives the code."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from judging.domain.ledger.bundle import (
    CHECKPOINT,
    ENTRIES,
    MANIFEST,
    NEEDED,
    RANKING,
    Manifest,
    read_entry_line,
)
from judging.domain.ledger.canonical import to_base64
from judging.domain.ledger.checkpoints import Checkpoint, Origin, open_checkpoint
from judging.domain.ledger.faults import Exit, HashError, LedgerError
from judging.domain.ledger.fold import Fold
from judging.domain.ledger.notes import COSIGNATURE, ED25519, VerifierKey, verify_cosignature
from judging.domain.ledger.reading import LogRead, first_fault, read_log
from judging.domain.ledger.tiles import Tile, hash_tile, hash_tiles
from judging.errors import N_
from judging.verify.outcome import Facts, Outcome, RoundFacts, Step, Told
from judging.verify.papers import Papers
from judging.verify.promises import Receipts, check_quoted, check_since, key_of
from judging.verify.ranking import check_ranking
from judging.verify.sources import Source, open_bundle, read_file, read_lines, read_pieces

_MOST_TOLD = 50

Act = Callable[[], Told]


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What to check: the bundle, the keys that were given for it, receipts by file name, and an older checkpoint."""

    bundle: Path
    keys: Sequence[VerifierKey]
    receipts: Mapping[str, bytes]
    since: bytes | None = None


def verify_bundle(request: Request) -> Outcome:
    """Check a bundle without a database and without a network. Whatever is wrong with it is told, never raised."""
    with ExitStack() as stack:
        return _Examination(request, stack).run()


class _Examination:
    """What the steps learn on the way; a step uses only what those before it found sound."""

    manifest: Manifest
    checkpoint: Checkpoint
    papers: Papers
    receipts: Receipts
    read: LogRead

    def __init__(self, request: Request, stack: ExitStack) -> None:
        self._request = request
        self._stack = stack
        self._source: Source
        self._steps: list[Step] = []
        self._notes: list[Told] = []
        self._complete = False

    def run(self) -> Outcome:
        """Take the steps, as far as they carry."""
        if all(self._step(name, act) for name, act in self._foundation()):
            self._complete = True
            for name, act in self._promises():
                self._step(name, act)
            if self._step("leaves", self._check_leaves):
                self._step("ranking", self._check_ranking)
        code = next((step.code for step in self._steps if step.code is not Exit.OK), Exit.OK)
        return Outcome(
            code=code,
            steps=self._steps,
            facts=self._facts() if self._complete else None,
            acts=self.read.fold.noted if self._complete else (),
            notes=self._notes,
        )

    def _step(self, name: str, act: Act) -> bool:
        try:
            step = Step(name=name, code=Exit.OK, told=act())
        except LedgerError as error:
            step = Step(name=name, code=error.code, told=Told.of(error))
        self._steps.append(step)
        return step.code is Exit.OK

    def _foundation(self) -> Iterator[tuple[str, Act]]:
        yield "files", self._check_files
        yield "signature", self._check_signature
        yield "tree", self._check_tree
        yield "documents", self._check_documents

    def _promises(self) -> Iterator[tuple[str, Act]]:
        for name in self._request.receipts:
            yield "receipt", partial(self._check_receipt, name)
        since = self._request.since
        if since is not None:
            origin, tree = self.manifest.origin, self.read.tree
            yield "since", partial(check_since, since, self._request.keys, origin=origin, tree=tree)

    def _check_files(self) -> Told:
        self._source = open_bundle(self._request.bundle, self._stack)
        self.manifest = Manifest.parse(read_file(self._source, MANIFEST))
        files = self.manifest.files
        missing = [name for name in (*NEEDED, *files) if name not in files or name not in self._source.names()]
        if missing:
            raise HashError(N_("%(file)s is missing, or cannot be read."), file=missing[0])
        for name, expected in files.items():
            if self._digest(name) != expected:
                raise HashError(N_("%(file)s is not the file that the manifest names."), file=name)
        more = sorted(self._source.names() - files.keys() - {MANIFEST})
        if more:
            message = N_("Files that are no part of the bundle, and were not looked at: %(files)s.")
            self._notes.append(Told(message=message, params={"files": ", ".join(more[:10])}))
        return Told(message=N_("All %(count)s files are as the manifest says."), params={"count": len(files)})

    def _digest(self, name: str) -> str:
        digest = hashlib.sha256()
        for piece in read_pieces(self._source, name):
            digest.update(piece)
        return digest.hexdigest()

    def _check_signature(self) -> Told:
        keys = self._request.keys
        data = read_file(self._source, CHECKPOINT)
        key = key_of([one for one in keys if one.kind == ED25519], self.manifest.origin)
        self.checkpoint = open_checkpoint(data, key)
        if self.checkpoint.size != self.manifest.size:
            raise HashError(N_("%(file)s is not the file that the manifest names."), file=CHECKPOINT)
        for witness in (one for one in keys if one.kind == COSIGNATURE):
            verify_cosignature(data, witness)
            message = N_("The checkpoint is signed by the witness “%(name)s” as well.")
            self._notes.append(Told(message=message, params={"name": witness.name}))
        told = {"origin": self.checkpoint.origin, "size": self.checkpoint.size}
        return Told(
            message=N_("The log “%(origin)s” signed its %(size)s leaves with the key that was given."), params=told
        )

    def _check_tree(self) -> Told:
        self.papers = Papers.read(self._source, self.manifest)
        self.receipts = Receipts.read(self._request.receipts, keys=self._request.keys, origin=self.manifest.origin)
        fold = Fold(
            contest=Origin.parse(self.manifest.origin).contest,
            find_rules=self.papers.find_rules,
            boards=self.papers.assignment.boards,
        )
        lines = enumerate(read_lines(self._source, ENTRIES))
        leaves = (read_entry_line(line, index) for index, line in lines)
        self.read = read_log(leaves, fold, on_sheet=self.receipts.note_sheet)
        size, tree = self.checkpoint.size, self.read.tree
        if tree.size != size or tree.root() != self.checkpoint.root:
            raise HashError(N_("The leaves of the bundle are not those that the log signed."))
        for tile in hash_tiles(size):
            self._check_tile(tile)
        return Told(message=N_("The leaves and all hashes above them lead to the root that was signed."))

    def _check_tile(self, tile: Tile) -> None:
        if tile.path not in self.manifest.files:
            raise HashError(N_("%(file)s is missing, or cannot be read."), file=tile.path)
        if read_file(self._source, tile.path) != hash_tile(tile, self.read.tree.read):
            raise HashError(N_("The hashes in %(file)s do not follow from the leaves."), file=tile.path)

    def _check_documents(self) -> Told:
        if self.read.fault is None:
            self.papers.check(self.read.fold)
        return Told(message=N_("Rules, rubrics, judges and assignments are those that the log names."))

    def _check_receipt(self, name: str) -> Told:
        told, notes = self.receipts.check(name, self.read)
        self._notes.extend(notes)
        return told

    def _check_leaves(self) -> Told:
        fault = first_fault(self.read)
        if fault is not None:
            raise fault
        self.papers.check_readable()
        self.read.fold.book.check_plan(self.papers.assignment.plan)
        self._tell_erased()
        self._notes.extend(check_quoted(self.read, self._request.keys, origin=self.manifest.origin))
        message = N_(
            "Every leaf is well formed, versions follow each other without a gap, nothing counts after the end."
        )
        return Told(message=message)

    def _tell_erased(self) -> None:
        for index, reason in islice(self.read.erased.items(), _MOST_TOLD):
            message = N_("Leaf %(index)s was erased (%(reason)s); its hash stays in the log.")
            self._notes.append(Told(message=message, params={"index": index, "reason": reason}))

    def _check_ranking(self) -> Told:
        return check_ranking(self.read, read_file(self._source, RANKING))

    def _facts(self) -> Facts:
        fold, tally = self.read.fold, self.read.fold.tally()
        final = self.read.final.standings if self.read.final else {}
        rounds = [
            RoundFacts(
                key=judged.key,
                aggregator=judged.aggregator,
                sheets=sum(1 for one in tally.ballots.get(judged.key, ()) if one.entry in tally.entries),
                entries=len(final.get(judged.key, ())),
            )
            for judged in (fold.rules.rounds if fold.rules else ())
        ]
        return Facts(
            origin=self.manifest.origin,
            size=self.checkpoint.size,
            root=to_base64(self.checkpoint.root),
            sheets=fold.sheets,
            missing=fold.book.missing(self.papers.assignment.plan),
            erased=len(fold.book.erased),
            rounds=rounds,
            ranking_sha256=fold.closing["ranking_sha256"] if fold.closing else "",
            opened=fold.opening["t"] if fold.opening else "",
            closed=fold.closing["t"] if fold.closing else "",
        )
