"""Whatever happens in whatever order, no two states of one size are ever signed."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from hypothesis import example, given, settings
from hypothesis import strategies as st

from judging.domain.ledger.merkle import leaf_hash
from judging.notary import LogLost, Notary
from tests.notary.trees import ORIGIN, StoredLog, check, notary_in, said

if TYPE_CHECKING:
    from judging.notary import Growth

ACTS = ["grow", "grow", "grow", "commit", "late", "sign", "restart", "restore", "forge", "node"]
STEPS = st.tuples(st.sampled_from(ACTS), st.integers(0, 1), st.integers(0, 7))


@dataclass
class TwoProcesses:
    """Two notaries with one file, and one database, which somebody changes and brings back from earlier."""

    folder: Path
    log: StoredLog = field(default_factory=StoredLog)
    unsigned: list[tuple[Notary, Growth]] = field(default_factory=list)
    signed: dict[int, set[bytes]] = field(default_factory=lambda: defaultdict(set))
    number: int = 0

    def __post_init__(self) -> None:
        self.notaries = [notary_in(self.folder), notary_in(self.folder)]

    def commit(self, who: int, more: int) -> None:
        """A process looks before it appends, as the services do."""
        check(self.notaries[who], self.log)
        growth = self.log.grow(*(b"%d-%d" % (self.number, one) for one in range(1 + more % 3)))
        self.unsigned.append((self.notaries[who], growth))

    def late(self, _who: int, more: int) -> None:
        """What was committed is signed, perhaps after others."""
        if self.unsigned:
            notary, growth = self.unsigned.pop(more % len(self.unsigned))
            self._keep(notary.witness(growth, read=self.log.read))

    def grow(self, who: int, more: int) -> None:
        self.commit(who, more)
        self.late(who, -1)

    def sign(self, who: int, more: int) -> None:
        state = self.log.state(min(more, self.log.size))
        self._keep(self.notaries[who].sign(state, read=self.log.read))

    def restart(self, who: int, _more: int) -> None:
        self.notaries[who] = notary_in(self.folder)

    def restore(self, _who: int, more: int) -> None:
        del self.log.leaves[more:]

    def forge(self, _who: int, more: int) -> None:
        if self.log.leaves:
            self.log.leaves[more % self.log.size] = b"forged %d" % self.number

    def node(self, _who: int, more: int) -> None:
        self.log.forged[more % 3, more // 3] = leaf_hash(b"forged %d" % self.number)

    def _keep(self, note: bytes) -> None:
        checkpoint = said(self.folder, note)
        assert checkpoint.origin == ORIGIN
        self.signed[checkpoint.size].add(checkpoint.root)


# One process signs up to 4, the database goes back to 2, and the other, which knows of 2, would sign another 4.
@example(steps=[("grow", 0, 1), ("grow", 1, 1), ("restore", 0, 2), ("grow", 0, 1)])
# A new process is asked for an earlier state that hangs from a forged node, which the newest state does without.
@example(steps=[("grow", 0, 2), ("grow", 0, 0), ("sign", 0, 3), ("node", 0, 2), ("restart", 0, 0), ("sign", 0, 3)])
@given(steps=st.lists(STEPS, min_size=8, max_size=40))
@settings(max_examples=120)
def test_two_processes_never_sign_two_roots_of_one_size(steps: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as place:
        both = TwoProcesses(Path(place))
        for both.number, (act, who, more) in enumerate(steps):
            try:
                getattr(both, act)(who, more)
            except LogLost:
                continue
    assert {size: len(roots) for size, roots in both.signed.items() if len(roots) > 1} == {}
