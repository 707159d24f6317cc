"""An entry that two persons gave to a judge in spite of a conflict: a leaf of which every check tells."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from judging.domain.ledger.canonical import sha256_hex
from judging.domain.ledger.faults import Exit, LeafError
from judging.domain.ledger.leaf_types import Assign
from judging.domain.ledger.leaves import leaf_bytes, read_leaf, time_text
from judging.verify.report import tell_act
from tests.ledger.bundles import check, failing
from tests.ledger.cases import LOW, ONE, TWO, A, B, C, rules
from tests.ledger.log_maker import BEGUN, HASH, LogMaker

if TYPE_CHECKING:
    from pathlib import Path

FORCED = Assign(
    round="first", assign_sha256=HASH, judge=TWO, entry=A, reason_sha256=HASH, by="p-0001", approved_by="p-0002"
)


def with_forced() -> LogMaker:
    """A whole contest in which the second judge was given one entry by two persons."""
    log = LogMaker(rules=rules(), boards={A: ("a", None), B: ("a", None), C: ("b", None)})
    log.open([ONE, TWO])
    log.assign("first", [(judge, entry) for judge in (ONE, TWO) for entry in (A, B, C) if (judge, entry) != (TWO, A)])
    log.plan["first"][A].add(TWO)
    log.add(replace(FORCED, assign_sha256=sha256_hex(bytes(log.assignment))))
    for judge in (ONE, TWO):
        for entry in (A, B, C):
            log.sheet("first", judge, entry, LOW)
    log.close_round("first")
    log.advance("first")
    log.assign("final", [(ONE, A), (ONE, B)])
    log.sheet("final", ONE, A, LOW)
    log.sheet("final", ONE, B, LOW)
    log.close_round("final")
    log.close()
    return log


def test_forced_reading_is_verified_and_told(tmp_path: Path) -> None:
    log = with_forced()

    outcome = check(log.write(tmp_path / "bundle"), log)

    assert (outcome.code, failing(outcome)) == (Exit.OK, [])
    (index, leaf) = next(one for one in outcome.acts if one[1]["type"] == "assign")
    assert index == 2
    assert tell_act(leaf, str) == (
        f"judge {TWO} was given entry {A} in spite of a conflict of interest, by p-0001, approved by p-0002"
    )


@pytest.mark.parametrize(
    "changes", [{"approved_by": "p-0001"}, {"approved_by": None}, {"reason_sha256": None}, {"judge": None}]
)
def test_forced_leaf_names_the_pair_the_reason_and_two_persons(changes: dict[str, Any]) -> None:
    whole = leaf_bytes(FORCED, contest="c", t=time_text(BEGUN), salt=bytes(32))
    assert read_leaf(whole)["judge"] == TWO

    with pytest.raises(LeafError):
        read_leaf(leaf_bytes(replace(FORCED, **changes), contest="c", t=time_text(BEGUN), salt=bytes(32)))
