"""A score log as a contest would write it, kept in memory, and the bundle that is published of it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from judging.domain.ledger.bundle import BundleParts, Erased, write_bundle
from judging.domain.ledger.canonical import sha256_hex
from judging.domain.ledger.checkpoints import Checkpoint, sign_checkpoint
from judging.domain.ledger.documents import (
    Assignment,
    opening,
    plugins_bytes,
    roster_bytes,
    rubric_bytes,
    rules_bytes,
)
from judging.domain.ledger.fold import Fold
from judging.domain.ledger.leaf_types import Amend, Assign, Award, Close, LeafBody, RoundEvent, Sheet
from judging.domain.ledger.leaves import leaf_bytes, read_leaf, time_text
from judging.domain.ledger.merkle import MemoryTree, inclusion_proof, leaf_hash
from judging.domain.ledger.notes import SigningKey
from judging.domain.ledger.receipts import Receipt
from judging.domain.ledger.recount import recount, recount_advance
from judging.domain.rules import ContestRules
from judging.domain.structure import digest
from judging.domain.values import Grant

BEGUN = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
CONTEST = "spring-2026"
HASH = "0" * 64
PLUGINS = {"judging-startup": "0.1.0"}
OFFICE, COMMITTEE = "o-0001", "c-0001"


def signing_key(origin: str, seed: bytes = bytes(range(32))) -> SigningKey:
    return SigningKey(origin, Ed25519PrivateKey.from_private_bytes(seed))


@dataclass
class LogMaker:
    """`boards` gives category and division by entry; `plan` grows as judges are assigned, round by round."""

    rules: ContestRules
    boards: Mapping[str, tuple[str, str | None]]
    contest: str = CONTEST
    epoch: int = 1
    plan: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    leaves: list[bytes] = field(default_factory=list)
    tree: MemoryTree = field(default_factory=MemoryTree)
    sheets: dict[tuple[str, str, str], int] = field(default_factory=dict)
    ranking: bytes = b""

    def __post_init__(self) -> None:
        self.origin = f"contest.example/{self.contest}/log/{self.epoch}"
        self.key = signing_key(self.origin)
        self.all_rules = [self.rules]
        self.fold = Fold(contest=self.contest, find_rules=self._find_rules, boards=self.boards)
        self.judges: list[dict[str, str]] = []

    def _find_rules(self, wanted: str) -> ContestRules | None:
        return next((one for one in self.all_rules if digest(one) == wanted), None)

    @property
    def assignment(self) -> Assignment:
        return Assignment(boards=self.boards, plan=self.plan)

    def add(self, body: LeafBody) -> int:
        """Append a leaf, one second after the one before; its index."""
        index = len(self.leaves)
        t = time_text(BEGUN + timedelta(seconds=index))
        data = leaf_bytes(body, contest=self.contest, t=t, salt=index.to_bytes(32, "big"))
        self.fold.add(read_leaf(data))
        self.leaves.append(data)
        self.tree.append(leaf_hash(data))
        return index

    def open(self, judges: Iterable[str] = (), *, prev_checkpoint: str | None = None) -> int:
        self.judges = [{"judge": judge} for judge in sorted(judges)]
        body = opening(
            rules=self.rules,
            judges=self.judges,
            assignment=self.assignment,
            plugins=PLUGINS,
            prev_checkpoint=prev_checkpoint,
        )
        return self.add(body)

    def assign(self, round_key: str, pairs: Iterable[tuple[str, str]]) -> int:
        """Give entries to judges: (judge, entry)."""
        for judge, entry in pairs:
            self.plan.setdefault(round_key, {}).setdefault(entry, set()).add(judge)
        return self.add(Assign(round=round_key, assign_sha256=sha256_hex(bytes(self.assignment))))

    def sheet(
        self,
        round_key: str,
        judge: str,
        entry: str,
        marks: Mapping[str, Decimal | int | str],
        *,
        consensus: bool = False,
        abstain: bool = False,
    ) -> int:
        """Submit a sheet, or its next version."""
        place = (round_key, judge, entry)
        before = self.sheets.get(place)
        ver = 1 if before is None else read_leaf(self.leaves[before])["ver"] + 1
        judged = self.rules.find_round(round_key)
        assert judged is not None
        body = Sheet(
            round=round_key,
            rubric=digest(judged.rubric),
            judge=judge,
            entry=entry,
            ver=ver,
            scores={key: str(mark) for key, mark in marks.items()},
            comment_sha256=HASH,
            abstain=abstain,
            consensus=consensus or None,
            supersedes=before,
        )
        self.sheets[place] = self.add(body)
        return self.sheets[place]

    def amend(self, rules: ContestRules) -> int:
        self.rules = rules
        self.all_rules.append(rules)
        return self.add(Amend(what="rules", digest=digest(rules), reason_sha256=HASH, by=OFFICE, approved_by=COMMITTEE))

    def close_round(self, round_key: str) -> int:
        return self._round(round_key, "closed", recount(self.rules, self.fold.tally()).sha256)

    def advance(self, round_key: str) -> tuple[str, ...]:
        counted, onward = recount_advance(self.rules, self.fold.tally(), round_key)
        self._round(round_key, "advanced", counted.sha256)
        self.fold.advanced[round_key] = onward
        return onward

    def _round(self, round_key: str, event: str, sha256: str) -> int:
        return self.add(RoundEvent(round=round_key, event=event, inputs=len(self.leaves), ranking_sha256=sha256))

    def close(self, prizes: Sequence[Grant] = (), *, ranking: bytes | None = None) -> int:
        """Give the prizes and close: what follows from the leaves is the ranking, unless another is forced."""
        for prize in prizes:
            self.add(
                Award(entry=prize.entry, level=prize.level, board=prize.board or None, by=OFFICE, approved_by=COMMITTEE)
            )
        self.ranking = ranking if ranking is not None else recount(self.rules, self.fold.tally()).ranking
        body = Close(sheets=self.fold.sheets, ranking_sha256=sha256_hex(self.ranking), inputs=len(self.leaves))
        return self.add(body)

    def checkpoint(self, size: int | None = None, *, key: SigningKey | None = None) -> bytes:
        size = len(self.leaves) if size is None else size
        said = Checkpoint(origin=self.origin, size=size, root=self.tree.root(size))
        return sign_checkpoint(said, key or self.key)

    def receipt(self, index: int, size: int | None = None) -> bytes:
        size = len(self.leaves) if size is None else size
        receipt = Receipt(
            leaf=self.leaves[index],
            index=index,
            path=inclusion_proof(index, size, self.tree.read),
            checkpoint=self.checkpoint(size),
        )
        return bytes(receipt)

    def parts(self, *, size: int | None = None, erase: Iterable[int] = (), **changes: object) -> BundleParts:
        size = len(self.leaves) if size is None else size
        erased = set(erase)
        leaves = [
            Erased(hash=leaf_hash(leaf)) if index in erased else leaf for index, leaf in enumerate(self.leaves[:size])
        ]
        said: dict[str, object] = {
            "checkpoint": self.checkpoint(size),
            "log_key": self.key.verifier,
            "leaves": leaves,
            "read": self.tree.read,
            "rules": rules_bytes(self.rules),
            "earlier_rules": [rules_bytes(one) for one in self.all_rules[:-1]],
            "rubric": rubric_bytes(self.rules),
            "roster": roster_bytes(self.judges),
            "assignment": bytes(self.assignment),
            "plugins": plugins_bytes(PLUGINS),
            "ranking": self.ranking,
        }
        return BundleParts(**{**said, **changes})  # type: ignore[arg-type]  # tests name parts freely

    def write(self, target: Path, *, size: int | None = None, erase: Iterable[int] = (), **changes: object) -> Path:
        """The bundle as a folder, or as a zip file where the name says so. `changes` replace parts of it."""
        return write_parts(self.parts(size=size, erase=erase, **changes), target)

    def write_vkey(self, target: Path) -> Path:
        target.write_text(f"{self.key.verifier}\n", "utf-8")
        return target


def write_parts(parts: BundleParts, target: Path) -> Path:
    with ExitStack() as stack:
        archive = stack.enter_context(zipfile.ZipFile(target, "w")) if target.suffix == ".zip" else None

        def put(path: str, pieces: Iterable[bytes]) -> None:
            if archive is not None:
                with archive.open(path, "w") as file:
                    file.writelines(pieces)
            else:
                (target / path).parent.mkdir(parents=True, exist_ok=True)
                (target / path).write_bytes(b"".join(pieces))

        write_bundle(parts, put)
    return target
