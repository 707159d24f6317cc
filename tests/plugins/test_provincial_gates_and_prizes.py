"""What provinces and years decided differently, expressed by settings of an edition and nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from judging.api import ContestRules, Entry, Grant, Member, Rubric, Standing, Team, apply_settings
from judging.domain.awards import check_grants, grant_awards
from judging.domain.gates import advancing
from judging.plugins import Registry

Judge = Callable[..., tuple[Standing, ...]]
Sheet = Callable[[Rubric, str], dict[str, str]]

TODAY = date(2021, 8, 1)


@pytest.fixture
def youth(registry: Registry) -> ContestRules:
    return registry.rules("youth-creativity")


@pytest.fixture
def technical(registry: Registry) -> ContestRules:
    return registry.rules("technical-innovation")


@pytest.fixture
def startup(registry: Registry) -> ContestRules:
    return registry.rules("startup")


def levels(grants: tuple[Grant, ...]) -> dict[str, int]:
    return dict(Counter(grant.level for grant in grants))


def prize(key: str, planned: int, **more: Any) -> dict[str, Any]:
    return {"key": key, "label": key.capitalize(), "planned": planned, **more}


def plan(member: Member, **answers: object) -> Entry:
    return Entry(
        id="1",
        alias="e-1",
        title="Tea co-operative",
        category="agriculture",
        division="idea",
        answers=answers,
        members=(member,),
    )


def test_tra_vinh_gate_lets_60_into_the_final_and_nothing_below(
    youth: ContestRules, judge: Judge, sheet: Sheet
) -> None:
    rubric = youth.rounds[0].rubric
    at, below = sheet(rubric, "60"), sheet(rubric, "59.5")
    standings = judge(youth, "preliminary", {"e-at": [at] * 3, "e-below": [at, at, below]})

    advance = advancing(youth, youth.rounds[0], standings)

    assert [standing.entry for standing in advance.advanced] == ["e-at"]
    assert list(advance.stopped) == ["e-below"]


def test_lang_son_2018_gives_no_prize_below_66(youth: ContestRules, judge: Judge, sheet: Sheet) -> None:
    rubric = youth.rounds[1].rubric
    at, below = sheet(rubric, "66"), sheet(rubric, "65.5")
    standings = judge(youth, "final", {"e-at": [at] * 3, "e-below": [at, at, below]})

    assert grant_awards(youth, standings).grants == (Grant(entry="e-at", level="first"),)


def test_quang_ngai_2021_takes_five_of_each_track_from_50_without_a_zero(
    startup: ContestRules, judge: Judge, sheet: Sheet
) -> None:
    rubric = startup.rounds[1].rubric
    sheets = {f"e-idea{number}": [sheet(rubric, str(90 - number))] * 3 for number in range(7)}
    sheets |= {f"e-project{number}": [sheet(rubric, str(53 - number))] * 3 for number in range(7)}
    with_zero = sheet(rubric, "95") | {"resources.team": "0", "resources.capital": "0"}
    sheets["e-zero"] = [sheet(rubric, "95"), sheet(rubric, "95"), with_zero]
    places = {entry: ("digital", "project" if "project" in entry else "idea") for entry in sheets}
    standings = judge(startup, "semi-final", sheets, places)

    advance = advancing(startup, startup.rounds[1], standings)

    assert [standing.entry for standing in advance.advanced] == [
        *(f"e-idea{number}" for number in range(5)),
        *(f"e-project{number}" for number in range(4)),
    ]
    assert set(advance.stopped) == {"e-zero", "e-idea5", "e-idea6", "e-project4", "e-project5", "e-project6"}


def test_lang_son_2023_prizes_leave_the_first_empty_among_129(
    technical: ContestRules, judge: Judge, sheet: Sheet
) -> None:
    rules = apply_settings(
        technical,
        {"awards": [prize("first", 0), prize("second", 2), prize("third", 4), prize("consolation", 13)]},
    )
    rubric = rules.rounds[1].rubric
    sheets = {f"e-{number:03}": [sheet(rubric, str(Decimal(number) / 2 + 30))] for number in range(129)}

    granted = grant_awards(rules, judge(rules, "final", sheets))

    assert levels(granted.grants) == {"second": 2, "third": 4, "consolation": 13}
    assert [grant.entry for grant in granted.grants[:2]] == ["e-128", "e-127"]


def test_first_prize_behind_a_level_gate_stays_empty_and_the_best_takes_the_second(
    technical: ContestRules, judge: Judge, sheet: Sheet
) -> None:
    gate = {
        "key": "first-prize",
        "label": "Giải Nhất",
        "scope": "level",
        "round": "final",
        "minimum": "90",
        "level": "first",
    }
    rules = apply_settings(technical, {"gates": [gate]})
    rubric = rules.rounds[1].rubric
    standings = judge(rules, "final", {"e-a": [sheet(rubric, "89.5")], "e-b": [sheet(rubric, "80")]})

    granted = grant_awards(rules, standings)

    assert granted.grants == (Grant(entry="e-a", level="second"), Grant(entry="e-b", level="second"))
    assert [(empty.level, empty.places) for empty in granted.empty] == [
        ("first", 1),
        ("third", 3),
        ("consolation", 10),
    ]


def test_lang_son_2019_gives_six_finalists_1_1_2_2(startup: ContestRules, judge: Judge, sheet: Sheet) -> None:
    rubric = startup.rounds[2].rubric
    standings = judge(startup, "final", {f"e-{number}": [sheet(rubric, str(70 + number))] for number in range(6)})

    granted = grant_awards(startup, standings)

    assert levels(granted.grants) == {"first": 1, "second": 1, "third": 2, "consolation": 2}
    assert granted.empty == ()


def test_special_prize_above_the_first_goes_to_the_best(youth: ContestRules, judge: Judge, sheet: Sheet) -> None:
    rules = apply_settings(youth, {"awards": [prize("special", 1, money=10_000_000), prize("first", 1)]})
    rubric = rules.rounds[1].rubric
    standings = judge(rules, "final", {"e-a": [sheet(rubric, "95")], "e-b": [sheet(rubric, "94")]})

    assert grant_awards(rules, standings).grants == (
        Grant(entry="e-a", level="special"),
        Grant(entry="e-b", level="first"),
    )


def test_side_prize_may_go_to_an_entry_that_the_ranking_left_out(
    technical: ContestRules, judge: Judge, sheet: Sheet
) -> None:
    rubric = technical.rounds[1].rubric
    standings = judge(technical, "final", {"e-a": [sheet(rubric, "95")], "e-b": [sheet(rubric, "30")]})
    side = Grant(entry="e-b", level="oldest-author", reason="Author born in 1941.")

    assert side.level not in {grant.level for grant in grant_awards(technical, standings).grants}
    assert check_grants(technical, standings, [side]) == ()


def test_merged_categories_keep_the_contest_sound(youth: ContestRules) -> None:
    merged = [
        {"key": "learning-household", "label": "Đồ dùng học tập, sinh hoạt và đồ chơi"},
        {"key": "software", "label": "Phần mềm tin học"},
        {"key": "environment-climate", "label": "Môi trường và biến đổi khí hậu"},
    ]

    rules = apply_settings(youth, {"categories": merged})

    assert [category.key for category in rules.categories] == ["learning-household", "software", "environment-climate"]
    assert rules.rounds == youth.rounds


def test_divisions_a_b_c_each_have_their_own_prizes(youth: ContestRules, judge: Judge, sheet: Sheet) -> None:
    divisions = [
        {"key": "a", "label": "Bảng A: tiểu học"},
        {"key": "b", "label": "Bảng B: trung học cơ sở"},
        {"key": "c", "label": "Bảng C: trung học phổ thông"},
    ]
    awards = [prize("first", 1, board="division"), prize("second", 1, board="division")]
    rules = apply_settings(youth, {"divisions": divisions, "awards": awards})
    rubric = rules.rounds[1].rubric
    entries = {"e-a1": "99", "e-a2": "98", "e-a3": "97", "e-b1": "70", "e-c1": "65"}
    standings = judge(
        rules,
        "final",
        {entry: [sheet(rubric, total)] for entry, total in entries.items()},
        {entry: ("software", entry[2]) for entry in entries},
    )

    assert {(grant.board, grant.level): grant.entry for grant in grant_awards(rules, standings).grants} == {
        ("a", "first"): "e-a1",
        ("a", "second"): "e-a2",
        ("b", "first"): "e-b1",
    }


@pytest.mark.parametrize("kind", ["youth-creativity", "technical-innovation", "startup"])
def test_team_of_at_most_three_is_a_setting(registry: Registry, kind: str) -> None:
    rules = registry.rules(kind)

    changed = apply_settings(rules, {"team": {"low": 1, "high": 3, "shares": True, "births": rules.team.births}})

    assert rules.team.high == 5
    assert changed.team == Team(low=1, high=3, shares=True, births=rules.team.births)


@pytest.mark.parametrize(
    ("applicant", "others", "codes"),
    [
        ("person", 2, []),
        ("person", 3, ["too-many-entries"]),
        ("group", 3, ["too-many-entries"]),
        ("organisation", 3, []),
        ("organisation", 4, ["too-many-entries"]),
    ],
)
def test_tay_ninh_takes_3_entries_of_a_person_and_4_of_an_organisation(
    registry: Registry, startup: ContestRules, applicant: str, others: int, codes: list[str]
) -> None:
    rules = apply_settings(startup, {"leads_per_person": 0})
    entry = plan(
        Member(name="Minh", is_lead=True, other_entries=others, other_leads=others),
        applicant=applicant,
        organisation="Firm of Minh",
    )

    assert [problem.code for problem in registry.check_eligibility(rules, entry, TODAY)] == codes


@pytest.mark.parametrize(("leads", "codes"), [(0, []), (1, ["too-many-leads"])])
def test_nghe_an_takes_one_entry_of_a_leader(
    registry: Registry, startup: ContestRules, leads: int, codes: list[str]
) -> None:
    entry = plan(Member(name="Minh", is_lead=True, other_entries=1, other_leads=leads), applicant="group")

    assert [problem.code for problem in registry.check_eligibility(startup, entry, TODAY)] == codes


def test_final_of_five_judges_may_drop_the_highest_and_the_lowest(
    youth: ContestRules, judge: Judge, sheet: Sheet
) -> None:
    rules = apply_settings(youth, {"round-final": {"judges_per_entry": 5, "aggregator": "trimmed-mean"}})
    rubric = rules.rounds[1].rubric
    totals = ["100", "80", "79", "78", "20"]

    standings = judge(rules, "final", {"e-a": [sheet(rubric, total) for total in totals]})

    assert standings[0].score.value == 79


def test_final_of_technical_innovation_may_be_a_site_visit(technical: ContestRules) -> None:
    rules = apply_settings(technical, {"round-final": {"mode": "visit", "minutes": 0, "question_minutes": 0}})

    assert rules.rounds[1].mode == "visit"
    assert rules.rounds[1].rubric == technical.rounds[1].rubric
