"""The documents beside a log: what the contest is judged by, as the exact bytes whose hashes the log holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from judging.domain.ledger.canonical import canonical_json, read_canonical, sha256_hex
from judging.domain.ledger.faults import LeafError
from judging.domain.ledger.fold import RULES_PARAM
from judging.domain.ledger.leaf_fields import is_entry, is_judge, is_key
from judging.domain.ledger.leaf_types import Open
from judging.domain.ledger.sheet_book import Plan
from judging.domain.ledger.tally import Belongs
from judging.domain.rules import ContestRules
from judging.domain.structure import canonical_bytes, from_plain
from judging.errors import N_, RulesError

ROSTER_FORMAT = "contest-roster@v1"
ASSIGNMENT_FORMAT = "contest-assign@v1"
MOST_IN_LEAF = 200
"""A panel of more judges stands in roster.json alone: a leaf holds 16 KiB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Assignment:
    """Who judges what: every entry with category and division, and for each round the judges of each entry.

    `plan` holds all readings that were ever assigned, those of recused and replaced judges too.
    """

    boards: Belongs
    plan: Plan

    def __bytes__(self) -> bytes:
        document = {
            "format": ASSIGNMENT_FORMAT,
            "entries": {
                alias: {"category": category, "division": division}
                for alias, (category, division) in self.boards.items()
            },
            "rounds": {
                key: {entry: sorted(judges) for entry, judges in entries.items()} for key, entries in self.plan.items()
            },
        }
        return canonical_json(document)

    @classmethod
    def parse(cls, data: bytes) -> Assignment:
        """Read assign.json. Raises LeafError."""
        document = read_canonical(data)
        try:
            if document["format"] != ASSIGNMENT_FORMAT:
                raise ValueError(document["format"])
            boards = {alias: _belongs(alias, board) for alias, board in document["entries"].items()}
            plan = {
                _checked(key, is_key(key)): {entry: _judges(entry, judges) for entry, judges in entries.items()}
                for key, entries in document["rounds"].items()
            }
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise LeafError(N_("%(file)s cannot be read."), file="assign.json") from error
        return cls(boards=boards, plan=plan)


def rules_bytes(rules: ContestRules) -> bytes:
    """rules.json: the rules in force, as their digest is taken of."""
    return canonical_bytes(rules)


def read_rules(data: bytes) -> ContestRules:
    """Read rules.json. Raises RulesError for rules that are none, or of a later version of the product."""
    try:
        plain = read_canonical(data)
    except LeafError as error:
        raise RulesError(error.message, **error.params) from error
    return from_plain(ContestRules, plain)


def rubric_bytes(rules: ContestRules) -> bytes:
    """rubric.json: the rubric of each round by its key, as the rules hold them."""
    return canonical_bytes({judged.key: judged.rubric for judged in rules.rounds})


def roster_bytes(judges: Iterable[Mapping[str, str]]) -> bytes:
    """roster.json: every judge's alias, and the key of their device where there is one."""
    seats = sorted((dict(judge) for judge in judges), key=lambda seat: seat["judge"])
    return canonical_json({"format": ROSTER_FORMAT, "judges": seats})


def plugins_bytes(plugins: Mapping[str, str]) -> bytes:
    """plugins.json: the version of each plugin in use by its name."""
    return canonical_json(dict(plugins))


def opening(
    *,
    rules: ContestRules,
    judges: Iterable[Mapping[str, str]],
    assignment: Assignment,
    plugins: Mapping[str, str],
    prev_checkpoint: str | None = None,
) -> Open:
    """The body of a log's first leaf."""
    seats = sorted((dict(judge) for judge in judges), key=lambda seat: seat["judge"])
    return Open(
        rubric_sha256=sha256_hex(rubric_bytes(rules)),
        rule={
            "name": rules.key,
            "version": rules.version,
            "params": {RULES_PARAM: sha256_hex(rules_bytes(rules))},
            "ties": ",".join(rules.tie_breaks) or "shared",
        },
        assign_sha256=sha256_hex(bytes(assignment)),
        roster=seats if len(seats) <= MOST_IN_LEAF else (),
        roster_sha256=sha256_hex(roster_bytes(seats)),
        plugins_sha256=sha256_hex(plugins_bytes(plugins)),
        prev_checkpoint=prev_checkpoint,
    )


def _belongs(alias: str, board: Mapping[str, Any]) -> tuple[str, str | None]:
    category, division = board["category"], board["division"]
    sound = is_entry(alias) and len(board) == 2 and is_key(category) and (division is None or is_key(division))
    return _checked(category, sound), division


def _judges(entry: str, judges: Any) -> frozenset[str]:
    _checked(entry, is_entry(entry) and isinstance(judges, list) and all(map(is_judge, judges)))
    return frozenset(judges)


def _checked(key: str, sound: bool) -> str:  # noqa: FBT001  # a test and what passed it
    if not sound:
        raise ValueError(key)
    return key
