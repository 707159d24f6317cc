"""Who has agreed to an entry: shown to its lead, with links to send, boxes to answer oneself, and forms on paper."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import segno
from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from judging.db.models import EntryMember
from judging.domain.country import GivenBy, Purpose
from judging.domain.policy import policy
from judging.errors import Conflict, NotAllowed, Refused
from judging.services.entries.eligibility import today_in
from judging.services.entries.people.asking import Question, ask_person, may_ask
from judging.services.entries.people.paper import paper_code
from judging.services.entries.people.roles import OF_MEMBERS, LinkRole
from judging.services.entries.people.speaking import words_spoken
from judging.services.entries.people.standing import MemberState, links_of_entry, member_states
from judging.services.entries.people.terms import Terms, terms_of
from judging.web.consent_boxes import boxes, link_line, voice
from judging.web.context import account, actor, contest, entry, now, platform, rules
from judging.web.entrant.blueprint import blueprint
from judging.web.entrant.step_list import CONSENTS
from judging.web.formats import error_sentence, problem_sentence
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from judging.db.models import PeopleLink

_OF_ENTRY = (LinkRole.MENTOR, LinkRole.SCHOOL)


def contest_terms() -> Terms:
    """What the contest of the address asks of its people."""
    return terms_of(db(), contest=contest(), rules=rules())


def states_now() -> list[MemberState]:
    """The authors of the entry of the address, as things stand today."""
    return member_states(db(), entry=entry(), terms=contest_terms(), on=today_in(contest(), now()))


def consents_content() -> dict[str, Any]:
    """What the stop of consents shows: each author with voices and questions, then mentor and school."""
    shown, states = entry(), states_now()
    spoken = words_spoken(states, actor().account_id)
    links = links_of_entry(db(), entry=shown)
    return {
        "people": [_author(state, spoken) for state in states],
        "others": [_other(role, [link for link in links if link.role == role]) for role in _OF_ENTRY],
        "children": any(state.child for state in states),
        "may_ask": may_ask(shown, actor()),
        "owner": shown.owner_id == actor().account_id,
        "coauthors_must": contest_terms().coauthors_must,
    }


@blueprint.post("/entries/<entry_id>/ask")
@policy("contestant")
def ask(entry_id: str) -> ResponseReturnValue:
    """Send somebody the link that asks them, or send it again."""
    send_link()
    return redirect(url_for("entrant.step", entry_id=entry_id, step=CONSENTS, _anchor="answers"))


def send_link() -> None:
    """Send the link that the form names, and say what came of it."""
    form = request.form
    role = LinkRole(form["role"]) if form.get("role") in set(LinkRole) else LinkRole.COAUTHOR
    # Read anew, since the address names the entry and the form only one of its authors.
    member = db().get(EntryMember, form.get("member", "")) if role in OF_MEMBERS else None
    question = Question(role=role, email=form.get("email", ""), name=form.get("name", ""), member=member)
    try:
        with db().begin_nested():
            link = ask_person(
                db(), settings=platform().settings, terms=contest_terms(), entry=entry(), question=question,
                actor=actor(), now=now(),
            )  # fmt: skip
    except Refused as refused:
        flash(" ".join(problem_sentence(problem) for problem in refused.problems), "attention")
    except (Conflict, NotAllowed) as error:
        flash(error_sentence(error), "attention")
    else:
        flash(_("The letter to %(email)s is on its way.", email=link.email), "info")


@blueprint.get("/entries/<entry_id>/paper-consents")
@policy("contestant", "secretary", "organiser")
def paper_consents(**_address: str) -> str:
    """A form for each author who must agree, with its code, to be printed and signed."""
    sheets = []
    for state in states_now():
        code = paper_code(platform().settings, state.member.id)
        words = [by for by in (GivenBy.GUARDIAN, GivenBy.SELF) if by in state.needed]
        sheets.append(
            {
                "name": state.member.name or "–",
                "code": code,
                "picture": str(segno.make(code, error="m").svg_data_uri(scale=4, border=2, dark="#000", light="#fff")),
                "voices": [voice(state, by, contest().zone, boxes(by)) for by in words],
            }
        )
    return render_template(
        "entrant/paper_consents.html", entry=entry(), contest=contest(), rules=rules(), sheets=sheets
    )


def _author(state: MemberState, spoken: frozenset[tuple[str, GivenBy]]) -> dict[str, Any]:
    member, zone = state.member, contest().zone
    voices = []
    for by in (GivenBy.GUARDIAN, GivenBy.SELF):
        if by not in state.needed and not state.given(by):
            continue
        own = [
            purpose
            for purpose in state.given(by)
            if (member.id, by) in spoken or state.standing[purpose, by].by_account_id == actor().account_id
        ]
        elsewhere = state.given(by) and not own
        checked = {f"{member.id}:{by}:{purpose}" for purpose in own}
        offered = () if elsewhere or by not in state.needed else boxes(by, prefix=f"{member.id}:", checked=checked)
        voices.append(voice(state, by, zone, offered))
    return {
        "member": member,
        "child": state.child,
        "lacking": [by.value for by in state.lacking] if state.child else [],
        "confirmed": state.confirmed,
        "voices": voices,
        "questions": [_question(role, state) for role in _roles_for(state)],
    }


def _roles_for(state: MemberState) -> list[LinkRole]:
    """Who can be asked about an author: the guardian of a child; the author, unless it is the reader's own account."""
    own = any(link.role == LinkRole.COAUTHOR and link.account_id == account().id for link in state.member.links)
    roles = [LinkRole.GUARDIAN] if GivenBy.GUARDIAN in state.needed else []
    return [*roles, LinkRole.COAUTHOR] if GivenBy.SELF in state.needed and not own else roles


def _question(role: LinkRole, state: MemberState) -> dict[str, Any]:
    links = [link for link in state.member.links if link.role == role]
    email = links[-1].email if links else state.member.email if role is LinkRole.COAUTHOR else ""
    return {**_other(role, links), "member": state.member.id, "email": email}


def _other(role: LinkRole, links: list[PeopleLink]) -> dict[str, Any]:
    return {
        "role": role.value,
        "lines": [link_line(link, contest().zone) for link in links],
        "asked": bool(links),
        "answered": any(link.answered_at is not None for link in links),
        "email": links[-1].email if links else "",
        "name": links[-1].name if links else "",
        "member": "",
    }


def posted_words() -> dict[Purpose, list[tuple[str, GivenBy]]]:
    """The boxes that were ticked, by purpose; a box without a purpose is about the name."""
    found: dict[Purpose, list[tuple[str, GivenBy]]] = {purpose: [] for purpose in Purpose}
    for text in request.form.getlist("consent"):
        member, _sep, rest = text.partition(":")
        by, _sep, purpose = rest.partition(":")
        purpose = purpose or Purpose.PUBLISH_NAME.value
        if by in set(GivenBy) and purpose in set(Purpose):
            found[Purpose(purpose)].append((member, GivenBy(by)))
    return found
