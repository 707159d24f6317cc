"""Score sheets on paper: the code that says whose sheet of what it is, and where two typings of it differ.

`ST-041-4K7P2Z-K7QM` is the sheet of judge `j-4k7p2z` for entry 41. The last four letters are made of the contest, the
round and the rubric too: a sheet of another round, or printed before the rubric changed, is told from one that counts.
A code is no secret: only the office, signed in, can do anything with it.
"""

from __future__ import annotations

import base64
import hashlib
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from judging.domain.aliases import JUDGE_PREFIX

_CHECKS = 4
_CODE = re.compile(r"(?P<prefix>[A-Z0-9]+)-?0*(?P<number>\d{1,8})-(?P<judge>[0-9A-Z]{4,32})-?(?P<check>[A-Z2-7]{4})")
_LOOKALIKES = str.maketrans({"0": "O", "1": "I", "8": "B"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperPlace:
    """What a code names: the entry's number, the judge's alias, and the letters that tell round and rubric."""

    number: int
    judge: str
    check: str


class Typed(StrEnum):
    """What two people can type differently."""

    MARK = "mark"
    COMMENT = "comment"
    OVERALL = "overall"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One place at which two typings differ: a mark key, a criterion key, or "" for the comment on the whole."""

    what: Typed
    key: str
    first: str
    second: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperContent:
    """A sheet as one person typed it off the paper: marks by mark key, comments by criterion key."""

    marks: Mapping[str, Decimal]
    comments: Mapping[str, str]
    comment: str


def paper_check(*, contest_id: str, round_key: str, number: int, judge: str, rubric: str) -> str:
    """The last letters of a code. `judge` is an alias, `rubric` the digest of the rubric that is printed."""
    made = hashlib.sha256(f"{contest_id}|{round_key}|{number}|{judge}|{rubric}".encode()).digest()
    return base64.b32encode(made).decode()[:_CHECKS]


def paper_code(prefix: str, *, number: int, judge: str, check: str) -> str:
    """The code as it is printed."""
    return f"{prefix}-{number:03d}-{judge.removeprefix(JUDGE_PREFIX).upper()}-{check}"


def read_paper_code(prefix: str, text: str) -> PaperPlace | None:
    """What a typed or scanned code names; None when it is no code of such a sheet."""
    tidy = re.sub(r"\s", "", text).upper()
    head, _, check = tidy.rpartition("-")
    found = _CODE.fullmatch(f"{head}-{check.translate(_LOOKALIKES)}")
    if found is None or found["prefix"] != prefix.upper():
        return None
    return PaperPlace(number=int(found["number"]), judge=JUDGE_PREFIX + found["judge"].lower(), check=found["check"])


def differences(first: PaperContent, second: PaperContent, keys: Sequence[str]) -> tuple[Difference, ...]:
    """Where two typings of one paper differ, marks in the order of `keys`, then comments.

    Marks are compared as numbers: 8,5 and 8.50 are the same. Comments are compared as words: spaces, capitals and the
    ways of writing one Vietnamese letter do not matter, every other letter does.
    """
    found = [
        Difference(what=Typed.MARK, key=key, first=_number(first.marks.get(key)), second=_number(second.marks.get(key)))
        for key in keys
        if first.marks.get(key) != second.marks.get(key)
    ]
    criteria = list(dict.fromkeys([*first.comments, *second.comments]))
    found += [
        Difference(what=Typed.COMMENT, key=key, first=mine, second=theirs)
        for key in criteria
        if not _same(mine := first.comments.get(key, ""), theirs := second.comments.get(key, ""))
    ]
    if not _same(first.comment, second.comment):
        found.append(Difference(what=Typed.OVERALL, key="", first=first.comment, second=second.comment))
    return tuple(found)


def _number(mark: Decimal | None) -> str:
    return "" if mark is None else format(mark.normalize(), "f") if mark else "0"


def _same(first: str, second: str) -> bool:
    return _words(first) == _words(second)


def _words(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())
