"""The figures of the innovative start-ups contest, each against the published rule or the stated default."""

from __future__ import annotations

from judging.api import Board, Quota, RoundMode
from judging_startup.rules import RULES

WEIGHTS = {"innovation": 20, "growth": 25, "plan": 20, "resources": 10, "impact": 15, "presentation": 10}


def test_tracks_are_idea_and_project() -> None:
    assert [division.key for division in RULES.divisions] == ["idea", "project"]


def test_criteria_have_the_same_maxima_in_every_round_they_stand_in() -> None:
    for judged in RULES.rounds:
        for criterion in judged.rubric.criteria:
            assert criterion.maximum == WEIGHTS[criterion.key]


def test_presentation_counts_in_pitch_rounds_only() -> None:
    with_presentation = [judged.key for judged in RULES.rounds if judged.rubric.criterion("presentation")]
    pitched = [judged.key for judged in RULES.rounds if judged.mode is RoundMode.PITCH]

    assert with_presentation == pitched == ["semi-final", "final"]


def test_rubric_gets_more_detailed_each_round() -> None:
    marks = [sum(len(criterion.scales) for criterion in judged.rubric.criteria) for judged in RULES.rounds]

    assert marks == [5, 12, 18]


def test_pitch_takes_8_minutes_and_10_of_questions() -> None:
    assert [(judged.minutes, judged.question_minutes) for judged in RULES.rounds] == [(0, 0), (8, 10), (8, 10)]


def test_top_five_of_each_track_reach_the_final_from_50_without_a_zero() -> None:
    gate = next(gate for gate in RULES.gates if gate.round == "semi-final")

    assert RULES.rounds[1].quota == Quota(places=5, board=Board.DIVISION)
    assert (int(gate.minimum), gate.no_zero) == (50, True)


def test_prizes_are_1_1_2_2() -> None:
    assert [award.planned for award in RULES.awards] == [1, 1, 2, 2]


def test_limits_are_those_of_published_rules() -> None:
    limits = {setting.key: setting.default for setting in RULES.settings if setting.official}

    assert limits == {
        "firm_years": 5,
        "entries_per_person": 3,
        "entries_per_organisation": 4,
        "leads_per_person": 1,
    }


def test_dossier_limits_of_deck_and_video() -> None:
    items = {item.key: item for item in RULES.dossier}

    video = items["video"]
    assert (items["deck"].max_pages, video.max_seconds, video.min_height) == (10, 180, 720)
    assert [key for key, item in items.items() if item.office_only] == ["firm_registration"]
