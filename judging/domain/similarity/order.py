"""Words that two texts have in common in the same order, however many others stand between them.

Of a text with every second word replaced hardly a phrase is left, and what is left stands where it stood. Works on one
theme share words too, but not their order. The longest common subsequence tells the two apart (Bergroth, Hakonen and
Raita 2000 compare the ways to compute it; this one is by rows of bits, Hyyrö 2004).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from itertools import pairwise

from rapidfuzz.distance import LCSseq

MOST_WORDS = 2_500
"""So many words of each text are compared."""

_FEWEST_WORDS = 60
"""Of shorter texts the order says too little: by chance alone they have much of it in common."""


def own_words(forms: Sequence[str], template: Collection[str]) -> list[str]:
    """The words of a text that stand in no phrase of `template`, in order."""
    kept = [True] * len(forms)
    for place, (first, second) in enumerate(pairwise(forms)):
        if f"{first} {second}" in template:
            kept[place] = kept[place + 1] = False
    return [form for form, counts in zip(forms, kept, strict=True) if counts][:MOST_WORDS]


def in_order(one: Sequence[str], other: Sequence[str]) -> float:
    """The share of words that two texts have in common in the same order, from 0 to 1, whichever is asked about."""
    if min(len(one), len(other)) < _FEWEST_WORDS:
        return 0.0
    return LCSseq.similarity(one, other) / math.sqrt(len(one) * len(other))
