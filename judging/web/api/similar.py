"""What an entry looks like, for the office."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from judging.domain.similarity.rights import can_see_similar
from judging.errors import N_, NotFound
from judging.services.access.api_tokens import OFFICE
from judging.services.entries.similar.comparing import passages_in_common
from judging.services.entries.similar.pairs import similar_to
from judging.services.entries.similar.shown import declared_before, plain_pair
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import operation
from judging.web.api.schemas.similar import SimilarList, SimilarPairAnswer, SimilarPassage
from judging.web.context import actor, entry, platform
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from judging.domain.similarity.passages import Passage, Piece


@blueprint.get("/entries/<entry_id>/similar")
@operation(
    tag="Running a contest", answer=SimilarList, roles=("organiser", "secretary", "committee", "auditor"),
    scopes=(OFFICE,), fails=(404,),
)  # fmt: skip
def get_similar_entries(entry_id: str) -> Any:
    """Read which entries of the organisation look like this one, with the passages in common. A hint, not a verdict."""
    del entry_id
    if not can_see_similar(actor()):
        raise NotFound(N_("There is nothing here."))
    found = similar_to(db(), entry=entry(), actor=actor())
    passages = passages_in_common(db(), found=found)
    items = [
        SimilarPairAnswer(
            **plain_pair(platform().registry, one), passages=_passages(passages.get(one.other.id, ()))
        )
        for one in found
    ]  # fmt: skip
    return SimilarList(declared=declared_before(entry()), items=items)


def _passages(passages: Sequence[Passage]) -> list[SimilarPassage]:
    return [SimilarPassage(here=_text(one.one), there=_text(one.other), words=one.words) for one in passages]


def _text(pieces: Sequence[Piece]) -> str:
    return "".join(piece.text for piece in pieces)
