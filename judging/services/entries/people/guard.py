"""What keeps an entry from being handed in until its people have agreed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from judging.domain.country import GivenBy
from judging.domain.values import Problem
from judging.errors import N_
from judging.services.entries.people.standing import MemberState, member_states
from judging.services.entries.people.terms import Terms, terms_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from sqlalchemy.orm import Session

    from judging.db.models import Entry
    from judging.domain.rules import ContestRules

CONSENTS = "consents"
GUARDIAN_MISSING, ASSENT_MISSING = "guardian-consent-missing", "own-assent-missing"
COAUTHOR_MISSING = "coauthor-missing"
_OF_CHILDREN = frozenset({GUARDIAN_MISSING, ASSENT_MISSING})

_SENTENCES = {
    GUARDIAN_MISSING: N_(
        "%(name)s: a father, mother or guardian has not agreed yet. Send the link, or hand out the paper form."
    ),
    ASSENT_MISSING: N_("%(name)s has not agreed yet. A child agrees too, alone or together with the guardian."),
    COAUTHOR_MISSING: N_("%(name)s has not confirmed yet. This contest asks every author; send the link."),
}


def check_consents(session: Session, *, entry: Entry, rules: ContestRules, on: date) -> tuple[Problem, ...]:
    """Whose agreement is missing: of children always, of grown-up authors where the contest asks for it."""
    terms = terms_of(session, contest=entry.contest, rules=rules)
    states = member_states(session, entry=entry, terms=terms, on=on)
    return tuple(
        Problem(code=code, message=_SENTENCES[code], params={"name": state.member.name or "–"}, where=CONSENTS)
        for state, code in _missing(states, terms)
    )


def lacks_a_childs_consent(problems: Iterable[Problem]) -> bool:
    """Whether a child's own or guardian's agreement is among what is missing: then not even a late entry is taken."""
    return any(problem.code in _OF_CHILDREN for problem in problems)


def _missing(states: Sequence[MemberState], terms: Terms) -> Iterator[tuple[MemberState, str]]:
    for state in states:
        if state.child:
            codes = {GivenBy.GUARDIAN: GUARDIAN_MISSING, GivenBy.SELF: ASSENT_MISSING}
            yield from ((state, codes[by]) for by in state.lacking)
        elif terms.coauthors_must and not state.confirmed:
            yield state, COAUTHOR_MISSING
