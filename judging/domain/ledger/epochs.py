"""A new epoch of a log: after a restore that lost leaves, what is left is recorded anew under a new origin.

The old log cannot be continued: it has promised leaves that are gone. So a second log begins, which quotes the last
checkpoint of the first; receipts of the first are honoured by what they say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from judging.domain.ledger.canonical import canonical_json, to_base64
from judging.domain.ledger.faults import LeafError
from judging.domain.ledger.leaf_types import Restored
from judging.domain.ledger.leaves import Leaf, leaf_bytes, new_salt, read_leaf
from judging.errors import N_

LEFT_BEHIND = frozenset({"publish", "restored"})
"""What a new epoch does not take over: what it says was said of the old one."""

_POINTERS = ("supersedes", "target")


def carry_over(leaves: Iterable[bytes], *, t: str, reason_sha256: str, prev_checkpoint: str) -> Iterator[bytes]:
    """The leaves with which a new epoch begins: the old opening, `restored`, and all else that still counts, in order.

    `leaves` are those that the restored database holds (an erased one is empty), `t` is the time of all new ones,
    `prev_checkpoint` the newest signed checkpoint of the old epoch that is kept outside the database. Everything keeps
    its meaning: what named a leaf by its index names it by the new one. Raises LeafError where a leaf that others
    follow was erased.
    """
    places: dict[int, int] = {}
    for old, data in enumerate(leaves):
        if not data:
            continue
        leaf = read_leaf(data)
        new = len(places) + (1 if old else 0)
        if old == 0:
            yield _again({**leaf, "prev_checkpoint": prev_checkpoint}, t)
            body = Restored(reason_sha256=reason_sha256, prev_checkpoint=prev_checkpoint)
            yield leaf_bytes(body, contest=leaf["contest"], t=t)
        elif leaf["type"] not in LEFT_BEHIND:
            yield _again(_moved(leaf, new, places), t)
        else:
            continue
        places[old] = new


def _moved(leaf: Leaf, new: int, places: Mapping[int, int]) -> dict[str, Any]:
    moved = dict(leaf)
    if "inputs" in moved:
        moved["inputs"] = new
    for name in _POINTERS:
        if name in moved:
            place = places.get(moved[name])
            if place is None:
                raise LeafError(N_("A leaf follows one that was erased, and cannot be recorded anew."))
            moved[name] = place
    return moved


def _again(leaf: Mapping[str, Any], t: str) -> bytes:
    data = canonical_json({**leaf, "t": t, "salt": to_base64(new_salt())})
    read_leaf(data)
    return data
