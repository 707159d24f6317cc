"""Policies of views: who is let in, and that a typing mistake opens nothing."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.policy import ATTRIBUTE, CONTEST_ROLES, Policy, policy
from judging.domain.roles import Role
from judging.errors import JudgingError

ROLES = st.frozensets(st.sampled_from(sorted(CONTEST_ROLES)))


def declared(*names: str) -> Policy:
    @policy(*names)
    def view() -> None:
        """Nothing: only its policy is looked at."""

    found = getattr(view, ATTRIBUTE)
    assert isinstance(found, Policy)
    return found


@pytest.mark.parametrize("names", [(), ("organizer",), ("organiser", "Secretary"), ("",), ("public ",)])
def test_unknown_or_missing_name_is_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(JudgingError, match="is no policy"):
        policy(*names)


def test_declaring_gives_the_view_back_unchanged() -> None:
    def view() -> str:
        return "page"

    decorate: Callable[[Callable[[], str]], Callable[[], str]] = policy("public")
    assert decorate(view) is view


def test_roles_of_policies_are_the_roles_of_contests() -> None:
    assert {*CONTEST_ROLES, Role.PUBLIC.value} == {role.value for role in Role}


@given(roles=ROLES, signed_in=st.booleans())
def test_public_admits_everybody(roles: frozenset[str], signed_in: bool) -> None:
    assert declared("public").is_public
    assert declared("public").admits(roles, signed_in=signed_in)


@given(roles=ROLES)
def test_signed_in_admits_whoever_is_and_nobody_else(roles: frozenset[str]) -> None:
    assert declared("signed-in").admits(roles, signed_in=True)
    assert not declared("signed-in").admits(frozenset(), signed_in=False)


@given(names=ROLES.filter(bool), roles=ROLES)
def test_roles_admit_only_their_holders(names: frozenset[str], roles: frozenset[str]) -> None:
    assert declared(*names).admits(roles, signed_in=True) is bool(names & roles)


def test_guest_without_roles_is_never_admitted_by_a_role() -> None:
    assert not declared(*CONTEST_ROLES).admits(frozenset(), signed_in=False)
