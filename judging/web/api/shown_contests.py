"""Contests and their rules as programs get them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from judging.db.models import Contest as Row
from judging.domain.fields import DossierItem, EntryField
from judging.domain.rubric import Criterion
from judging.domain.rules import Award, Category, ContestRules, Round
from judging.domain.structure import digest, to_plain
from judging.services.contests.dates import dates_of
from judging.services.entries.life import takes_entries
from judging.web.api.schemas.base import Named
from judging.web.api.schemas.contests import (
    AwardAnswer,
    BandAnswer,
    Contest,
    ContestSummary,
    CriterionAnswer,
    Dates,
    FieldAnswer,
    ItemAnswer,
    MarkAnswer,
    Organisation,
    RoundRules,
    RubricAnswer,
    TeamAnswer,
)
from judging.web.context import now
from judging.web.formats import label


def show_summary(contest: Row) -> ContestSummary:
    """A contest in a list."""
    return ContestSummary(**_summary(contest))


def show_contest(contest: Row, rules: ContestRules) -> Contest:
    """A contest with the rules that are in force."""
    return Contest(
        **_summary(contest),
        summary=contest.summary,
        summary_en=contest.summary_en,
        zone=contest.zone,
        decision=contest.decision,
        rules_digest=contest.rules_digest,
        categories=_named(rules.categories),
        divisions=_named(rules.divisions),
        team=TeamAnswer(
            low=rules.team.low, high=rules.team.high, shares=rules.team.shares, births=rules.team.births
        ),
        fields=[_field(one) for one in rules.fields],
        dossier=[_item(one) for one in rules.dossier],
        rounds=[_round(one) for one in rules.rounds],
        awards=[_award(one) for one in rules.awards],
        tie_breaks=list(rules.tie_breaks),
    )  # fmt: skip


def show_rubric(judged: Round) -> RubricAnswer:
    """What a judge of the round scores."""
    rubric = judged.rubric
    return RubricAnswer(
        digest=digest(rubric),
        maximum=to_plain(rubric.maximum),
        criteria=[_criterion(one) for one in rubric.criteria],
        sentences=judged.sentences,
    )


def _summary(contest: Row) -> dict[str, Any]:
    dates = dates_of(contest)
    return {
        "slug": contest.slug, "kind": contest.kind, "title": contest.title, "title_en": contest.title_en,
        "year": contest.year, "edition": contest.edition, "phase": contest.phase,
        "organisation": Organisation(slug=contest.organisation.slug, name=contest.organisation.name),
        "dates": Dates(
            opens_at=dates.opens_at, closes_at=dates.closes_at, judging_starts_at=dates.judging_starts_at,
            judging_ends_at=dates.judging_ends_at, publishes_at=dates.publishes_at,
        ),
        "takes_entries": takes_entries(contest, now()), "published_at": contest.published_at,
    }  # fmt: skip


def _named(things: Iterable[Category]) -> list[Named]:
    return [Named(key=one.key, label=label(one.label)) for one in things]


def _field(field: EntryField) -> FieldAnswer:
    return FieldAnswer(
        key=field.key, label=label(field.label), kind=field.kind.value, required=field.required,
        max_words=field.max_words, choices=[Named(key=one.key, label=label(one.label)) for one in field.choices],
    )  # fmt: skip


def _item(item: DossierItem) -> ItemAnswer:
    return ItemAnswer(
        key=item.key, label=label(item.label), kind=item.kind.value, required=item.required, low=item.low,
        high=item.high, max_pages=item.max_pages, max_seconds=item.max_seconds, min_height=item.min_height,
        max_megabytes=item.max_megabytes, office_only=item.office_only,
    )  # fmt: skip


def _round(judged: Round) -> RoundRules:
    return RoundRules(
        key=judged.key, label=label(judged.label), mode=judged.mode.value, aggregator=judged.aggregator,
        judges_per_entry=judged.judges_per_entry, blind=judged.blind, rubric=show_rubric(judged),
    )  # fmt: skip


def _criterion(criterion: Criterion) -> CriterionAnswer:
    return CriterionAnswer(
        key=criterion.key, label=label(criterion.label), help=label(criterion.help),
        weight=to_plain(criterion.weight), comment=criterion.comment.value,
        marks=[
            MarkAnswer(
                key=key, label=label(text), low=to_plain(scale.low), high=to_plain(scale.high),
                step=to_plain(scale.step),
            )
            for key, text, scale in criterion.scales
        ],
        bands=[
            BandAnswer(key=one.key, label=label(one.label), low=to_plain(one.low), high=to_plain(one.high))
            for one in criterion.bands
        ],
    )  # fmt: skip


def _award(award: Award) -> AwardAnswer:
    return AwardAnswer(
        key=award.key, label=label(award.label), planned=award.planned, board=award.board.value, special=award.special
    )
