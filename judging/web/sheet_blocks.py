"""A rubric and what was typed on a sheet, as the blocks that the sheet's page shows."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING

from flask_babel import gettext as _

from judging.domain.rubric import CommentRule
from judging.domain.totals import as_decimal_string, exact, raw_values, total_of
from judging.web.formats import label, mark, problem_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from fractions import Fraction

    from judging.domain.rubric import Criterion, Rubric
    from judging.domain.rules import Round
    from judging.domain.values import Problem
    from judging.services.sheets.drafts import Draft

# Names of form fields: a prefix, since a criterion may be called "comment" or "action" too.
MARK_FIELD = "m-"
COMMENT_FIELD = "c-"
OVERALL_FIELD = "comment"

_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True, kw_only=True)
class BandRow:
    """A band as the selector shows it."""

    key: str
    label: str
    meaning: str
    low: Decimal
    high: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkField:
    """One number to be typed. `typed` is a text that is no mark; then `value` is None."""

    name: str
    label: str
    low: Decimal
    high: Decimal
    step: Decimal
    help: str
    value: Decimal | None
    typed: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentField:
    """The comment beside a criterion; `open` shows it without being asked. `needed`: `always`, at `zero`, or empty."""

    name: str
    value: str
    help: str
    error: str
    open: bool
    needed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CriterionBlock:
    """One criterion. `weight` is what a mark of it adds to the total, as the text of a fraction: `10/9`.

    `section` is a heading when a weighted section begins here. `value` sums up its marks, None before the first.
    """

    number: int
    key: str
    label: str
    help: str
    section: str
    coefficient: str
    high: Decimal
    value: Decimal | None
    weight: str
    bands: tuple[BandRow, ...]
    band: str
    fields: tuple[MarkField, ...]
    comment: CommentField | None


def criterion_blocks(judged: Round, draft: Draft, errors: Mapping[str, str]) -> list[CriterionBlock]:
    """The rubric's criteria in their order. `errors` goes by field name."""
    rubric = judged.rubric
    headings = _section_headings(rubric)
    sums = raw_values(rubric, draft.sound_marks)
    return [
        CriterionBlock(
            number=number,
            key=criterion.key,
            label=label(criterion.label),
            help=label(criterion.help),
            section=headings.get(criterion.key, ""),
            coefficient=_coefficient(criterion),
            high=criterion.maximum,
            value=Decimal(as_decimal_string(sums[criterion.key])).normalize() if criterion.key in sums else None,
            weight=_weight(rubric, criterion),
            bands=_bands(criterion),
            band=draft.bands.get(criterion.key, ""),
            fields=_mark_fields(criterion, draft, errors),
            comment=_comment(criterion, draft, errors),
        )
        for number, criterion in enumerate(rubric.criteria, start=1)
    ]


def _section_headings(rubric: Rubric) -> dict[str, str]:
    """By criterion key: the heading of the weighted section that begins with that criterion."""
    firsts: dict[str | None, str] = {}
    for criterion in rubric.criteria:
        firsts.setdefault(criterion.section, criterion.key)
    return {
        firsts[section.key]: _(
            "%(section)s: %(points)s points", section=label(section.label), points=mark(section.weight)
        )
        for section in rubric.sections
        if section.key in firsts
    }


def field_errors(problems: Iterable[Problem]) -> dict[str, str]:
    """The first sentence for each form field that something is wrong with."""
    errors: dict[str, str] = {}
    for problem in problems:
        errors.setdefault(_field_of(problem), problem_sentence(problem))
    return errors


def shown_total(total: Fraction | str) -> Decimal | None:
    """A total with at most two decimals, for showing only; None for one that was erased."""
    if total == "":
        return None
    text = total if isinstance(total, str) else as_decimal_string(total)
    return Decimal(text).quantize(_CENT, rounding=ROUND_HALF_EVEN)


def _field_of(problem: Problem) -> str:
    if not problem.where:
        return OVERALL_FIELD
    return (COMMENT_FIELD if problem.code.startswith("comment-") else MARK_FIELD) + problem.where


def _weight(rubric: Rubric, criterion: Criterion) -> str:
    if criterion.is_comment_only:
        return "0"
    effective = total_of(rubric, {criterion.key: exact(criterion.weight)})
    return f"{effective.numerator}/{effective.denominator}"


def _mark_fields(criterion: Criterion, draft: Draft, errors: Mapping[str, str]) -> tuple[MarkField, ...]:
    helps = {f"{criterion.key}.{part.key}": part.help for part in criterion.parts}
    return tuple(
        MarkField(
            name=MARK_FIELD + key,
            label=label(text),
            low=scale.low,
            high=scale.high,
            step=scale.step,
            help=label(helps.get(key, "")),
            value=draft.marks.get(key),
            typed=draft.typed.get(key, ""),
            error=errors.get(MARK_FIELD + key, ""),
        )
        for key, text, scale in criterion.scales
    )


def _bands(criterion: Criterion) -> tuple[BandRow, ...]:
    best_first = sorted(criterion.bands, key=lambda band: band.low, reverse=True)
    return tuple(
        BandRow(key=band.key, label=label(band.label), meaning=label(band.meaning), low=band.low, high=band.high)
        for band in best_first
    )


def _coefficient(criterion: Criterion) -> str:
    if criterion.weight == 1 or criterion.is_comment_only:
        return ""
    return _(
        "Coefficient %(weight)s: up to %(points)s points.",
        weight=mark(criterion.weight),
        points=mark(criterion.maximum * criterion.weight),
    )


def _comment(criterion: Criterion, draft: Draft, errors: Mapping[str, str]) -> CommentField | None:
    if criterion.comment is CommentRule.NONE:
        return None
    helps = {
        CommentRule.REQUIRED: _("Needed for this criterion."),
        CommentRule.AT_ZERO: _("Needed when a mark is 0."),
        CommentRule.OPTIONAL: "",
    }
    value = draft.comments.get(criterion.key, "")
    error = errors.get(COMMENT_FIELD + criterion.key, "")
    return CommentField(
        name=COMMENT_FIELD + criterion.key,
        value=value,
        help=helps[criterion.comment],
        error=error,
        needed={CommentRule.REQUIRED: "always", CommentRule.AT_ZERO: "zero"}.get(criterion.comment, ""),
        open=bool(value or error) or criterion.comment is CommentRule.REQUIRED or criterion.is_comment_only,
    )
