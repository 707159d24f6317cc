"""What a link from a letter asks: a guardian, a co-author, a mentor, a school.

Opening the link changes nothing, since mail scanners open links too: its token leaves the address at once and waits in
the browser's session. Links that were used, are too old or were made up are answered alike.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from judging.domain.country import GivenBy
from judging.domain.policy import policy
from judging.errors import Refused
from judging.services.contests.editions import contest_rules
from judging.services.entries.eligibility import today_in
from judging.services.entries.people.answering import Answer, answer_question
from judging.services.entries.people.asking import ANSWER_PATH, find_question
from judging.services.entries.people.roles import OF_MEMBERS, LinkRole, word_of
from judging.services.entries.people.standing import state_of
from judging.services.entries.people.terms import terms_of
from judging.services.entries.people.wording import CONFIRMATIONS, in_language
from judging.services.links import TOKEN_PARAMETER
from judging.web.consent_boxes import Voice, boxes, read_boxes, voice
from judging.web.context import now, platform
from judging.web.formats import problem_sentence
from judging.web.i18n import LANGUAGES, locale
from judging.web.people.blueprint import blueprint
from judging.web.people.my_consents import remember
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask.typing import ResponseReturnValue

    from judging.db.models import PeopleLink
    from judging.services.entries.people.standing import MemberState

_TOKEN = "people_link"  # noqa: S105 - the name under which the session keeps it
_GONE, _REFUSED = 410, 422


@blueprint.get(ANSWER_PATH)
@policy("public")
def take_token() -> ResponseReturnValue:
    """Take the token out of the address."""
    session[_TOKEN] = request.args.get(TOKEN_PARAMETER, "")[:200]
    return redirect(url_for("people.answer"))


@blueprint.get("/answer/open")
@policy("public")
def answer() -> ResponseReturnValue:
    """Say in plain words who asks, what about, and what can be agreed to; nothing is ticked."""
    link = find_question(db(), token=session.get(_TOKEN, ""), now=now())
    return _spent() if link is None else _page(link)


@blueprint.post("/answer/open")
@policy("public")
def give_answer() -> ResponseReturnValue:
    """Record the answer and use the link up."""
    link = find_question(db(), token=session.get(_TOKEN, ""), now=now())
    if link is None:
        return _spent()
    shown = request.form.get("locale", "")
    given = Answer(
        name=request.form.get("name", ""),
        accepts=request.form.get("act") == "yes",
        locale=shown if shown in LANGUAGES else locale(),
        agreed=read_boxes(request.form.getlist("agreed")),
    )
    try:
        with db().begin_nested():
            token = answer_question(
                db(), settings=platform().settings, link=link, answer=given, words=_words(link), now=now()
            )
    except Refused as refused:
        return _page(link, [problem_sentence(problem) for problem in refused.problems]), _REFUSED
    session.pop(_TOKEN, None)
    if not token or link.role not in OF_MEMBERS:
        return render_template("people/thanks.html", accepted=given.accepts)
    remember(token)
    flash(_("Thank you. What you agreed to is recorded, and a letter with your personal link is on its way."), "info")
    return redirect(url_for("people.my_consents"))


def _page(link: PeopleLink, refused: Sequence[str] = ()) -> str:
    # The contest gives the page its accent and words.
    g.contest = link.entry.contest
    role, state = LinkRole(link.role), _state(link)
    return render_template(
        "people/answer.html",
        link=link,
        role=role.value,
        entry=link.entry,
        contest=link.entry.contest,
        child=state is not None and state.child,
        voices=_voices(link, state),
        statement=in_language(CONFIRMATIONS[role.value], locale()) if role.value in CONFIRMATIONS else "",
        ticked=request.form.getlist("agreed"),
        name=request.form.get("name", link.name if role is not LinkRole.SCHOOL else ""),
        refused=refused,
    )


def _state(link: PeopleLink) -> MemberState | None:
    if link.member is None:
        return None
    contest = link.entry.contest
    terms = terms_of(db(), contest=contest, rules=contest_rules(platform().registry, contest))
    return state_of(link.member, terms=terms, on=today_in(contest, now()))


def _words(link: PeopleLink) -> tuple[GivenBy, ...]:
    """Whose words this person may give: their own; a guardian also what the child says beside them."""
    state = _state(link)
    if state is None:
        return ()
    own = word_of(LinkRole(link.role))
    return (own, GivenBy.SELF) if own is GivenBy.GUARDIAN and GivenBy.SELF in state.needed else (own,)


def _voices(link: PeopleLink, state: MemberState | None) -> list[Voice]:
    ticked: list[str] = request.form.getlist("agreed")
    zone: str = link.entry.contest.zone
    return [] if state is None else [voice(state, by, zone, boxes(by, checked=ticked)) for by in _words(link)]


def _spent() -> tuple[str, int]:
    session.pop(_TOKEN, None)
    return render_template("people/spent.html"), _GONE
