"""From the decimal strings of a sheet leaf to marks that the rubric of its round takes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from judging.domain.ledger.faults import LeafError
from judging.domain.memory import ByIdentity
from judging.domain.rubric import Rubric, Scale
from judging.errors import N_

_MOST_KNOWN = 100_000


class _Marks:
    """Reads the marks of one rubric; what was read once is remembered, since few marks are ever given."""

    def __init__(self, rubric: Rubric) -> None:
        self._scales: dict[str, Scale] = {key: scale for one in rubric.criteria for key, _, scale in one.scales}
        self._known: dict[tuple[str, str], tuple[str, Decimal]] = {}

    def read(self, scores: Mapping[str, str]) -> dict[str, Decimal]:
        try:
            known = self._known
            # Key and mark are looked up together, and shared by all sheets.
            marks = dict([known[item] for item in scores.items()])
        except KeyError:
            marks = {key: self._read_one(key, text) for key, text in scores.items()}
        if len(marks) != len(self._scales):
            missing = next(iter(self._scales.keys() - marks.keys()))
            raise LeafError(N_("A sheet has no mark for “%(criterion)s”."), criterion=missing)
        return marks

    def _read_one(self, key: str, text: str) -> Decimal:
        scale = self._scales.get(key)
        mark = Decimal(text)
        if scale is None or not scale.holds(mark):
            raise LeafError(N_("The rubric takes no mark “%(mark)s” for “%(criterion)s”."), mark=text, criterion=key)
        if len(self._known) >= _MOST_KNOWN:
            self._known.clear()
        own_key = next(one for one in self._scales if one == key)
        self._known[key, text] = (own_key, mark)
        return mark


_marks_of: ByIdentity[Rubric, _Marks] = ByIdentity(_Marks)


def read_scores(rubric: Rubric, scores: Mapping[str, str]) -> dict[str, Decimal]:
    """The marks of a whole sheet. Raises LeafError for a criterion without a mark, or a mark that no scale takes."""
    return _marks_of(rubric).read(scores)
