"""The list of entries that a province sends to the national contest."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from judging.api import N_, Report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from judging.api import ContestRules, Standing


def list_send_up(rules: ContestRules, standings: Sequence[Standing]) -> list[list[str]]:
    """Rank, entry, category and score (two places, for reading only) of the entries within the places sent up.

    Entries that share the last place are all listed: leaving one out is the council's decision, not the program's.
    """
    places = rules.value("send_up")
    if not isinstance(places, int):
        raise TypeError(places)
    labels = {category.key: category.label for category in rules.categories}
    return [
        [str(standing.rank), standing.entry, labels.get(standing.category, standing.category), _rounded(standing)]
        for standing in sorted(standings, key=lambda standing: (standing.rank, standing.entry))
        if standing.rank <= places
    ]


def _rounded(standing: Standing) -> str:
    score = standing.score.value
    return str((Decimal(score.numerator) / Decimal(score.denominator)).quantize(Decimal("0.01")))


SEND_UP = Report(
    key="youth-creativity-send-up",
    label=N_("Send-up list for the national contest"),
    columns=(N_("Rank"), N_("Entry"), N_("Category"), N_("Score")),
    rows=list_send_up,
)
