"""An edition's settings: differences that are applied in any order and checked as a whole."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from judging.domain.edition import apply_settings, edition_settings
from judging.domain.fields import Choice, Setting, SettingKind
from judging.domain.rules import Award, Category, ContestRules, Gate, GateScope
from judging.domain.structure import digest, to_plain
from judging.errors import RulesError
from tests.domain.builders import D, a_round, lam_dong_rubric, plain_rubric, some_rules, son_la_rubric
from tests.domain.generated import contest_rules


def kind() -> ContestRules:
    """A kind of two rounds with one of everything that an organiser may set."""
    made = some_rules(
        rounds=(a_round(key="preliminary", label="Preliminary"), a_round()),
        awards=(
            Award(key="first", label="First", planned=1),
            Award(key="consolation", label="Consolation", planned=15),
        ),
        gates=(Gate(key="floor", label="Floor", scope=GateScope.PRIZE, round="final", minimum=D(60)),),
        tie_breaks=("criterion:novelty", "chair-vote"),
        divisions=("school", "college"),
    )
    settings = (
        Setting(key="born_from", label="Born from", kind=SettingKind.DATE, default="2003-06-01"),
        Setting(key="most", label="Most entries", kind=SettingKind.INTEGER, default=3, low=D(0), high=D(9)),
        Setting(
            key="track",
            label="Track",
            kind=SettingKind.CHOICE,
            default="idea",
            choices=(Choice(key="idea", label="Idea"), Choice(key="firm", label="Firm")),
        ),
    )
    return ContestRules(
        **{name: getattr(made, name) for name in ContestRules.__dataclass_fields__ if name != "settings"},
        settings=settings,
    )


# What a province changes: prizes, a higher floor, smaller teams, merged categories, its own table and panel sizes.
PROVINCE: dict[str, Any] = {
    "awards": [
        {"key": "second", "label": "Second", "planned": 2},
        {"key": "third", "label": "Third", "planned": 4},
        {"key": "consolation", "label": "Consolation", "planned": 13},
    ],
    "born_from": "2004-06-01",
    "categories": [{"key": "a", "label": "A and B"}],
    "divisions": [],
    "gates": [{"key": "floor", "label": "Floor", "scope": "prize", "round": "final", "minimum": "66"}],
    "most": 0,
    "round-preliminary": {"judges_per_entry": 7, "aggregator": "trimmed-mean", "gap_limit": "10"},
    "rubric-preliminary": to_plain(lam_dong_rubric()),
    "rubric-final": to_plain(son_la_rubric()),
    "team": {"low": 1, "high": 3},
    "tie-breaks": ["criterion:novelty"],
}


def test_province_changes_what_it_names_and_nothing_else() -> None:
    changed = apply_settings(kind(), PROVINCE)

    preliminary, final = changed.rounds
    assert [(award.key, award.planned) for award in changed.awards] == [
        ("second", 2),
        ("third", 4),
        ("consolation", 13),
    ]
    assert (changed.gates[0].minimum, changed.team.high, changed.divisions) == (66, 3, ())
    assert [category.label for category in changed.categories] == ["A and B"]
    assert (changed.value("most"), str(changed.value("born_from"))) == (0, "2004-06-01")
    assert (preliminary.judges_per_entry, preliminary.aggregator, preliminary.gap_limit) == (7, "trimmed-mean", 10)
    assert (preliminary.rubric, final.rubric) == (lam_dong_rubric(), son_la_rubric())
    assert (changed.key, changed.name, changed.value("track")) == ("contest", "Contest", "idea")
    assert (final.judges_per_entry, final.label) == (5, "Final")


@given(order=st.permutations(sorted(PROVINCE)))
def test_order_of_settings_does_not_matter(order: list[str]) -> None:
    assert apply_settings(kind(), {key: PROVINCE[key] for key in order}) == apply_settings(kind(), PROVINCE)


@given(keys=st.sets(st.sampled_from(["awards", "born_from", "most", "round-preliminary", "team"])))
def test_settings_applied_one_by_one_are_settings_applied_together(keys: set[str]) -> None:
    step_by_step = kind()
    for key in sorted(keys, reverse=True):
        step_by_step = apply_settings(step_by_step, {key: PROVINCE[key]})

    assert step_by_step == apply_settings(kind(), {key: PROVINCE[key] for key in keys})


@pytest.mark.parametrize("setting", edition_settings(kind()), ids=lambda setting: setting.key)
def test_setting_at_its_own_value_changes_nothing(setting: Any) -> None:
    assert apply_settings(kind(), {setting.key: setting.value}) == kind()


@given(rules=contest_rules(), chance=st.randoms(use_true_random=False))
def test_any_settings_at_their_own_values_change_nothing(rules: ContestRules, chance: random.Random) -> None:
    settings = edition_settings(rules)
    chosen = chance.sample(settings, chance.randint(0, len(settings)))

    again = apply_settings(rules, {setting.key: setting.value for setting in chosen})

    assert again == rules
    assert digest(again) == digest(rules)


def test_no_settings_are_the_kind_itself() -> None:
    assert apply_settings(kind(), {}) == kind()


def test_edition_settings_name_everything_once_in_the_order_of_the_page() -> None:
    assert [setting.key for setting in edition_settings(kind())] == [
        "born_from", "most", "track", "categories", "divisions", "team",
        "round-preliminary", "rubric-preliminary", "round-final", "rubric-final",
        "gates", "awards", "tie-breaks",
    ]  # fmt: skip


def test_edition_settings_show_what_is_in_force() -> None:
    settings = {setting.key: setting for setting in edition_settings(apply_settings(kind(), PROVINCE))}

    assert settings["most"].value == 0
    assert settings["awards"].value == [
        {**row, "board": "contest", "special": False, "money": 0} for row in PROVINCE["awards"]
    ]
    assert (settings["rubric-final"].round, settings["rubric-final"].kind) == ("final", SettingKind.RUBRIC)
    assert "rubric" not in settings["round-final"].value


def test_kind_is_left_as_it_was() -> None:
    before = kind()
    apply_settings(before, PROVINCE)

    assert before == kind()


@pytest.mark.parametrize(
    "key", ["colour", "round-semi", "rubric-semi", "rubric-", "round", "Categories", "rounds", "name"]
)
def test_unknown_setting_is_refused_by_name(key: str) -> None:
    with pytest.raises(RulesError) as refused:
        apply_settings(kind(), {key: []})

    assert str(refused.value) == f"There is no setting “{key}” in this contest."


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"categories": []}, "A contest needs at least one category and one round."),
        ({"categories": {"a": "A"}}, "Category has a value of the wrong type."),
        ({"categories": [{"key": "a"}]}, "Category lacks label."),
        ({"awards": [{"key": "one", "label": "One", "planned": True}]}, "Award.planned has a value of the wrong type."),
        ({"awards": [{"key": "one", "label": "One", "planned": -1}]}, "Prize “One” cannot have a negative number."),
        ({"team": {"low": 1, "high": 3, "most": 3}}, "Team has an unknown entry: most."),
        ({"tie-breaks": "chair-vote"}, "tie_breaks has a value of the wrong type."),
        ({"tie-breaks": [1]}, "tie_breaks has a value of the wrong type."),
        ({"most": True}, "Setting “Most entries” has a value of the wrong type."),
        ({"most": 10}, "Setting “Most entries” must lie between 0 and 9."),
        ({"born_from": "tomorrow"}, "Setting “Born from” cannot be read."),
        ({"track": "school"}, "Setting “Track”: that is not one of the choices."),
        ({"round-final": []}, "The settings of round “Final” cannot be read."),
        ({"round-final": {"key": "other"}}, "The settings of round “Final” cannot be read."),
        ({"round-final": {"label": "Other"}}, "The settings of round “Final” cannot be read."),
        ({"round-final": {"rubric": {}}}, "The settings of round “Final” cannot be read."),
        ({"round-final": {"judges_per_entry": 0}}, "Round “Final” needs at least one judge for each entry."),
        ({"round-final": {"judges_per_entry": "3"}}, "Round.judges_per_entry has a value of the wrong type."),
        ({"rubric-final": {}}, "Rubric lacks criteria."),
    ],
)  # fmt: skip
def test_wrong_value_is_refused_with_its_place(values: dict[str, Any], told: str) -> None:
    with pytest.raises(RulesError) as refused:
        apply_settings(kind(), values)

    assert str(refused.value) == told


def test_rubric_that_takes_a_tie_breaks_criterion_away_is_refused_as_a_whole() -> None:
    everywhere = {"rubric-preliminary": to_plain(lam_dong_rubric()), "rubric-final": to_plain(lam_dong_rubric())}

    with pytest.raises(RulesError, match="Tie-break “criterion:novelty” names a criterion that is not there"):
        apply_settings(kind(), everywhere)

    fitting = apply_settings(kind(), {**everywhere, "tie-breaks": ["criterion:innovation", "chair-vote"]})
    assert fitting.tie_breaks == ("criterion:innovation", "chair-vote")


def test_gate_that_names_what_an_edition_took_away_is_refused() -> None:
    guarded = {"gates": [{"key": "top", "label": "Top", "scope": "level", "round": "final", "level": "first"}]}
    without_first = {"awards": [{"key": "second", "label": "Second", "planned": 2}]}

    assert apply_settings(kind(), guarded).gates[0].level == "first"
    with pytest.raises(RulesError, match="Gate “Top” names a prize that is not there"):
        apply_settings(kind(), {**guarded, **without_first})


def test_part_of_a_rounds_conduct_keeps_the_rest() -> None:
    changed = apply_settings(kind(), {"round-final": {"minutes": 8}})

    assert changed.rounds[1] == a_round(minutes=8)
    assert changed.rounds[1].rubric == plain_rubric()
    assert changed.categories == (Category(key="a", label="A"), Category(key="b", label="B"))
