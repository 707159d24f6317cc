"""What the office sees of an entry's consents: who has agreed, with proof; links sent again; forms on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.db.models import EntryMember
from judging.domain.country import PROFILES, GivenBy
from judging.domain.lifecycle import ContestPhase
from judging.domain.minimise import warn_of_fields
from judging.domain.permissions import can_configure, can_see_entry
from judging.domain.permissions.actors import DESK as ASKING
from judging.domain.policy import policy
from judging.errors import N_, Conflict, NotAllowed, NotFound, Refused
from judging.services.entries.eligibility import today_in
from judging.services.entries.people.asking import Question, ask_person
from judging.services.entries.people.paper import record_paper
from judging.services.entries.people.roles import OF_MEMBERS, LinkRole
from judging.services.entries.people.standing import MemberState, links_of_entry, member_states
from judging.services.entries.people.terms import change_terms, terms_of
from judging.services.entries.relations import relation_to_entry
from judging.web.consent_boxes import boxes, link_line, read_boxes, voice
from judging.web.context import actor, contest, entry, now, platform, rules
from judging.web.formats import error_sentence, problem_sentence
from judging.web.i18n import locale
from judging.web.organiser.acts import DESK, READERS, REFUSED, refusals_of
from judging.web.organiser.blueprint import blueprint
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from flask.typing import ResponseReturnValue


@blueprint.get("/entries/<entry_id>/consents")
@policy(*READERS)
def consents(entry_id: str) -> str:
    """Every author with what is agreed to and by whom, who was asked, and the form for what came on paper."""
    del entry_id
    return _page()


@blueprint.post("/entries/<entry_id>/consents/paper")
@policy(*DESK)
def consent_paper(entry_id: str) -> ResponseReturnValue:
    """Record a signed form by its code."""
    form = request.form
    refused = refusals_of(
        lambda: record_paper(
            db(), settings=platform().settings, entry=entry(), states=_states(), code=form.get("code", ""),
            agreed=read_boxes(form.getlist("agreed")), name=form.get("name", ""), actor=actor(), locale=locale(),
            now=now(),
        )
    )  # fmt: skip
    if refused:
        return _page(refused), REFUSED
    flash(_("The form is recorded. Keep the paper with the dossier."), "info")
    return redirect(url_for("organiser.consents", entry_id=entry_id))


@blueprint.post("/entries/<entry_id>/consents/ask")
@policy(*DESK)
def ask_again(entry_id: str) -> ResponseReturnValue:
    """Send somebody the link that asks them, or send it again."""
    form = request.form
    role = LinkRole(form["role"]) if form.get("role") in set(LinkRole) else LinkRole.COAUTHOR
    member = db().get(EntryMember, form.get("member", "")) if role in OF_MEMBERS else None
    question = Question(role=role, email=form.get("email", ""), member=member)
    terms = terms_of(db(), contest=contest(), rules=rules())
    try:
        with db().begin_nested():
            ask_person(
                db(), settings=platform().settings, terms=terms, entry=entry(), question=question, actor=actor(),
                now=now(),
            )  # fmt: skip
    except Refused as refused:
        flash(" ".join(problem_sentence(problem) for problem in refused.problems), "attention")
    except (Conflict, NotAllowed) as error:
        flash(error_sentence(error), "attention")
    else:
        flash(_("The letter is on its way."), "info")
    return redirect(url_for("organiser.consents", entry_id=entry_id))


@blueprint.route("/<slug>/settings/consents", methods=["GET", "POST"])
@policy("organiser")
def consent_terms(slug: str) -> ResponseReturnValue:
    """The country whose law decides who agrees, whether co-authors must confirm, and questions better left out."""
    refused: list[str] = []
    if request.method == "POST":
        refused = refusals_of(
            lambda: change_terms(
                db(), contest=contest(), actor=actor(), profile=request.form.get("profile", ""),
                coauthors_must=request.form.get("coauthors_must") == "1", now=now(),
            )
        )  # fmt: skip
        if not refused:
            flash(_("Recorded."), "info")
            return redirect(url_for("organiser.consent_terms", slug=slug))
    page = render_template(
        "organiser/entries/consent_terms.html",
        contest=contest(),
        rules=rules(),
        terms=terms_of(db(), contest=contest(), rules=rules()),
        profiles=[(one.key, _(one.label, age=one.guardian_below)) for one in PROFILES.values()],
        may_change=can_configure(actor(), phase=ContestPhase(contest().phase)),
        warnings=warn_of_fields(rules()),
        refused=refused,
    )
    return page, REFUSED if refused else 200


def _states() -> list[MemberState]:
    terms = terms_of(db(), contest=contest(), rules=rules())
    return member_states(db(), entry=entry(), terms=terms, on=today_in(contest(), now()))


def _page(refused: Sequence[str] = ()) -> str:
    if not can_see_entry(actor(), relation_to_entry(db(), actor=actor(), entry=entry())):
        raise NotFound(N_("There is nothing here."))
    zone = contest().zone
    ticked = request.form.getlist("agreed")
    return render_template(
        "organiser/entries/consents.html",
        contest=contest(),
        rules=rules(),
        entry=entry(),
        people=[_author(state, zone) for state in _states()],
        others=[link_line(link, zone) for link in links_of_entry(db(), entry=entry())],
        may_act=actor().has(*ASKING) and entry().erased_at is None,
        words=[(by, boxes(by, checked=ticked)) for by in (GivenBy.GUARDIAN, GivenBy.SELF)],
        typed=request.form,
        refused=refused,
    )


def _author(state: MemberState, zone: str) -> dict[str, Any]:
    words = [by for by in (GivenBy.GUARDIAN, GivenBy.SELF) if by in state.needed or state.given(by)]
    return {
        "member": state.member,
        "child": state.child,
        "lacking": bool(state.lacking),
        "voices": [voice(state, by, zone) for by in words],
        "links": [
            {"line": link_line(link, zone), "role": link.role, "email": link.email, "open": link.answered_at is None}
            for link in state.member.links
            if link.email
        ],
    }
