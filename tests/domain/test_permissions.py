"""Who may do and see what: each "may not" stands beside a "may"."""

import inspect
from collections.abc import Callable
from itertools import combinations, product

import pytest

from judging.domain import permissions
from judging.domain.lifecycle import ContestPhase, EntryState, SheetState
from judging.domain.permissions import Actor, Relation, Role

NOBODY = Relation()
ASSIGNED = Relation(assigned=True)
RECUSED = Relation(assigned=True, recused=True)
CHAIRS = Relation(chairs=True)
AUTHOR = Relation(author=True)

GUEST = Actor()


def actor(*roles: str) -> Actor:
    return Actor(account_id="someone", roles=frozenset(Role(role) for role in roles))


def who(question: Callable[[Actor], bool]) -> set[str]:
    """The single roles for which the question is answered with yes."""
    return {role.value for role in Role if question(actor(role))}


OFFICE = {"secretary", "organiser", "committee", "auditor"}


def test_can_edit_entry_is_for_its_authors_while_open_or_returned() -> None:
    may = permissions.can_edit_entry
    author = actor("contestant")

    assert may(author, AUTHOR, state=EntryState.DRAFT, phase=ContestPhase.OPEN)
    assert may(author, AUTHOR, state=EntryState.RETURNED, phase=ContestPhase.SCREENING)
    assert not may(author, AUTHOR, state=EntryState.DRAFT, phase=ContestPhase.CLOSED)
    assert not may(author, AUTHOR, state=EntryState.RETURNED, phase=ContestPhase.JUDGING)
    assert not may(author, AUTHOR, state=EntryState.SUBMITTED, phase=ContestPhase.OPEN)
    assert not may(author, NOBODY, state=EntryState.DRAFT, phase=ContestPhase.OPEN)
    assert not may(GUEST, AUTHOR, state=EntryState.DRAFT, phase=ContestPhase.OPEN)
    assert who(lambda one: may(one, NOBODY, state=EntryState.DRAFT, phase=ContestPhase.OPEN)) == set()


def test_can_see_entry_is_for_the_office_its_people_and_its_judges() -> None:
    may = permissions.can_see_entry

    assert who(lambda one: may(one, NOBODY)) == OFFICE
    assert may(actor("judge"), ASSIGNED)
    assert may(actor("chair"), CHAIRS)
    assert not may(actor("judge"), CHAIRS)
    assert may(actor("contestant"), AUTHOR)
    assert may(actor("guardian"), Relation(guardian=True))
    assert not may(GUEST, NOBODY)


def test_a_recusal_closes_the_entry_at_once_whatever_else_the_judge_is() -> None:
    judge_and_organiser = actor("judge", "organiser")

    assert permissions.can_see_entry(judge_and_organiser, ASSIGNED)
    assert not permissions.can_see_entry(judge_and_organiser, RECUSED)
    assert not permissions.can_see_file(judge_and_organiser, RECUSED, office_only=False)
    assert not permissions.can_see_sheets(judge_and_organiser, RECUSED, own=True, locked=True)


def test_can_see_file_keeps_office_papers_from_judges_and_committee() -> None:
    may = permissions.can_see_file

    assert may(actor("judge"), ASSIGNED, office_only=False)
    assert not may(actor("judge"), ASSIGNED, office_only=True)
    assert may(actor("contestant"), AUTHOR, office_only=True)
    assert who(lambda one: may(one, NOBODY, office_only=True)) == {"secretary", "organiser", "auditor"}


def test_can_see_author_names_hides_them_from_judges_of_a_blind_round() -> None:
    may = permissions.can_see_author_names

    assert not may(actor("judge"), ASSIGNED, blind=True)
    assert may(actor("judge"), ASSIGNED, blind=False)
    assert not may(actor("judge", "organiser"), ASSIGNED, blind=True)
    assert not may(actor("chair"), CHAIRS, blind=True)
    assert may(actor("contestant"), AUTHOR, blind=True)
    assert who(lambda one: may(one, NOBODY, blind=True)) == OFFICE


@pytest.mark.parametrize(
    ("question", "roles"),
    [
        (lambda one: permissions.can_screen(one, phase=ContestPhase.SCREENING), {"secretary", "organiser"}),
        (lambda one: permissions.can_screen(one, phase=ContestPhase.JUDGING), set()),
        (permissions.can_decide_late, {"organiser"}),
        (lambda one: permissions.can_configure(one, phase=ContestPhase.DRAFT), {"organiser"}),
        (lambda one: permissions.can_configure(one, phase=ContestPhase.ARCHIVED), set()),
        (permissions.can_manage_people, {"organiser", "administrator"}),
        (lambda one: permissions.can_assign(one, phase=ContestPhase.JUDGING), {"secretary", "organiser"}),
        (lambda one: permissions.can_assign(one, phase=ContestPhase.PUBLISHED), set()),
        (lambda one: permissions.can_publish(one, phase=ContestPhase.JUDGING), {"organiser"}),
        (lambda one: permissions.can_publish(one, phase=ContestPhase.OPEN), set()),
        (lambda one: permissions.can_grant_awards(one, phase=ContestPhase.DELIBERATION), {"organiser"}),
        (lambda one: permissions.can_grant_awards(one, phase=ContestPhase.POSTED), set()),
        (permissions.can_see_audit_log, {"organiser", "auditor"}),
        (permissions.can_see_entry_list, OFFICE),
        (permissions.can_see_progress, OFFICE),
    ],
)
def test_office_rights_by_role(question: Callable[[Actor], bool], roles: set[str]) -> None:
    assert who(question) == roles


def test_can_score_is_for_the_judge_of_the_entry_while_the_sheet_is_open() -> None:
    may = permissions.can_score
    judge = actor("judge")

    for state in ("assigned", "draft", "reopened"):
        assert may(judge, ASSIGNED, state=SheetState(state), phase=ContestPhase.JUDGING)
    for state in ("submitted", "recused", "reassigned", "written-off"):
        assert not may(judge, ASSIGNED, state=SheetState(state), phase=ContestPhase.JUDGING)
    assert not may(judge, ASSIGNED, state=SheetState.DRAFT, phase=ContestPhase.DELIBERATION)
    assert not may(judge, ASSIGNED, state=SheetState.DRAFT, phase=ContestPhase.JUDGING, round_open=False)
    assert not may(judge, RECUSED, state=SheetState.DRAFT, phase=ContestPhase.JUDGING)
    assert not may(judge, NOBODY, state=SheetState.DRAFT, phase=ContestPhase.JUDGING)
    own = Relation(assigned=True, author=True)
    assert not may(judge, own, state=SheetState.DRAFT, phase=ContestPhase.JUDGING)
    assert not may(actor("organiser"), ASSIGNED, state=SheetState.DRAFT, phase=ContestPhase.JUDGING)


def test_can_recuse_is_for_the_judge_of_the_entry() -> None:
    assert permissions.can_recuse(actor("judge"), ASSIGNED)
    assert not permissions.can_recuse(actor("judge"), RECUSED)
    assert not permissions.can_recuse(actor("organiser"), ASSIGNED)


@pytest.mark.parametrize(
    ("may", "roles"),
    [
        (permissions.can_reopen_sheet, {"secretary", "organiser", "chair"}),
        (permissions.can_write_off, {"organiser", "chair"}),
    ],
)
def test_can_reopen_and_write_off_by_role(may: Callable[..., bool], roles: set[str]) -> None:
    assert who(lambda one: may(one, CHAIRS, phase=ContestPhase.JUDGING)) == roles
    assert who(lambda one: may(one, NOBODY, phase=ContestPhase.JUDGING)) == roles - {"chair"}
    assert who(lambda one: may(one, CHAIRS, phase=ContestPhase.PUBLISHED)) == set()


def test_nobody_reopens_their_own_sheet_whatever_their_office() -> None:
    """Or they would read the others' totals, and mark again."""
    own = Relation(assigned=True, chairs=True)
    for roles in (("chair",), ("chair", "judge"), ("organiser", "judge"), ("secretary", "chair")):
        assert permissions.can_reopen_sheet(actor(*roles), CHAIRS, phase=ContestPhase.JUDGING)
        assert not permissions.can_reopen_sheet(actor(*roles), own, phase=ContestPhase.JUDGING)


def test_is_override_time_ends_with_approval_and_comes_back_with_a_withdrawn_publication() -> None:
    may = permissions.is_override_time

    assert {one.value for one in ContestPhase if may(one, withdrawn=False)} == {"judging", "deliberation", "recheck"}
    assert {one.value for one in ContestPhase if may(one, withdrawn=True)} == {
        "judging", "deliberation", "recheck", "published",
    }  # fmt: skip


def test_can_propose_override_is_for_organisers_who_have_nothing_to_do_with_the_entry() -> None:
    may = permissions.can_propose_override

    assert who(lambda one: may(one, NOBODY, locked=True)) == {"organiser"}
    assert who(lambda one: may(one, NOBODY, locked=False)) == set()
    assert not may(actor("organiser", "judge"), NOBODY, locked=True)
    for tie in (AUTHOR, ASSIGNED, RECUSED, CHAIRS, Relation(guardian=True)):
        assert not may(actor("organiser"), tie, locked=True)


def test_can_decide_override_is_for_a_second_person() -> None:
    may = permissions.can_decide_override

    assert who(lambda one: may(one, NOBODY, proposed_by="another")) == {"organiser", "committee"}
    assert who(lambda one: may(one, NOBODY, proposed_by="someone")) == set()
    assert not may(Actor(roles=frozenset({Role.ORGANISER})), NOBODY, proposed_by="another")
    for tie in (AUTHOR, ASSIGNED, RECUSED, CHAIRS, Relation(guardian=True)):
        assert not may(actor("committee"), tie, proposed_by="another")


@pytest.mark.parametrize("judge", ["judge", "chair"])
def test_no_office_lets_whoever_judges_into_decisions_over_sheets(judge: str) -> None:
    for others in combinations(Role, 2):
        one = actor(judge, *others)
        assert not permissions.can_propose_override(one, NOBODY, locked=True)
        assert not permissions.can_decide_override(one, NOBODY, proposed_by="another")
        assert not permissions.can_see_overrides(one)


def test_can_withdraw_override_is_for_whoever_proposed_it() -> None:
    may = permissions.can_withdraw_override

    assert who(lambda one: may(one, proposed_by="someone")) == {"organiser"}
    assert who(lambda one: may(one, proposed_by="another")) == set()
    assert not may(Actor(roles=frozenset({Role.ORGANISER})), proposed_by="another")


def test_can_see_overrides_is_for_the_office_and_second_persons() -> None:
    assert who(permissions.can_see_overrides) == OFFICE


def test_can_see_judge_effects_is_for_organiser_and_auditor_without_a_stake() -> None:
    may = permissions.can_see_judge_effects

    assert who(lambda one: may(one, NOBODY)) == {"organiser", "auditor"}
    for near in (ASSIGNED, CHAIRS, AUTHOR, Relation(coauthor=True), Relation(guardian=True)):
        assert {role for role in Role if may(actor(role), near)} == set()
    for office, judge in product(("organiser", "auditor"), ("judge", "chair")):
        assert not may(actor(office, judge), NOBODY)


def test_can_see_sheets_of_others_only_once_locked() -> None:
    may = permissions.can_see_sheets

    assert who(lambda one: may(one, ASSIGNED, own=True, locked=False)) == {"judge", "chair"}
    assert who(lambda one: may(one, ASSIGNED, own=False, locked=False)) == {"auditor"}
    assert who(lambda one: may(one, NOBODY, own=False, locked=True)) == OFFICE
    assert who(lambda one: may(one, ASSIGNED, own=False, locked=True)) == OFFICE | {"judge", "chair"}
    assert who(lambda one: may(one, CHAIRS, own=False, locked=False)) == {"auditor"}
    assert who(lambda one: may(one, AUTHOR, own=False, locked=True)) == set()
    # An office gives whoever judges in the contest no marks of entries that others score.
    assert {one for one in OFFICE if may(actor("judge", one), NOBODY, own=False, locked=True)} == set()


def test_whoever_judges_sees_no_foreign_marks_before_the_lock_whatever_else_they_are() -> None:
    for others in combinations(Role, 2):
        judge = actor("judge", *others)
        assert not permissions.can_see_sheets(judge, ASSIGNED, own=False, locked=False)
        assert not permissions.can_see_progress(judge)


def test_can_see_standings_before_publication() -> None:
    may = permissions.can_see_standings

    assert who(lambda one: may(one, phase=ContestPhase.JUDGING)) == OFFICE
    assert who(lambda one: may(one, phase=ContestPhase.DELIBERATION)) == OFFICE
    assert not may(actor("judge", "organiser"), phase=ContestPhase.JUDGING)
    assert not may(actor("chair", "organiser"), phase=ContestPhase.DELIBERATION)


def test_can_see_panel_standings_from_deliberation_until_publication() -> None:
    may = permissions.can_see_panel_standings

    open_in = {phase for phase in ContestPhase if may(actor("chair"), phase=phase)}
    assert open_in == {
        ContestPhase.DELIBERATION, ContestPhase.APPROVED, ContestPhase.POSTED, ContestPhase.DECIDED,
        ContestPhase.RECHECK,
    }  # fmt: skip
    assert who(lambda one: may(one, phase=ContestPhase.DELIBERATION)) == {"chair"}


@pytest.mark.parametrize("phase", ContestPhase)
def test_nothing_of_a_result_is_public_before_its_phase(phase: ContestPhase) -> None:
    published = phase in {ContestPhase.PUBLISHED, ContestPhase.ARCHIVED}
    posted = published or phase in {ContestPhase.POSTED, ContestPhase.DECIDED}

    for someone in (GUEST, actor("public"), actor("contestant"), actor("judge"), actor("administrator")):
        assert permissions.can_see_standings(someone, phase=phase) is published
        assert permissions.can_see_results(someone, phase=phase) is published
        assert permissions.can_see_posting(someone, phase=phase) is posted


def test_the_auditor_changes_nothing() -> None:
    reads = {name for name in permissions.__all__ if name.startswith("can_see_")}
    writes = {name for name in permissions.__all__ if name.startswith("can_")} - reads

    for name in writes:
        function = getattr(permissions, name)
        wanted = inspect.signature(function).parameters
        for relation in (NOBODY, ASSIGNED, CHAIRS):
            for phase in ContestPhase:
                for state, proposer in product((*EntryState, *SheetState), ("someone", "another")):
                    more = {
                        "phase": phase, "state": state, "relation": relation, "locked": True, "proposed_by": proposer,
                    }  # fmt: skip
                    options = {key: value for key, value in more.items() if key in wanted}
                    assert not function(actor("auditor"), **options)


def test_roles_of_refuses_a_name_that_is_no_role() -> None:
    assert permissions.roles_of(["judge", "chair"]) == {Role.JUDGE, Role.CHAIR}
    with pytest.raises(ValueError, match="king"):
        permissions.roles_of(["king"])
