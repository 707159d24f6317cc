"""Hypothesis strategies over whole rubrics and rules, every one of them sound."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st

from judging.domain.rubric import Band, CommentRule, Criterion, Part, Rubric, Scale, Section
from judging.domain.rules import Award, Board, Category, ContestRules, Division, GapRule, Quota, Round, RoundMode

KEYS = st.from_regex(r"[a-z][a-z0-9]{0,5}(-[a-z0-9]{1,3})?", fullmatch=True)
LABELS = st.text(min_size=1, max_size=12).filter(lambda text: bool(text.strip()))
STEPS = st.sampled_from([Decimal("0.25"), Decimal("0.5"), Decimal(1), Decimal(5)])
WEIGHTS = st.decimals(min_value="0.1", max_value=100, places=2)


@st.composite
def scales(draw: st.DrawFn) -> Scale:
    step = draw(STEPS)
    low = draw(st.integers(0, 4)) * step
    return Scale(low=low, high=low + draw(st.integers(1, 40)) * step, step=step)


@st.composite
def bands_on(draw: st.DrawFn, scale: Scale) -> tuple[Band, ...]:
    """No bands, or some that lie on the scale's steps and exclude each other."""
    steps = int((scale.high - scale.low) / scale.step)
    cuts = sorted(draw(st.sets(st.integers(0, steps), max_size=6)))
    pairs = zip(cuts[::2], cuts[1::2], strict=False)
    return tuple(
        Band(
            key=f"band-{number}",
            label=draw(LABELS),
            low=scale.low + low * scale.step,
            high=scale.low + high * scale.step,
            meaning=draw(st.text(max_size=8)),
        )
        for number, (low, high) in enumerate(pairs)
    )


@st.composite
def criteria(draw: st.DrawFn, key: str, section: str | None) -> Criterion:
    """A criterion of any of the three sorts: one scale with or without bands, sub-criteria, or a comment alone."""
    sort = draw(st.sampled_from(["scale", "parts", "comment"]))
    scale = draw(scales()) if sort == "scale" else None
    keys = draw(st.lists(KEYS, min_size=1, max_size=3, unique=True)) if sort == "parts" else []
    return Criterion(
        key=key,
        label=draw(LABELS),
        help=draw(st.text(max_size=8)),
        scale=scale,
        bands=draw(bands_on(scale)) if scale is not None else (),
        parts=tuple(Part(key=part, label=draw(LABELS), scale=draw(scales())) for part in keys),
        weight=draw(WEIGHTS),
        comment=CommentRule.REQUIRED if sort == "comment" else draw(st.sampled_from(CommentRule)),
        section=section,
    )


@st.composite
def rubrics(draw: st.DrawFn) -> Rubric:
    """Up to four criteria after one that takes a mark, in one section or in none, with or without a total scale."""
    keys = draw(st.lists(KEYS, min_size=1, max_size=5, unique=True))
    section = draw(st.none() | KEYS)
    first = Criterion(key=keys[0], label=draw(LABELS), scale=draw(scales()), weight=draw(WEIGHTS), section=section)
    return Rubric(
        criteria=(first, *(draw(criteria(key, section)) for key in keys[1:])),
        sections=() if section is None else (Section(key=section, label=draw(LABELS), weight=draw(WEIGHTS)),),
        total=draw(st.none() | st.decimals(min_value=1, max_value=1000, places=1)),
    )


@st.composite
def rounds(draw: st.DrawFn, key: str) -> Round:
    return Round(
        key=key,
        label=draw(LABELS),
        rubric=draw(rubrics()),
        mode=draw(st.sampled_from(RoundMode)),
        aggregator=draw(st.sampled_from(["mean", "median", "consensus"])),
        judges_per_entry=draw(st.integers(1, 9)),
        gap_limit=draw(st.decimals(min_value=0, max_value=50, places=1)),
        gap_rule=draw(st.sampled_from(GapRule)),
        quota=draw(st.none() | st.builds(Quota, places=st.integers(1, 20), board=st.sampled_from(Board))),
        minutes=draw(st.integers(0, 15)),
        blind=draw(st.booleans()),
        sentences=draw(st.integers(0, 4)),
    )


@st.composite
def contest_rules(draw: st.DrawFn) -> ContestRules:
    """Rules with one to three rounds, categories, divisions and prizes; no gates, since these must fit the rubrics."""
    names = st.lists(KEYS, min_size=1, max_size=3, unique=True)
    return ContestRules(
        key=draw(KEYS),
        name=draw(LABELS),
        version="1",
        categories=tuple(Category(key=key, label=draw(LABELS)) for key in draw(names)),
        divisions=tuple(Division(key=key, label=draw(LABELS)) for key in draw(names)),
        rounds=tuple(draw(rounds(key)) for key in draw(names)),
        awards=tuple(Award(key=key, label=draw(LABELS), planned=draw(st.integers(0, 9))) for key in draw(names)),
    )
