"""What each field of a leaf may hold. A name means the same wherever it stands, but for a few that say where."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

Check = Callable[[Any], bool]

DECIMAL = re.compile(r"-?[0-9]{1,6}(\.[0-9]{1,6})?")
TIME = re.compile(
    r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12][0-9]|3[01])T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\.[0-9]{3}Z"
)
SMALL = 1_000_000_000

_KEY = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
MARK_KEY = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*(?:\.[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*)?")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_HEX = re.compile(r"[0-9a-f]{64}")
_RUBRIC = re.compile(r"[0-9a-z]+(?:-[0-9a-z]+)*")
_BASE64_32 = re.compile(r"[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=")
_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?")
_JUDGE = re.compile(r"j-[0-9a-z]{4,32}")
_ENTRY = re.compile(r"e-[0-9a-z]{4,32}")
_PERSON = re.compile(r"system|[a-z]{1,12}-[0-9a-z]{4,64}")
_LONGEST_TEXT = 2000
_MOST_IN_LIST = 1000
_ROUND_EVENTS = frozenset({"closed", "advanced"})
_AMENDED = frozenset({"rules", "dates", "plugins"})
_LEVELS = frozenset({"public-sheets", "auditor-sheets", "commitments-only"})
_SUBJECTS = frozenset({"tie", "award", "recognition"})
_LEFT_RIGHT = frozenset({"left", "right", "tie"})
_RULE = {"name", "params", "ties", "version"}


def matches(pattern: re.Pattern[str], *, most: int = _LONGEST_TEXT) -> Check:
    """A check for a text that the whole of `pattern` matches."""
    fits = pattern.fullmatch
    return lambda value: type(value) is str and len(value) <= most and fits(value) is not None


def is_text(value: Any) -> bool:
    """A text with something in it."""
    return type(value) is str and 0 < len(value) <= _LONGEST_TEXT


def is_number(value: Any) -> bool:
    """A small integer from 0 up."""
    return type(value) is int and 0 <= value <= SMALL


is_key = matches(_KEY, most=60)
is_slug = matches(_SLUG, most=100)
is_judge = matches(_JUDGE)
is_entry = matches(_ENTRY)
is_person = matches(_PERSON)
is_hash = matches(_HEX)
is_time = matches(TIME)
is_salt = matches(_BASE64_32)
is_decimal = matches(DECIMAL)
_is_mark = matches(MARK_KEY, most=121)
_is_bytes = matches(_BASE64, most=16_000)


def one_of(values: frozenset[str]) -> Check:
    """A check for one of a few words."""
    return lambda value: type(value) is str and value in values


def is_scores(value: Any) -> bool:
    """Marks by mark key, as decimal strings."""
    return isinstance(value, dict) and all(map(_is_mark, value)) and all(map(is_decimal, value.values()))


def _is_flag(value: Any) -> bool:
    return type(value) is bool


def _is_true(value: Any) -> bool:
    return value is True


def _is_version(value: Any) -> bool:
    return is_number(value) and value > 0


def _is_rule(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() == _RULE
        and is_key(value["name"])
        and is_text(value["version"])
        and type(value["ties"]) is str
        and isinstance(value["params"], dict)
        and all(is_key(key) and is_text(text) for key, text in value["params"].items())
    )


def _is_roster(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= _MOST_IN_LIST and all(map(_is_seat, value))


def _is_seat(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.keys() in ({"judge"}, {"judge", "key"})
        and is_judge(value["judge"])
        and is_text(value.get("key", "-"))
    )


def _is_counts(value: Any) -> bool:
    return isinstance(value, dict) and all(is_text(key) and is_number(number) for key, number in value.items())


def _is_outcome(value: Any) -> bool:
    """What a vote decided: an order of the entries that shared a rank, or a yes or no on one entry."""
    if not isinstance(value, dict):
        return False
    if value.keys() == {"round", "order"}:
        order = value["order"]
        return is_key(value["round"]) and isinstance(order, list) and _is_order(order)
    shape = value.keys() in ({"entry", "given"}, {"entry", "given", "level"})
    return shape and is_entry(value["entry"]) and _is_flag(value["given"]) and is_key(value.get("level", "level"))


def _is_order(order: list[Any]) -> bool:
    return 2 <= len(order) <= _MOST_IN_LIST and all(map(is_entry, order)) and len(set(order)) == len(order)


FIELDS: Mapping[str, Check] = {
    "abstain": _is_flag,
    "approved_by": is_person,
    "assign_sha256": is_hash,
    "board": is_key,
    "by": is_person,
    "comment_sha256": is_hash,
    "consensus": _is_true,
    "contest": is_slug,
    "count": is_number,
    "counts": _is_counts,
    "digest": is_hash,
    "entry": is_entry,
    "event": one_of(_ROUND_EVENTS),
    "exclude": _is_true,
    "inputs": is_number,
    "judge": is_judge,
    "key": is_text,
    "left": is_entry,
    "level": is_key,
    "log": is_text,
    "manifest_sha256": is_hash,
    "minutes_sha256": is_hash,
    "new": is_text,
    "old": is_text,
    "plugins_sha256": is_hash,
    "prev_checkpoint": is_text,
    "ranking_sha256": is_hash,
    "reason_sha256": is_hash,
    "right": is_entry,
    "root": is_hash,
    "roster": _is_roster,
    "roster_sha256": is_hash,
    "round": is_key,
    "rubric": matches(_RUBRIC, most=64),
    "rubric_sha256": is_hash,
    "rule": _is_rule,
    "salt": is_salt,
    "scores": is_scores,
    "sheets": is_number,
    "sig": _is_bytes,
    "subject": one_of(_SUBJECTS),
    "supersedes": is_number,
    "t": is_time,
    "target": is_number,
    "ver": _is_version,
    "what": is_text,
}
FIELDS_OF: Mapping[tuple[str, str], Check] = {
    ("amend", "what"): one_of(_AMENDED),
    ("comparison", "outcome"): one_of(_LEFT_RIGHT),
    ("publish", "level"): one_of(_LEVELS),
    ("vote", "outcome"): _is_outcome,
}
"""Fields that mean something else in one type of leaf."""
