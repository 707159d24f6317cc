"""Who asks, and what ties them to what they ask for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from judging.domain.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Somebody and their roles in the contest at hand; a guest has no account and no role."""

    account_id: str | None = None
    roles: frozenset[Role] = frozenset()
    judge_alias: str | None = None

    def has(self, *roles: Role) -> bool:
        """Whether the actor holds at least one of `roles`."""
        return not self.roles.isdisjoint(roles)


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What ties an actor to one entry. `recused` undoes `assigned`; `chairs` is heading the panel that scores it.

    `author` is the account that made it and may change it; a `coauthor` or `guardian` reads it.
    """

    author: bool = False
    coauthor: bool = False
    guardian: bool = False
    assigned: bool = False
    recused: bool = False
    chairs: bool = False

    @property
    def scores(self) -> bool:
        """Whether the actor is a judge of this entry now."""
        return self.assigned and not self.recused


DESK = (Role.SECRETARY, Role.ORGANISER)
SECOND_PERSONS = (Role.ORGANISER, Role.COMMITTEE)
READERS = (Role.SECRETARY, Role.ORGANISER, Role.COMMITTEE, Role.AUDITOR)
JUDGES = (Role.JUDGE, Role.CHAIR)


def is_party(actor: Actor, relation: Relation) -> bool:
    """Whether the actor has marks of the contest, or the entry, at heart."""
    people = relation.author or relation.coauthor or relation.guardian
    return people or relation.assigned or relation.chairs or actor.has(*JUDGES)


def judges_it(actor: Actor, relation: Relation) -> bool:
    """Whether the actor reads the entry as its judge, or heads the panel that does."""
    judge = actor.has(*JUDGES) and relation.scores
    return judge or (actor.has(Role.CHAIR) and relation.chairs)


def roles_of(names: Collection[str]) -> frozenset[Role]:
    """Roles by their stored names. Raises ValueError for a name that is no role."""
    return frozenset(Role(name) for name in names)
