"""Contradictions in a contest kind's data are refused by name, before anybody can be judged by them."""

from collections.abc import Callable
from typing import Any

import pytest

from judging.domain.fields import Setting, SettingKind
from judging.domain.rules import Award, Category, ContestRules, Division, Document, Gate, GateScope, Quota, Round, Team
from judging.errors import RulesError
from tests.domain.builders import D, a_round, plain_rubric, some_rules


def rules(**changes: Any) -> ContestRules:
    made: dict[str, Any] = {
        "key": "contest",
        "name": "Contest",
        "version": "1",
        "categories": (Category(key="a", label="A"),),
        "rounds": (a_round(),),
        "awards": (Award(key="first", label="First prize", planned=1),),
    }
    return ContestRules(**{**made, **changes})


def gate(**changes: Any) -> Gate:
    return Gate(**{"key": "floor", "label": "Floor", "scope": GateScope.PRIZE, "round": "final", **changes})


def prize(key: str = "first", **changes: Any) -> Award:
    return Award(**{"key": key, "label": key.capitalize(), "planned": 1, **changes})


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda: Category(key="a", label=" "), "Every category and division needs a name."),
        (lambda: Division(key="a", label=""), "Every category and division needs a name."),
        (lambda: Team(low=0), "A team needs at least one person, and its limits must rise."),
        (lambda: Team(low=3, high=2), "A team needs at least one person, and its limits must rise."),
        (lambda: Quota(places=0), "A quota is a number of places from 1 up."),
        (lambda: a_round(judges_per_entry=0), "Round “Final” needs at least one judge for each entry."),
        (
            lambda: a_round(aggregator="trimmed-mean", judges_per_entry=4),
            "Round “Final”: dropping the highest and lowest sheet needs at least 5 judges an entry.",
        ),
        (lambda: a_round(gap_limit=D(-1)), "Round “Final” has a negative limit."),
        (lambda: a_round(minutes=-1), "Round “Final” has a negative limit."),
        (lambda: a_round(question_minutes=-1), "Round “Final” has a negative limit."),
        (lambda: a_round(sentences=-1), "Round “Final” has a negative limit."),
        (lambda: gate(scope=GateScope.LEVEL), "Gate “Floor” must name a prize level if it guards one."),
        (lambda: gate(level="first"), "Gate “Floor” must name a prize level if it guards one."),
        (lambda: prize(planned=-1), "Prize “First” cannot have a negative number."),
        (lambda: prize(money=-1), "Prize “First” cannot have a negative number."),
        (lambda: rules(categories=()), "A contest needs at least one category and one round."),
        (lambda: rules(rounds=()), "A contest needs at least one category and one round."),
        (lambda: rules(categories=(Category(key="a", label="A"),) * 2), "The category key “a” stands twice."),
        (lambda: rules(divisions=(Division(key="u", label="U"),) * 2), "The division key “u” stands twice."),
        (lambda: rules(rounds=(a_round(), a_round())), "The round key “final” stands twice."),
        (lambda: rules(gates=(gate(), gate())), "The gate key “floor” stands twice."),
        (lambda: rules(awards=(prize(), prize())), "The prize key “first” stands twice."),
        (lambda: rules(documents=(Document(key="d", label="D"),) * 2), "The document key “d” stands twice."),
        (lambda: rules(tie_breaks=("chair-vote",) * 2), "The tie-break key “chair-vote” stands twice."),
        (
            lambda: rules(key="My contest"),
            "“My contest” is not a key: use lower-case letters and digits, joined by - or _.",
        ),
        (lambda: rules(gates=(gate(round="semi"),)), "Gate “Floor” names a round that is not there."),
        (
            lambda: rules(gates=(gate(scope=GateScope.LEVEL, level="second"),)),
            "Gate “Floor” names a prize that is not there.",
        ),
        (lambda: rules(gates=(gate(criterion="charm"),)), "Gate “Floor” names a criterion that is not there."),
        (
            lambda: rules(tie_breaks=("criterion:charm",)),
            "Tie-break “criterion:charm” names a criterion that is not there.",
        ),
    ],
)  # fmt: skip
def test_contradiction_is_refused_by_name(make: Callable[[], object], told: str) -> None:
    with pytest.raises(RulesError) as refused:
        make()

    assert str(refused.value) == told


def test_trimmed_mean_is_taken_from_five_judges_up() -> None:
    assert a_round(aggregator="trimmed-mean", judges_per_entry=5).aggregator == "trimmed-mean"


def test_sound_gates_and_tie_breaks_are_taken() -> None:
    made = rules(
        gates=(
            gate(key="whole", minimum=D(66)),
            gate(key="one", criterion="novelty", no_zero=True),
            gate(key="top", scope=GateScope.LEVEL, level="first", minimum=D(80)),
        ),
        tie_breaks=("criterion:novelty", "chair-vote"),
    )

    assert [one.key for one in made.gates] == ["whole", "one", "top"]


def test_find_round_answers_none_for_another_key() -> None:
    first, last = (Round(key=key, label=key, rubric=plain_rubric()) for key in ("first", "last"))
    made = some_rules(rounds=(first, last))

    assert made.find_round("last") is last
    assert made.find_round("middle") is None


def test_value_of_a_setting_is_typed() -> None:
    made = rules(
        settings=(
            Setting(key="firm_years", label="Years", kind=SettingKind.INTEGER, default=5),
            Setting(key="floor", label="Floor", kind=SettingKind.DECIMAL, default="66.5"),
        )
    )

    assert (made.value("firm_years"), made.value("floor")) == (5, D("66.5"))
    with pytest.raises(KeyError, match="no_such"):
        made.value("no_such")


def test_rules_can_be_neither_changed_nor_given_new_entries() -> None:
    made = rules()

    with pytest.raises(AttributeError):
        made.name = "Another"  # type: ignore[misc]  # that it cannot be done is the point
    with pytest.raises((AttributeError, TypeError)):
        made.colour = "red"  # type: ignore[attr-defined]  # that it cannot be done is the point


@pytest.mark.parametrize(
    "make",
    [
        pytest.param(lambda: gate(minimum=D("NaN")), id="gate at NaN"),
        pytest.param(lambda: gate(minimum=D("Infinity")), id="gate that nobody can pass"),
        pytest.param(lambda: a_round(gap_limit=D("NaN")), id="gap limit of NaN"),
        pytest.param(lambda: a_round(gap_limit=D("Infinity")), id="gap limit without end"),
    ],
)
def test_number_that_cannot_be_reckoned_with_is_refused(make: Callable[[], object]) -> None:
    with pytest.raises(RulesError):
        make()
