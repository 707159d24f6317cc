"""Reading a log from its first leaf on: what counts after each of them, and which leaf cannot stand where it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from judging.domain.ledger.faults import LeafError
from judging.domain.ledger.leaves import Leaf
from judging.domain.ledger.sheet_book import SheetBook
from judging.domain.ledger.tally import Belongs, Tally
from judging.domain.rules import ContestRules
from judging.domain.values import Grant
from judging.errors import N_

RULES_PARAM = "rules_sha256"
"""Where in the rule of an `open` leaf the SHA-256 of rules.json stands."""

NOTED = frozenset(
    {"override", "withdraw", "disqualify", "recuse", "extend", "amend", "reopen", "restored", "rekey", "vote"}
)
"""Acts that whoever checks a result should be told of."""

_NO_EFFECT = frozenset({"assign", "award", "close", "extend", "publish", "rekey", "round"})
"""Leaves that leave every standing as it is."""

_AFTER_CLOSE = frozenset({"publish", "rekey", "reopen"})

FindRules = Callable[[str], ContestRules | None]
"""Gives rules by the SHA-256 of their canonical bytes, or None where they are not at hand."""


@dataclass(slots=True, kw_only=True)
class Fold:
    """The state of a log after the leaves that were added so far.

    `boards` gives category and division of every entry. Where `find_rules` does not have the rules in force (`rules` is
    None then), marks are not held against them. `assign_sha256` is that of the newest plan. `advanced` is for whoever
    recounts: at `round` leaves with the event `advanced` the fold knows that entries went on, not which. Standings stay
    as they are while `revision` does.
    """

    contest: str
    find_rules: FindRules
    boards: Belongs
    book: SheetBook = field(default_factory=SheetBook)
    size: int = 0
    sheets: int = 0
    rules: ContestRules | None = None
    rules_sha256: str = ""
    assign_sha256: str = ""
    opening: Leaf | None = None
    closing: Leaf | None = None
    noted: list[tuple[int, Leaf]] = field(default_factory=list)
    quoted: list[tuple[int, str]] = field(default_factory=list)
    advanced: dict[str, tuple[str, ...]] = field(default_factory=dict)
    compared: bool = False
    revision: int = 0
    _time: str = ""
    _votes: dict[str, dict[str, int]] = field(default_factory=dict)
    _prizes: dict[tuple[str, str], Grant] = field(default_factory=dict)

    def add(self, leaf: Leaf | None) -> None:
        """Take in the next leaf; None for one of which only the hash is left. Raises LeafError with its index."""
        index, self.size = self.size, self.size + 1
        if leaf is None:
            self.book.erased.add(index)
            return
        kind = leaf["type"]
        self._check_place(index, leaf, kind)
        if kind not in _NO_EFFECT:
            self.revision += 1
        if kind == "sheet":
            self.sheets += 1
            self.book.submit(index, leaf, self.rules)
            return
        handler = getattr(self, f"_on_{kind}", None)
        if handler is not None:
            handler(index, leaf)
        # A plan moves no standing; whom two persons assigned in spite of a conflict is told all the same.
        if kind in NOTED or (kind == "assign" and "approved_by" in leaf):
            self.noted.append((index, leaf))
        if "prev_checkpoint" in leaf:
            self.quoted.append((index, leaf["prev_checkpoint"]))

    def tally(self) -> Tally:
        """What counts now."""
        out = self.book.out
        return Tally(
            contest=self.contest,
            ballots=self.book.ballots(),
            entries={alias: belongs for alias, belongs in self.boards.items() if alias not in out},
            votes={key: dict(votes) for key, votes in self._votes.items()},
            advanced=dict(self.advanced),
            prizes=tuple(prize for prize in self._prizes.values() if prize.entry not in out),
        )

    def _check_place(self, index: int, leaf: Leaf, kind: str) -> None:
        if (kind == "open") != (index == 0):
            raise LeafError(N_("Leaf %(index)s: a log begins with “open”, and has it nowhere else."), index=index)
        if leaf["contest"] != self.contest:
            raise LeafError(N_("Leaf %(index)s is of another contest."), index=index)
        if leaf["t"] < self._time:
            raise LeafError(N_("Leaf %(index)s is earlier than the leaf before it."), index=index)
        if self.closing is not None and kind not in _AFTER_CLOSE:
            raise LeafError(N_("Leaf %(index)s lies after the closing and cannot count."), index=index)
        self._time = leaf["t"]

    def _on_open(self, index: int, leaf: Leaf) -> None:
        self.opening = leaf
        self.assign_sha256 = leaf["assign_sha256"]
        digest = leaf["rule"]["params"].get(RULES_PARAM)
        if digest is None:
            raise LeafError(N_("Leaf %(index)s does not name the rules."), index=index)
        self._take_rules(digest)

    def _on_amend(self, _index: int, leaf: Leaf) -> None:
        if leaf["what"] == "rules":
            self._take_rules(leaf["digest"])

    def _take_rules(self, digest: str) -> None:
        self.rules_sha256 = digest
        self.rules = self.find_rules(digest)

    def _on_assign(self, index: int, leaf: Leaf) -> None:
        self.assign_sha256 = leaf["assign_sha256"]
        self.book.assigned_at = index

    def _on_recuse(self, index: int, leaf: Leaf) -> None:
        self.book.recuse(index, (leaf["judge"], leaf["entry"]))

    def _on_override(self, index: int, leaf: Leaf) -> None:
        self.book.override(index, leaf, self.rules)

    def _on_withdraw(self, _index: int, leaf: Leaf) -> None:
        self.book.out.add(leaf["entry"])

    def _on_disqualify(self, _index: int, leaf: Leaf) -> None:
        self.book.out.add(leaf["entry"])

    def _on_round(self, index: int, leaf: Leaf) -> None:
        judged, ended = leaf["round"], leaf["event"] == "advanced"
        self._check_inputs(index, leaf)
        if ended != (judged in self.book.closed) or judged in self.advanced:
            raise LeafError(N_("Leaf %(index)s: a round is closed once, and advanced after that."), index=index)
        self.book.closed.add(judged)
        if ended:
            self.advanced[judged] = ()

    def _on_vote(self, _index: int, leaf: Leaf) -> None:
        if leaf["subject"] == "tie":
            order = leaf["outcome"]["order"]
            votes = self._votes.setdefault(leaf["outcome"]["round"], {})
            votes.update({entry: len(order) - place for place, entry in enumerate(order)})

    def _on_award(self, index: int, leaf: Leaf) -> None:
        key = (leaf["entry"], leaf["level"])
        if key in self._prizes:
            raise LeafError(N_("Leaf %(index)s gives an entry a prize that it has."), index=index)
        self._prizes[key] = Grant(entry=leaf["entry"], level=leaf["level"], board=leaf.get("board", ""))

    def _on_comparison(self, _index: int, _leaf: Leaf) -> None:
        self.compared = True

    def _on_reopen(self, index: int, leaf: Leaf) -> None:
        judged = leaf.get("round")
        if (self.closing is None and judged is None) or (judged is not None and judged not in self.book.closed):
            raise LeafError(N_("Leaf %(index)s reopens what was not closed."), index=index)
        self.closing = None
        self._prizes.clear()
        if judged is not None:
            self.book.closed.discard(judged)
            self.advanced.pop(judged, None)

    def _on_close(self, index: int, leaf: Leaf) -> None:
        self._check_inputs(index, leaf)
        if not 0 <= leaf["sheets"] - self.sheets <= len(self.book.erased):
            raise LeafError(N_("Leaf %(index)s does not count the sheets before it."), index=index)
        self.closing = leaf

    def _check_inputs(self, index: int, leaf: Leaf) -> None:
        if leaf["inputs"] != index:
            raise LeafError(N_("Leaf %(index)s does not count the leaves before it."), index=index)
