"""What was found in common, weighed: rare phrases much, common ones nothing, and only what stands out is told.

Works on one theme share its words. So the overlap of two texts is held against the overlap with the next ones in the
list: a copy stands out from them, an honest work among its like does not. Passages that many works have (see
`templates`) count on neither side.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from judging.domain.similarity.pictures import likeness
from judging.domain.similarity.words import forms_of

MOST_SHOWN = 3
MANY_CANDIDATES = 40

FEW = 3
"""A file, picture or title that more works than this have in common is a form, a logo or a fashion."""

_TWINS = 3
_BACKGROUND = 5
_FACTOR = 2.3
_MARGIN = 0.006
_UNKNOWN = 0.5
_VERBATIM = 0.85
_ORDER_FACTOR = 2.1
_ORDER_UNKNOWN = 0.3
_FEWEST_PRINTS = 30

_SAME_TITLE = 0.92
_SHORTEST_TITLE = 5
_TITLE_ALONE = 0.5
_FILE = 0.98


def rarity(count: int, total: int) -> float:
    """What a phrase is worth that `count` of `total` works have: next to nothing when all have it.

    A phrase that more works have than there are editions of one loses more: it is of a theme or of a template.
    """
    count = max(1, count)
    return max(0.0, math.log((total + 1) / count)) * math.sqrt(min(1.0, (FEW + 1) / count))


def overlap(shared: float, own: float, prints: int, other_prints: int) -> float:
    """How much two texts have in common, from 0 to 1, whichever of them is asked about.

    `shared` is the rarity of the common prints, `own` that of all prints of the one; the other's are taken to be
    worth the same on average.
    """
    if own <= 0 or prints < _FEWEST_PRINTS or other_prints < _FEWEST_PRINTS:
        return 0.0
    return min(1.0, shared / (own * math.sqrt(other_prints / prints)))


def told_overlap(own: float, whole: float) -> float:
    """The overlap that is told: `own` is that of what the works wrote themselves, `whole` that of all their words.

    Whatever stands in a template, a text that is the other's from end to end is the same text.
    """
    return whole if whole >= _VERBATIM else own


def background(overlaps: Sequence[float], total: int) -> float:
    """What works of this theme have in common anyway: the mean of the fourth to eighth highest overlap.

    Among few works nobody knows yet what is common: then it is taken to be more.
    """
    return sum(sorted(overlaps, reverse=True)[_TWINS : _TWINS + _BACKGROUND]) / _BACKGROUND + _UNKNOWN / total


def usual_order(shares: Sequence[float]) -> float:
    """The share of words that works of this theme have in the same order: the mean of the fourth to eighth highest.

    Among fewer works nobody knows: then it is taken to be what short texts on one theme have at most.
    """
    if len(shares) < _TWINS + _BACKGROUND:
        return _ORDER_UNKNOWN
    return sum(sorted(shares, reverse=True)[_TWINS : _TWINS + _BACKGROUND]) / _BACKGROUND


def title_likeness(one: str, other: str) -> float:
    """How alike two titles are, from 0 to 1, whatever the order of their words; 0 for very short ones."""
    first, second = forms_of(one), forms_of(other)
    if min(len(first), len(second)) < _SHORTEST_TITLE:
        return 0.0
    return float(fuzz.token_sort_ratio(" ".join(first), " ".join(second))) / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What one work has in common with another.

    `text` is the overlap of the texts and `usual` that with works on the same theme; `order` and `order_usual` are the
    same of words in the same order (see `judging.domain.similarity.order`). `pictures` maps pairs of files to
    how many bits of their looks differ, `files` lists pairs that are equal byte by byte.
    """

    text: float = 0.0
    usual: float = 0.0
    order: float = 0.0
    order_usual: float = 0.0
    title: float = 0.0
    pictures: Mapping[tuple[str, str], int] = field(default_factory=dict)
    files: Sequence[tuple[str, str]] = ()

    @property
    def by_text(self) -> bool:
        """Whether the texts have more in common than a theme explains."""
        return self.by_phrases or self.by_order

    @property
    def by_order(self) -> bool:
        """Whether more of the words stand in the same order than a theme explains."""
        return self.order > _ORDER_FACTOR * self.order_usual

    @property
    def by_phrases(self) -> bool:
        """Whether the texts have more phrases in common than a theme explains."""
        return self.text >= _VERBATIM or self.text > _FACTOR * self.usual + _MARGIN

    @property
    def by_title(self) -> bool:
        """Whether the titles are nearly the same."""
        return self.title >= _SAME_TITLE

    @property
    def reasons(self) -> tuple[str, ...]:
        """By what the works look alike: file, picture, text, title."""
        told = {"file": bool(self.files), "picture": bool(self.pictures), "text": self.by_text, "title": self.by_title}
        return tuple(reason for reason, counts in told.items() if counts)

    @property
    def score(self) -> float:
        """From 0 (nothing to tell) to 1: how much of all this is beyond what a theme explains."""
        parts = [_FILE] if self.files else []
        parts += [likeness(distance) for distance in self.pictures.values()]
        if self.by_text:
            # A pair whose words were exchanged has little left in common, and is told all the same.
            parts.append(min(1.0, 0.3 + max(self.text, self.order if self.by_order else 0.0)))
        if self.by_title:
            parts.append(_TITLE_ALONE)
        return 1 - math.prod(1 - part for part in parts)
