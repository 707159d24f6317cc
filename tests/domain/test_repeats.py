"""Which entries come back, how far from their first showing, and the codes by which judges know them."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import Actor
from judging.domain.repeats import (
    ENTRIES_FOR_ONE,
    MOST,
    Place,
    can_read_consistency,
    can_set_repeats,
    fewest_between,
    place_repeats,
    reading_code,
    room_for,
    wanted_problems,
    why_not_repeated,
)
from judging.domain.roles import Role
from judging.domain.rules import RoundMode

counts = st.integers(0, 120)
wishes = st.integers(0, MOST)
seeds = st.text(max_size=8)


def order_of(entries: int) -> list[str]:
    return [f"e-{number}" for number in range(entries)]


@given(counts, wishes, seeds)
def test_places_are_as_many_as_there_is_room_for_and_far_from_the_first_showing(
    entries: int, wanted: int, seed: str
) -> None:
    order = order_of(entries)

    places = place_repeats(order, wanted=wanted, seed=seed, judge="j-1")

    assert len(places) == min(wanted, entries // ENTRIES_FOR_ONE)
    assert len({one.entry for one in places}) == len({one.after for one in places}) == len(places)
    for one in places:
        between = one.after - order.index(one.entry) - 1
        assert between >= fewest_between(entries) >= entries // 2
        assert one.after <= entries


@given(counts, wishes, seeds)
def test_same_data_give_the_same_places_and_a_judge_who_has_all_lacks_none(
    entries: int, wanted: int, seed: str
) -> None:
    order = order_of(entries)
    places = place_repeats(order, wanted=wanted, seed=seed, judge="j-1")

    assert place_repeats(order, wanted=wanted, seed=seed, judge="j-1") == places
    assert place_repeats(order, wanted=wanted, seed=seed, judge="j-1", shown=places) == ()


@given(st.integers(24, 120), seeds)
def test_what_a_judge_lacks_is_another_entry_in_another_place(entries: int, seed: str) -> None:
    order = order_of(entries)
    shown = place_repeats(order, wanted=1, seed=seed, judge="j-1")

    more = place_repeats(order, wanted=3, seed=seed, judge="j-1", shown=shown)

    assert len(more) == 2
    assert not {one.entry for one in shown} & {one.entry for one in more}
    assert not {one.after for one in shown} & {one.after for one in more}


def test_judges_and_seeds_draw_for_themselves() -> None:
    order = order_of(80)
    drawn = {
        place_repeats(order, wanted=2, seed=seed, judge=judge) for seed in ("a", "b", "c") for judge in ("j-1", "j-2")
    }

    assert len(drawn) > 1


def test_few_entries_leave_no_room() -> None:
    assert room_for(ENTRIES_FOR_ONE - 1, MOST) == 0
    assert room_for(ENTRIES_FOR_ONE, MOST) == 1
    assert room_for(1000, MOST) == MOST
    assert place_repeats(order_of(7), wanted=3, seed="s", judge="j", shown=[Place(entry="e-0", after=7)]) == ()


def test_numbers_out_of_range_are_named() -> None:
    assert not list(wanted_problems(0))
    assert not list(wanted_problems(MOST))
    assert [one.where for one in wanted_problems(MOST + 1)] == ["per_judge"]
    assert [one.where for one in wanted_problems(-1)] == ["per_judge"]


def test_rounds_in_which_a_repeat_would_be_known_say_why_there_is_none() -> None:
    assert why_not_repeated(blind=True, mode=RoundMode.DOSSIER) == ""
    assert "who made" in why_not_repeated(blind=False, mode=RoundMode.DOSSIER)
    for mode in set(RoundMode) - {RoundMode.DOSSIER}:
        assert "meet" in why_not_repeated(blind=True, mode=mode)


@given(st.uuids(), st.uuids())
def test_codes_follow_from_ids_and_look_alike(one: object, other: object) -> None:
    assert re.fullmatch(r"r-[0-9a-hjkmnp-tv-z]{6}", reading_code(str(one)))
    assert (reading_code(str(one)) == reading_code(str(other))) == (one == other)


def test_organisers_who_judge_neither_set_repeats_nor_read_what_they_showed() -> None:
    organiser = Actor(account_id="a", roles=frozenset({Role.ORGANISER}))
    both = Actor(account_id="a", roles=frozenset({Role.ORGANISER, Role.JUDGE}))
    auditor = Actor(account_id="a", roles=frozenset({Role.AUDITOR}))
    secretary = Actor(account_id="a", roles=frozenset({Role.SECRETARY}))
    judging = ContestPhase.JUDGING

    assert can_set_repeats(organiser, phase=judging)
    assert not can_set_repeats(organiser, phase=ContestPhase.PUBLISHED)
    assert not any(can_set_repeats(one, phase=judging) for one in (both, auditor, secretary))
    assert can_read_consistency(organiser)
    assert can_read_consistency(auditor)
    assert not any(can_read_consistency(one) for one in (both, secretary))
