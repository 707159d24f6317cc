"""The figures of the youth creativity contest, each against the published rule or the stated default."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from judging.api import ItemKind, Score, Standing, apply_settings
from judging_youth_creativity.reports import SEND_UP
from judging_youth_creativity.rules import RULES


def standing(entry: str, rank: int, score: Fraction) -> Standing:
    return Standing(entry=entry, rank=rank, score=Score(value=score, used=3), category="software")


def test_rubric_is_30_30_25_15_in_half_points() -> None:
    for judged in RULES.rounds:
        marks = [(criterion.key, int(criterion.maximum)) for criterion in judged.rubric.criteria]
        assert marks == [("novelty", 30), ("creativity", 30), ("applicability", 25), ("presentation", 15)]
        assert {scale.step for criterion in judged.rubric.criteria for _, _, scale in criterion.scales} == {
            Decimal("0.5")
        }


def test_prizes_are_1_2_3_15_and_two_side_prizes() -> None:
    assert [award.planned for award in RULES.awards if not award.special] == [1, 2, 3, 15]
    assert [award.key for award in RULES.awards if award.special] == ["most-entries", "most-active"]


def test_summary_headings_together_hold_two_pages() -> None:
    headings = ("idea", "construction", "operation", "novelty", "creativity", "applicability")
    words = {field.key: field.max_words for field in RULES.fields}

    assert [key for key in words if key in headings] == list(headings)
    assert sum(words[key] for key in headings) == 1040


def test_dossier_limits_and_what_only_the_office_sees() -> None:
    items = {item.key: item for item in RULES.dossier}

    assert items["summary"].max_pages == 2
    assert items["video"].max_seconds == 180
    assert items["model"].kind is ItemKind.PHYSICAL
    assert {key for key, item in items.items() if item.office_only} == {"proof_of_age", "school_confirmation"}


def test_answers_that_name_people_or_school_are_kept_from_judges() -> None:
    assert {field.key for field in RULES.fields if field.blind} == {"school", "school_class", "mentor", "adult_help"}


def test_children_need_birth_dates_and_their_pages_know_it() -> None:
    assert RULES.children
    assert (RULES.team.low, RULES.team.high, RULES.team.births, RULES.team.shares) == (1, 5, True, True)


@pytest.mark.parametrize(("places", "listed"), [(10, 11), (9, 9), (1, 1), (0, 0)])
def test_send_up_list_keeps_everyone_who_shares_the_last_place(places: int, listed: int) -> None:
    rules = apply_settings(RULES, {"send_up": places})
    standings = [standing(f"e-{number:02}", number, Fraction(100 - number)) for number in range(1, 10)]
    standings += [standing("e-10", 10, Fraction(200, 3)), standing("e-11", 10, Fraction(200, 3))]
    standings += [standing("e-12", 12, Fraction(60))]

    rows = SEND_UP.rows(rules, standings)

    assert len(rows) == listed
    assert rows[9:10] in ([], [["10", "e-10", "Software", "66.67"]])


def test_send_up_is_ten_by_an_official_figure() -> None:
    official = {setting.key for setting in RULES.settings if setting.official}

    assert RULES.value("send_up") == 10
    assert official == {"send_up"}
