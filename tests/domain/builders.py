"""Small rubrics, rules and ballots that the domain's tests are told with, and hypothesis strategies over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from hypothesis import strategies as st

from judging.domain.rubric import Band, CommentRule, Criterion, Part, Rubric, Scale, Section
from judging.domain.rules import Award, Category, ContestRules, Division, Gate, Quota, Round
from judging.domain.scoring import CORE_AGGREGATORS
from judging.domain.standings import compute_standings, criterion_tie_breaker
from judging.domain.values import Ballot, Score, Standing

D = Decimal
AGGREGATORS = {aggregator.key: aggregator for aggregator in CORE_AGGREGATORS}


def scale(high: int | str, low: int | str = 0, step: str = "1") -> Scale:
    return Scale(low=D(low), high=D(high), step=D(step))


def plain_rubric() -> Rubric:
    return Rubric(
        criteria=(
            Criterion(key="novelty", label="Novelty", scale=scale(30, step="0.5")),
            Criterion(key="effect", label="Effect", scale=scale(70, step="0.5")),
        )
    )


def lam_dong_rubric() -> Rubric:
    """Ten criteria from 1 to 5 with coefficients 3, 3, 4, 2, 2, 2, 1, 1, 1, 1."""
    coefficients = {
        "resources": 3, "market": 3, "innovation": 4, "completion": 2, "risks": 2, "feasibility": 2,
        "persuasion": 1, "opinions": 1, "tests": 1, "future": 1,
    }  # fmt: skip
    return Rubric(
        criteria=tuple(
            Criterion(key=key, label=key.capitalize(), scale=scale(5, low=1), weight=D(weight))
            for key, weight in coefficients.items()
        )
    )


def son_la_rubric() -> Rubric:
    """Criterion 1 of the initiative form: exclusive bands, then a number inside one, and a comment."""
    bands = (("new", 27, 30), ("fair", 21, 26), ("medium", 16, 20), ("little", 1, 15), ("none", 0, 0))
    return Rubric(
        criteria=(
            Criterion(
                key="novelty",
                label="Novelty and creativity",
                scale=scale(30, step="0.5"),
                bands=tuple(Band(key=key, label=key, low=D(low), high=D(high)) for key, low, high in bands),
                comment=CommentRule.REQUIRED,
            ),
        )
    )


def rich_rubric() -> Rubric:
    """Sub-criteria, a coefficient, sections of 30 and 70, a comment-only line, all brought to 100."""
    return Rubric(
        criteria=(
            Criterion(
                key="idea",
                label="Idea",
                parts=(
                    Part(key="new", label="New", scale=scale(4)),
                    Part(key="useful", label="Useful", scale=scale(3)),
                ),
                section="dossier",
            ),
            Criterion(key="talk", label="Talk", scale=scale(5), weight=D(3), section="stage"),
            Criterion(key="answers", label="Answers", scale=scale(2), section="stage"),
            Criterion(key="remark", label="Remark"),
        ),
        sections=(
            Section(key="dossier", label="Dossier", weight=D(30)),
            Section(key="stage", label="Stage", weight=D(60)),
        ),
        total=D(100),
    )


def a_round(rubric: Rubric | None = None, **changes: object) -> Round:
    judged = Round(key="final", label="Final", rubric=rubric or plain_rubric(), judges_per_entry=5)
    return replace(judged, **changes)  # type: ignore[arg-type]  # tests name fields freely


def some_rules(
    *,
    rounds: Sequence[Round] = (),
    awards: Sequence[Award] = (),
    gates: Sequence[Gate] = (),
    tie_breaks: Sequence[str] = (),
    divisions: Sequence[str] = (),
) -> ContestRules:
    return ContestRules(
        key="contest",
        name="Contest",
        version="1",
        categories=(Category(key="a", label="A"), Category(key="b", label="B")),
        divisions=tuple(Division(key=key, label=key.upper()) for key in divisions),
        rounds=tuple(rounds) or (a_round(),),
        awards=tuple(awards),
        gates=tuple(gates),
        tie_breaks=tuple(tie_breaks),
    )


def ballot(judge: str, entry: str, *, consensus: bool = False, **marks: int | str) -> Ballot:
    return Ballot(judge=judge, entry=entry, marks={key: D(mark) for key, mark in marks.items()}, consensus=consensus)


def places(ranks: Mapping[str, int], *, category: str = "a", division: str | None = None) -> tuple[Standing, ...]:
    """Standings with these ranks: rank n scores 101 - n."""
    return tuple(
        Standing(
            entry=entry,
            rank=rank,
            score=Score(value=Fraction(101 - rank), used=3),
            category=category,
            division=division,
            shared=list(ranks.values()).count(rank) > 1,
        )
        for entry, rank in sorted(ranks.items(), key=lambda item: (item[1], item[0]))
    )


def ranked(judged: Round, ballots: Sequence[Ballot], **more: object) -> tuple[Standing, ...]:
    """The standings under the round's own aggregator, ties broken by every criterion in turn."""
    breakers = [criterion_tie_breaker([judged], f"criterion:{one.key}") for one in judged.rubric.criteria]
    options = {
        "aggregator": AGGREGATORS[judged.aggregator],
        "tie_breakers": breakers,
        "entries": {one.entry: ("a", None) for one in ballots},
        **more,
    }
    return compute_standings(judged, ballots, **options)  # type: ignore[arg-type]  # tests name options freely


def quota(places_: int, **more: object) -> Quota:
    return Quota(places=places_, **more)  # type: ignore[arg-type]  # tests name fields freely


def marks_on(rubric: Rubric) -> st.SearchStrategy[dict[str, Decimal]]:
    """Complete marks that the rubric takes."""
    return st.fixed_dictionaries(
        {key: marks_of(criterion, one) for criterion in rubric.criteria for key, _, one in criterion.scales}
    )


def marks_of(criterion: Criterion, one: Scale) -> st.SearchStrategy[Decimal]:
    steps = int((one.high - one.low) / one.step)
    marks = [one.low + step * one.step for step in range(steps + 1)]
    return st.sampled_from([mark for mark in marks if not criterion.bands or criterion.band_of(mark)])


@st.composite
def ballots_on(draw: st.DrawFn, rubric: Rubric, *, consensus: bool = False) -> list[Ballot]:
    """Ballots of one to six judges on one to five entries; marks are few, so that ties abound."""
    entries = [f"e-{number}" for number in range(draw(st.integers(1, 5)))]
    ballots = []
    for entry in entries:
        judges = draw(st.integers(1, 6))
        ballots += [Ballot(judge=f"j-{judge}", entry=entry, marks=draw(marks_on(rubric))) for judge in range(judges)]
        if consensus and draw(st.booleans()):
            ballots.append(Ballot(judge="j-all", entry=entry, marks=draw(marks_on(rubric)), consensus=True))
    return ballots


def coarse_rubric() -> Rubric:
    """So few marks that equal totals and equal criteria are common."""
    return Rubric(
        criteria=(
            Criterion(key="novelty", label="Novelty", scale=scale(2), weight=D("1.5")),
            Criterion(key="effect", label="Effect", scale=scale(3)),
        )
    )
