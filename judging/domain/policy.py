"""Policies of endpoints, as data: who may call a view at all.

Every view declares one; a view without one stops the start-up. Finer rights (this entry, this phase) are predicates in
`permissions`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from judging.errors import N_, JudgingError

View = TypeVar("View", bound=Callable[..., Any])

PUBLIC = "public"
SIGNED_IN = "signed-in"
ATTRIBUTE = "judging_policy"

CONTEST_ROLES = frozenset(
    {
        "contestant", "guardian", "coauthor", "judge", "chair", "secretary", "organiser", "committee", "auditor",
        "administrator",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Policy:
    """Who may call a view: everyone (`public`), every signed-in person (`signed-in`), or holders of one of the roles.

    Roles are those in the contest that the address names; without a contest in the address only `administrator` counts.
    """

    names: frozenset[str]

    @property
    def is_public(self) -> bool:
        """Whether guests may call the view."""
        return PUBLIC in self.names

    def admits(self, roles: frozenset[str], *, signed_in: bool) -> bool:
        """Whether a person with these roles may call the view."""
        return self.is_public or (SIGNED_IN in self.names and signed_in) or bool(self.names & roles)


def policy(*names: str) -> Callable[[View], View]:
    """Declare who may call a view: `@policy("public")`, `@policy("signed-in")`, `@policy("organiser", "secretary")`.

    Raises JudgingError for an unknown name, so that a typing mistake cannot open a page.
    """
    unknown = set(names) - CONTEST_ROLES - {PUBLIC, SIGNED_IN}
    if unknown or not names:
        raise JudgingError(N_("“%(name)s” is no policy."), name=", ".join(sorted(unknown)) or "–")
    declared = Policy(frozenset(names))

    def declare(view: View) -> View:
        setattr(view, ATTRIBUTE, declared)
        return view

    return declare
