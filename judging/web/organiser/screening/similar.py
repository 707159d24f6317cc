"""Possible duplicates: the list of a contest, and what somebody who looked at two entries says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.domain.policy import policy
from judging.domain.similarity.rights import can_see_similar
from judging.errors import N_, NotAllowed
from judging.services.entries.relations import relation_to_entry
from judging.services.entries.similar.pairs import PairFilter, count_pairs, list_pairs, settle_pair
from judging.services.entries.similar.shown import code_of, declared_before
from judging.web.context import actor, contest, entry, now, platform, rules
from judging.web.formats import label
from judging.web.organiser.acts import DESK, READERS, REFUSED, refusals_of
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.entries.dossiers import dossier_page
from judging.web.organiser.screening.similar_texts import REASONS, reason_lines
from judging.web.paging import page_of
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_STATES = {"": False, "settled": True, "all": None}


@blueprint.get("/<slug>/similar")
@policy(*READERS)
def similar(slug: str) -> str:
    """The pairs of entries that look alike, the likest first; without a filter those that nobody has looked at."""
    del slug
    if not can_see_similar(actor()):
        raise NotAllowed(N_("You judge in this contest: what entries look like stays closed to you."))
    chosen = _chosen()
    page = page_of(count_pairs(db(), contest=contest(), actor=actor(), chosen=chosen))
    found = list_pairs(db(), contest=contest(), actor=actor(), chosen=chosen, offset=page.offset, limit=page.limit)
    registry = platform().registry
    return render_template(
        "organiser/screening/similar.html",
        contest=contest(),
        rules=rules(),
        rows=[
            {"found": one, "code": code_of(registry, one.other), "told": reason_lines(one),
             "declared": declared_before(one.one)}
            for one in found
        ],
        list_page=page,
        asked=request.args,
        states=[("", _("not looked at yet")), ("settled", _("looked at")), ("all", _("all"))],
        reasons=[(key, label(text)) for key, text in REASONS.items()],
    )  # fmt: skip


@blueprint.post("/entries/<entry_id>/similar")
@policy(*DESK)
def settle_similar(entry_id: str) -> ResponseReturnValue:
    """Record that two entries are the same work, or that they are not."""
    verdict, other = request.form.get("verdict", ""), request.form.get("other", "")
    if verdict not in ("same", "different"):
        return dossier_page([_("Say whether the two are the same work.")]), REFUSED

    def act() -> None:
        settle_pair(
            db(), entry=entry(), other_id=other, is_same=verdict == "same", note=request.form.get("note", ""),
            actor=actor(), relation=relation_to_entry(db(), actor=actor(), entry=entry()), now=now(),
        )  # fmt: skip

    refused = refusals_of(act)
    if refused:
        return dossier_page(refused), REFUSED
    flash(_("Recorded. The pair is no longer in the list of those to look at."), "info")
    return redirect(url_for("organiser.entry", entry_id=entry_id, _anchor="similar"))


def _chosen() -> PairFilter:
    reason = request.args.get("reason", "")
    return PairFilter(
        settled=_STATES.get(request.args.get("state", ""), False), reason=reason if reason in REASONS else ""
    )
