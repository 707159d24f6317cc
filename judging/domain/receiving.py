"""The code on a thing that is handed in: which entry, which item, and four letters that catch slips of the hand.

`ST-041-1-K7QM` is the first physical item of entry 41. The letters are those that people can tell apart (base32), and
are made of the contest too, so that a label of another contest is refused. A code is no secret: only the office, signed
in, can do anything with it.
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass

from judging.domain.fields import DossierItem, ItemKind
from judging.domain.rules import ContestRules

_CHECKS = 4
_CODE = re.compile(r"([A-Z0-9]+)-?0*(\d{1,8})-(\d{1,2})-?([A-Z2-7]{4})")
_LOOKALIKES = str.maketrans({"0": "O", "1": "I", "8": "B"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What a code names: the entry's number and the item."""

    number: int
    item: DossierItem


def physical_items(rules: ContestRules) -> tuple[DossierItem, ...]:
    """The items that are handed in at the office, in the rules' order."""
    return tuple(item for item in rules.dossier if item.kind is ItemKind.PHYSICAL)


def receiving_code(rules: ContestRules, *, contest_id: str, number: int, item: str) -> str:
    """The code of a physical item of entry `number`. Raises ValueError for an item that is none."""
    place = [one.key for one in physical_items(rules)].index(item) + 1
    return f"{rules.prefix}-{number:03d}-{place}-{_check(contest_id, number, item)}"


def read_code(rules: ContestRules, text: str, *, contest_id: str) -> Place | None:
    """What a typed or scanned code names; None when it is no code of this contest."""
    tidy = re.sub(r"\s", "", text).upper()
    head, _, check = tidy.rpartition("-")
    found = _CODE.fullmatch(f"{head}-{check.translate(_LOOKALIKES)}")
    items = physical_items(rules)
    if found is None or found.group(1) != rules.prefix.upper() or not 1 <= int(found.group(3)) <= len(items):
        return None
    number, item = int(found.group(2)), items[int(found.group(3)) - 1]
    return Place(number=number, item=item) if found.group(4) == _check(contest_id, number, item.key) else None


def _check(contest_id: str, number: int, item: str) -> str:
    made = hashlib.sha256(f"{contest_id}|{number}|{item}".encode()).digest()
    return base64.b32encode(made).decode()[:_CHECKS]
