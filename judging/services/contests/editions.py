"""The rules in force for a contest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.domain.edition import apply_settings
from judging.domain.rules import ContestRules
from judging.domain.structure import digest, from_plain, to_plain
from judging.errors import N_, ContestSuspended

if TYPE_CHECKING:
    from judging.db.models import Contest
    from judging.plugins import Registry


# What was read of stored rules, by their digest: each text is built into rules only once, and need not be loaded again.
_READ: dict[str, ContestRules] = {}
_MOST_READ = 128


def planned_rules(registry: Registry, contest: Contest) -> ContestRules:
    """The kind's rules with the contest's settings, as they would be pinned now.

    Raises ContestSuspended when the kind is not installed, and RulesError when the settings no longer fit the kind.
    """
    return apply_settings(registry.rules(contest.kind), contest.settings)


def contest_rules(registry: Registry, contest: Contest) -> ContestRules:
    """The rules to show: pinned ones once the contest has opened, the planned ones before.

    Pinned rules can be shown even when the kind's plugin is gone.
    """
    if contest.rules_digest is None:
        return planned_rules(registry, contest)
    read = _READ.get(contest.rules_digest)
    if read is None:
        if contest.rules is None:
            return planned_rules(registry, contest)
        read = from_plain(ContestRules, contest.rules)
        if digest(contest.rules) != contest.rules_digest:
            # Changed beside the program: what stands under this digest elsewhere is something else.
            return read
        if len(_READ) >= _MOST_READ:
            _READ.clear()
        _READ[contest.rules_digest] = read
    return read


def rules_in_force(registry: Registry, contest: Contest) -> ContestRules:
    """The rules to act by. Raises ContestSuspended when the kind is not installed or its rules have changed since."""
    current = registry.rules_digest(contest.kind)
    if contest.kind_digest is not None and contest.kind_digest != current:
        raise ContestSuspended(
            N_(
                "The rules of this contest kind changed since the contest opened."
                " An organiser must confirm an amendment."
            )
        )
    return contest_rules(registry, contest)


def why_suspended(registry: Registry, contest: Contest) -> ContestSuspended | None:
    """Why nothing can be done in the contest now, or None."""
    try:
        rules_in_force(registry, contest)
    except ContestSuspended as reason:
        return reason
    return None


def pin_rules(registry: Registry, contest: Contest) -> str:
    """Store the planned rules in the contest with their digest, and return the digest."""
    rules = planned_rules(registry, contest)
    contest.rules = to_plain(rules)
    contest.rules_digest = digest(rules)
    contest.kind_digest = registry.rules_digest(contest.kind)
    return contest.rules_digest
