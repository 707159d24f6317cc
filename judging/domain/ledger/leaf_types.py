"""Every type of leaf with its fields; a field that may be left out has the default None.

`judge` and `entry` are aliases, `by` and `approved_by` stand for persons in the same manner, `…_sha256` of a reason, a
comment or minutes is a commitment (`leaves.commit_text`), and an index is that of a leaf of the same log.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafBody:
    """What a leaf says beyond what every leaf holds."""

    kind: ClassVar[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Open(LeafBody):
    """The first leaf: what the contest is judged by. `roster` may be empty where the panel is too large for a leaf."""

    kind = "open"
    rubric_sha256: str
    rule: Mapping[str, Any]
    assign_sha256: str
    roster: Sequence[Mapping[str, str]]
    roster_sha256: str
    plugins_sha256: str
    prev_checkpoint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet(LeafBody):
    """A submitted sheet. `supersedes` is the leaf of the version before; `consensus` is left out, or true.

    `by` and `approved_by` name the two persons who typed a sheet that came on paper; both or neither are there.
    """

    kind = "sheet"
    round: str
    rubric: str
    judge: str
    entry: str
    ver: int
    scores: Mapping[str, str]
    comment_sha256: str
    abstain: bool = False
    consensus: bool | None = None
    supersedes: int | None = None
    sig: str | None = None
    by: str | None = None
    approved_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recuse(LeafBody):
    """A judge taken off an entry, in every round that is not closed."""

    kind = "recuse"
    judge: str
    entry: str
    reason_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdraw(LeafBody):
    """An entry taken back by its authors."""

    kind = "withdraw"
    entry: str
    reason_sha256: str
    by: str
    approved_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Disqualify(Withdraw):
    """An entry put out of the contest by a decision."""

    kind = "disqualify"


@dataclass(frozen=True, slots=True, kw_only=True)
class Override(LeafBody):
    """Other marks for the sheet at `target`, or its exclusion, by two persons."""

    kind = "override"
    target: int
    reason_sha256: str
    by: str
    approved_by: str
    scores: Mapping[str, str] | None = None
    exclude: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extend(LeafBody):
    """A deadline moved."""

    kind = "extend"
    what: str
    old: str
    new: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rekey(LeafBody):
    """A new key of a judge's device, or of the log."""

    kind = "rekey"
    key: str
    judge: str | None = None
    log: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballots(LeafBody):
    """A batch of public votes: their number and the root of their own tree."""

    kind = "ballots"
    count: int
    root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Close(LeafBody):
    """The end of what counts: how many sheet leaves there are, and the ranking that follows from them."""

    kind = "close"
    sheets: int
    ranking_sha256: str
    inputs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish(LeafBody):
    """The published bundle, by the hash of its manifest."""

    kind = "publish"
    manifest_sha256: str
    level: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Amend(LeafBody):
    """A change of what the contest is judged by. For `what` = rules, `digest` is the SHA-256 of the new rules.json."""

    kind = "amend"
    what: str
    digest: str
    reason_sha256: str
    by: str
    approved_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assign(LeafBody):
    """A plan, an addition or a replacement in a round; the hash is that of the whole assign.json afterwards.

    Where two persons gave `entry` to `judge` in spite of a conflict of interest, the leaf names both, and them.
    """

    kind = "assign"
    round: str
    assign_sha256: str
    judge: str | None = None
    entry: str | None = None
    reason_sha256: str | None = None
    by: str | None = None
    approved_by: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundEvent(LeafBody):
    """A round closed or advanced, and the ranking document as it then stood."""

    kind = "round"
    round: str
    event: str
    inputs: int
    ranking_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Vote(LeafBody):
    """A recorded vote. `outcome` of a tie is {round, order}, first place first; otherwise {entry, given, level?}."""

    kind = "vote"
    subject: str
    outcome: Mapping[str, Any]
    counts: Mapping[str, int]
    minutes_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Award(LeafBody):
    """A prize as it is published; `board` only where the rules leave it open. A `reopen` takes all awards back."""

    kind = "award"
    entry: str
    level: str
    by: str
    approved_by: str
    board: str | None = None
    reason_sha256: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison(LeafBody):
    """One entry held against another, in pairwise rounds."""

    kind = "comparison"
    round: str
    judge: str
    left: str
    right: str
    outcome: str
    ver: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopen(LeafBody):
    """What was closed takes leaves again: the log, and `round` where one is named. Quotes the last checkpoint."""

    kind = "reopen"
    reason_sha256: str
    prev_checkpoint: str
    round: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored(LeafBody):
    """A new epoch after a restore that lost leaves. Quotes the last checkpoint of the old epoch."""

    kind = "restored"
    reason_sha256: str
    prev_checkpoint: str


LEAF_TYPES: tuple[type[LeafBody], ...] = (
    Open, Sheet, Recuse, Withdraw, Disqualify, Override, Extend, Rekey, Ballots, Close, Publish, Amend, Assign,
    RoundEvent, Vote, Award, Comparison, Reopen, Restored,
)  # fmt: skip
