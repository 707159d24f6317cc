"""What becomes of a round when some of its sheets are left out: who stands elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import islice

from judging.domain.leaving_out.cuts import Cuts
from judging.domain.leaving_out.ladder import Exchange, Rung
from judging.domain.leaving_out.orders import Order
from judging.domain.leaving_out.values import RankChange

_NOTHING = Fraction(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """The entries whose sheets are others (`gone`), of this round or another, and the rungs that they have then."""

    order: Order
    cuts: Cuts
    gone: Collection[str]
    come: Sequence[Rung]
    exchange: Exchange

    def of_read(self) -> Iterator[RankChange]:
        """Those of the gone whose rank or score is another here, or who have no sheet left."""
        ranks, cuts = self.exchange.ranks(), self.cuts.get(self.order.key, {})
        for entry in self.gone:
            own = self.order.standings.get(entry)
            if own is not None:
                after, cut = ranks.get(entry), cuts.get(entry)
                shift = _NOTHING if cut is None else cut.score.value - own.score.value
                if after is None:
                    yield RankChange(self.order.key, entry, own.rank, None, None)
                elif shift or after != own.rank:
                    yield RankChange(self.order.key, entry, own.rank, after, shift)

    def of_others(self, most: int | None) -> Iterator[RankChange]:
        """Those who move because others do, who moves furthest first, `most` of them."""
        for entry, before, after in islice(self.exchange.moves(), most):
            yield RankChange(self.order.key, entry, before, after, _NOTHING)


def change_of(order: Order, cuts: Cuts, gone: Collection[str]) -> Change:
    """The round with the entries that are `gone` at the places that the `cuts` leave them."""
    come = [rung for entry in gone if (rung := order.rung(entry, cuts)) is not None]
    return Change(order=order, cuts=cuts, gone=gone, come=come, exchange=order.ladder.exchange(gone, come))
