"""Rubrics as frozen data: what a judge scores and which marks a criterion takes.

All numbers are `Decimal`: marks and weights are written by people in decimal notation and must be read back exactly.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from judging.domain.keys import check_key, check_unique
from judging.domain.numbers import is_ordinary
from judging.errors import N_, RulesError


class CommentRule(StrEnum):
    """When a judge must write a comment beside a criterion."""

    NONE = "none"
    OPTIONAL = "optional"
    REQUIRED = "required"
    AT_ZERO = "at-zero"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """Marks from `low` to `high` in steps of `step`, both ends included.

    >>> Scale(high=Decimal(30)).holds(Decimal("27.5"))
    True
    """

    low: Decimal = Decimal(0)
    high: Decimal
    step: Decimal = Decimal("0.5")

    def __post_init__(self) -> None:
        if not all(is_ordinary(number) for number in (self.low, self.high, self.step)):
            raise RulesError(N_("A scale takes ordinary numbers only."))
        if self.low < 0 or self.high <= self.low:
            raise RulesError(
                N_("A scale must rise from 0 or more: %(low)s to %(high)s does not."), low=self.low, high=self.high
            )
        if self.step <= 0 or (self.high - self.low) % self.step != 0:
            raise RulesError(
                N_("Steps of %(step)s do not lead from %(low)s to %(high)s."),
                step=self.step,
                low=self.low,
                high=self.high,
            )

    def holds(self, mark: Decimal) -> bool:
        """Whether `mark` lies on the scale: within its ends and on a step."""
        return self.low <= mark <= self.high and (mark - self.low) % self.step == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A named range of marks inside a criterion; the bands of one criterion exclude each other."""

    key: str
    label: str
    low: Decimal
    high: Decimal
    meaning: str = ""

    def __post_init__(self) -> None:
        check_key(self.key)
        if not (is_ordinary(self.low) and is_ordinary(self.high)):
            raise RulesError(N_("A scale takes ordinary numbers only."))
        if self.low < 0 or self.high < self.low:
            raise RulesError(N_("Band “%(band)s” must not end before it begins."), band=self.label)

    def holds(self, mark: Decimal) -> bool:
        """Whether `mark` lies between the band's ends, both included."""
        return self.low <= mark <= self.high


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A sub-criterion: its marks are added up to the criterion's mark."""

    key: str
    label: str
    scale: Scale
    help: str = ""

    def __post_init__(self) -> None:
        check_key(self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One line of a rubric.

    It has a `scale`, or `parts` that add up, or neither: then it takes a comment and no mark. `bands` divide the scale:
    a mark must lie inside one of them. `weight` is the coefficient that the mark is multiplied by. `section` names the
    weighted section of the rubric that the criterion counts in, when the round has sections.
    """

    key: str
    label: str
    help: str = ""
    scale: Scale | None = None
    bands: tuple[Band, ...] = ()
    parts: tuple[Part, ...] = ()
    weight: Decimal = Decimal(1)
    comment: CommentRule = CommentRule.OPTIONAL
    section: str | None = None

    def __post_init__(self) -> None:
        check_key(self.key)
        if self.scale is not None and self.parts:
            raise RulesError(N_("Criterion “%(criterion)s” has both a scale and sub-criteria."), criterion=self.label)
        if self.bands and self.scale is None:
            raise RulesError(N_("Criterion “%(criterion)s” has bands but no scale."), criterion=self.label)
        if not is_ordinary(self.weight) or self.weight <= 0:
            raise RulesError(N_("The coefficient of “%(criterion)s” must be above 0."), criterion=self.label)
        if self.is_comment_only and self.comment is CommentRule.NONE:
            raise RulesError(N_("Criterion “%(criterion)s” takes neither a mark nor a comment."), criterion=self.label)
        check_unique("sub-criterion", [part.key for part in self.parts])
        check_unique("band", [band.key for band in self.bands])
        self._check_bands()

    def _check_bands(self) -> None:
        if self.scale is None:
            return
        rising = sorted(self.bands, key=lambda band: band.low)
        for lower, upper in pairwise(rising):
            if upper.low <= lower.high:
                raise RulesError(
                    N_("Bands “%(lower)s” and “%(upper)s” of “%(criterion)s” overlap."),
                    lower=lower.label,
                    upper=upper.label,
                    criterion=self.label,
                )
        for band in self.bands:
            if not (self.scale.holds(band.low) and self.scale.holds(band.high)):
                raise RulesError(
                    N_("Band “%(band)s” does not lie on the scale of “%(criterion)s”."),
                    band=band.label,
                    criterion=self.label,
                )

    @property
    def is_comment_only(self) -> bool:
        """Whether the criterion takes no mark."""
        return self.scale is None and not self.parts

    @property
    def maximum(self) -> Decimal:
        """The highest mark before the coefficient; 0 for a comment."""
        if self.parts:
            return sum((part.scale.high for part in self.parts), Decimal(0))
        return self.scale.high if self.scale is not None else Decimal(0)

    @property
    def scales(self) -> tuple[tuple[str, str, Scale], ...]:
        """Every number that a sheet holds for this criterion: (mark key, label, scale).

        A sub-criterion's key is `criterion.part`.
        """
        if self.parts:
            return tuple((f"{self.key}.{part.key}", part.label, part.scale) for part in self.parts)
        return ((self.key, self.label, self.scale),) if self.scale is not None else ()

    def band_of(self, mark: Decimal) -> Band | None:
        """The band that `mark` lies in, or None."""
        return next((band for band in self.bands if band.holds(mark)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A weighted part of a rubric, for example 30 for the dossier and 70 for the presentation.

    The marks of its criteria count as a share of their maximum, times `weight`.
    """

    key: str
    label: str
    weight: Decimal

    def __post_init__(self) -> None:
        check_key(self.key)
        if not is_ordinary(self.weight) or self.weight <= 0:
            raise RulesError(N_("The weight of section “%(section)s” must be above 0."), section=self.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rubric:
    """All criteria of a round.

    `total` is the scale on which the sheet's total is stated, whatever the criteria add up to: with a total of 100 and
    criteria that add up to 90 every sheet counts 100/90 of its marks. None keeps the plain sum.
    """

    criteria: tuple[Criterion, ...]
    sections: tuple[Section, ...] = ()
    total: Decimal | None = None

    def __post_init__(self) -> None:
        check_unique("criterion", [criterion.key for criterion in self.criteria])
        check_unique("section", [section.key for section in self.sections])
        if not any(not criterion.is_comment_only for criterion in self.criteria):
            raise RulesError(N_("A rubric needs at least one criterion that takes a mark."))
        if self.total is not None and (not is_ordinary(self.total) or self.total <= 0):
            raise RulesError(N_("The total scale of a rubric must be above 0."))
        self._check_sections()

    def _check_sections(self) -> None:
        known = {section.key for section in self.sections}
        for criterion in self.criteria:
            if criterion.is_comment_only or (criterion.section is None and not known):
                continue
            if criterion.section not in known:
                raise RulesError(
                    N_("Criterion “%(criterion)s” must count in one of the rubric's sections."),
                    criterion=criterion.label,
                )
        used = {criterion.section for criterion in self.criteria if not criterion.is_comment_only}
        for section in self.sections:
            if section.key not in used:
                raise RulesError(N_("No criterion counts in section “%(section)s”."), section=section.label)

    @property
    def raw_maximum(self) -> Decimal:
        """The highest sum of marks before it is brought to `total`."""
        if self.sections:
            return sum((section.weight for section in self.sections), Decimal(0))
        return sum((criterion.maximum * criterion.weight for criterion in self.criteria), Decimal(0))

    @property
    def maximum(self) -> Decimal:
        """The highest total that a sheet can have."""
        return self.raw_maximum if self.total is None else self.total

    def criterion(self, key: str) -> Criterion | None:
        """The criterion of that key, or None."""
        return next((criterion for criterion in self.criteria if criterion.key == key), None)
