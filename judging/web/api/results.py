"""Published results, for everybody."""

from __future__ import annotations

from collections.abc import Mapping

from judging.domain.policy import PUBLIC
from judging.errors import N_, NotFound
from judging.services.access.api_tokens import ENTRIES, JUDGE, OFFICE, READ
from judging.services.results.published import Winner as Won
from judging.services.results.published import list_winners, public_publication
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import operation
from judging.web.api.schemas.rounds import Results, Winner
from judging.web.contest_side import public_contest
from judging.web.context import contest, rules
from judging.web.formats import entry_code, label
from judging.web.transaction import db


@blueprint.get("/contests/<slug>/results")
@operation(tag="Results", answer=Results, roles=(PUBLIC,), scopes=(READ, ENTRIES, JUDGE, OFFICE), fails=(404,))
def get_results(slug: str) -> Results:
    """Read the published results. Before the publication there is nothing here, whatever there is to know."""
    del slug
    shown = public_contest()
    publication = public_publication(db(), contest=shown)
    if publication is None:
        raise NotFound(N_("There is nothing here."))
    order = {award.key: place for place, award in enumerate(rules().awards)}
    labels = {award.key: label(award.label) for award in rules().awards}
    won = list_winners(db(), contest=shown, rules=rules(), ranking=publication.ranking)
    prizes = sorted(
        (_winner(one, labels) for one in won),
        key=lambda one: (order.get(one.level, len(order)), one.board, one.rank or 0, one.code),
    )
    return Results(
        contest=contest().slug, published_at=publication.at, decision=shown.decision, sha256=publication.sha256,
        prizes=prizes,
    )  # fmt: skip


def _winner(won: Won, labels: Mapping[str, str]) -> Winner:
    entry, standing = won.entry, won.standing
    return Winner(
        level=won.level, label=labels.get(won.level, won.level), board=won.board, entry=entry.alias,
        code=entry_code(entry.number, rules().prefix), title=entry.title, category=entry.category,
        names=list(won.names), units=list(won.units), score=standing["score"] if standing else None,
        rank=standing["rank"] if standing else None,
    )  # fmt: skip
