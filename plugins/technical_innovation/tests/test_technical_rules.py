"""The figures of the technical innovation contest, each against the published rule or the stated default."""

from __future__ import annotations

from judging_technical_innovation.rules import RULES


def test_rubric_is_40_30_30_with_its_sub_criteria() -> None:
    for judged in RULES.rounds:
        criteria = {criterion.key: criterion for criterion in judged.rubric.criteria}
        assert {key: int(criterion.maximum) for key, criterion in criteria.items()} == {
            "novelty": 40,
            "applicability": 30,
            "effect": 30,
        }
        assert [part.scale.high for part in criteria["novelty"].parts] == [20, 20]
        assert [part.scale.high for part in criteria["effect"].parts] == [15, 10, 5]


def test_prizes_are_1_2_3_10_and_three_side_prizes() -> None:
    assert [award.planned for award in RULES.awards if not award.special] == [1, 2, 3, 10]
    assert [award.key for award in RULES.awards if award.special] == [
        "youngest-author",
        "oldest-author",
        "ethnic-minority-author",
    ]


def test_papers_that_show_names_and_stamps_are_for_the_office_only() -> None:
    assert [item.key for item in RULES.dossier if item.office_only] == ["registration", "application"]


def test_answers_that_name_the_unit_or_the_people_are_kept_from_judges() -> None:
    assert {field.key for field in RULES.fields if field.blind} == {"unit", "earlier_prizes", "ethnic_minority"}


def test_questions_that_decide_are_asked_before_the_form() -> None:
    assert [field.key for field in RULES.fields if field.decides] == ["created_year", "applied_year", "prized"]


def test_settings_are_our_own_defaults() -> None:
    assert [setting.key for setting in RULES.settings if setting.official] == []
    assert (RULES.value("applied_since"), RULES.value("prized_allowed")) == (0, False)
