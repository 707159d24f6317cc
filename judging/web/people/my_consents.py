"""What one agreed to, and taking it back in one step: by the personal link from a letter, or by one's account."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from judging.domain.country import GivenBy
from judging.domain.policy import policy
from judging.errors import N_, NotFound
from judging.services.contests.editions import contest_rules
from judging.services.entries.eligibility import today_in
from judging.services.entries.people.asking import MY_CONSENTS_PATH, find_lasting
from judging.services.entries.people.giving import Proof, give_consents, take_back
from judging.services.entries.people.roles import OF_MEMBERS, LinkRole, Method
from judging.services.entries.people.speaking import links_of_account, words_of_link
from judging.services.entries.people.standing import MemberState, state_of
from judging.services.entries.people.terms import Terms, terms_of
from judging.services.links import TOKEN_PARAMETER
from judging.web.consent_boxes import boxes, consent_line, read_boxes
from judging.web.context import account, now, platform
from judging.web.i18n import LANGUAGES, locale
from judging.web.people.blueprint import blueprint
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

    from judging.db.models import Consent, Contest, PeopleLink

_TOKEN = "my_consents"  # noqa: S105 - the name under which the session keeps it


def remember(token: str) -> None:
    """Let this browser show the consents of that personal link."""
    session[_TOKEN] = token


@blueprint.get(MY_CONSENTS_PATH)
@policy("public")
def my_consents() -> ResponseReturnValue:
    """What the reader agreed to, each with its proof; a personal link leaves the address first."""
    if TOKEN_PARAMETER in request.args:
        remember(request.args[TOKEN_PARAMETER][:200])
        return redirect(url_for("people.my_consents"))
    personal = find_lasting(db(), token=session.get(_TOKEN, ""))
    return render_template(
        "people/my_consents.html",
        rows=[_row(link) for link in _links(personal)],
        personal=personal is not None,
        may_link=personal is not None and personal.account_id is None and current_user.is_authenticated,
        signed_in=current_user.is_authenticated,
    )


@blueprint.post(MY_CONSENTS_PATH)
@policy("public")
def change() -> ResponseReturnValue:
    """Take one consent back, give others, or tie the personal link to the account that is signed in."""
    form = request.form
    personal = find_lasting(db(), token=session.get(_TOKEN, ""))
    link = next((one for one in _links(personal) if one.id == form.get("link")), None)
    if link is None or link.member is None:
        raise NotFound(N_("There is nothing here."))
    if form.get("act") == "link":
        _tie_to_account(link)
    elif form.get("act") == "give":
        _give(link)
    else:
        _take_back(link, form.get("consent", ""))
    return redirect(url_for("people.my_consents", _anchor=link.id))


def _links(personal: PeopleLink | None) -> list[PeopleLink]:
    """The links that the reader holds: the personal one of this browser, then those of the account."""
    of_account = links_of_account(db(), account_id=account().id) if current_user.is_authenticated else ()
    first = [personal] if personal is not None and personal.role in OF_MEMBERS else []
    return first + [link for link in of_account if link not in first]


def _tie_to_account(link: PeopleLink) -> None:
    if link.account_id is None and current_user.is_authenticated:
        link.account_id = account().id
        flash(_("The entry is now among those of your account."), "info")


def _give(link: PeopleLink) -> None:
    state, shown = _state(link), request.form.get("locale", "")
    words = _words(link, state)
    ticked = read_boxes(request.form.getlist("agreed"))
    proof = _proof(link, shown if shown in LANGUAGES else locale())
    for by in words:
        purposes = [purpose for purpose, word in ticked if word is by]
        give_consents(db(), entry=link.entry, member=state.member, by=by, purposes=purposes, proof=proof, now=now())
    if ticked:
        flash(_("Recorded."), "info")
    else:
        flash(_("Nothing was ticked, so nothing was recorded."), "attention")


def _take_back(link: PeopleLink, consent_id: str) -> None:
    state = _state(link)
    row = next((one for one in _given(link, state) if one.id == consent_id), None)
    if row is None:
        flash(_("This was taken back already."), "attention")
        return
    take_back(db(), entry=link.entry, consent=row, proof=_proof(link, locale()), now=now())
    flash(_("Taken back. It holds at once, on all pages."), "info")


def _proof(link: PeopleLink, shown: str) -> Proof:
    mine = current_user.is_authenticated and link.account_id == account().id
    name = link.answered_name or link.name
    if mine:
        return Proof(method=Method.ACCOUNT, name=account().name, locale=shown, account_id=account().id)
    return Proof(method=Method.LINK, name=name, locale=shown)


def _state(link: PeopleLink) -> MemberState:
    if link.member is None:
        raise NotFound(N_("There is nothing here."))
    return state_of(link.member, terms=_terms(link.entry.contest), on=today_in(link.entry.contest, now()))


def _terms(contest: Contest) -> Terms:
    """The contest's terms, asked for once in a request however many entries of it are shown."""
    known: dict[str, Terms] = g.setdefault("people_terms", {})
    if contest.id not in known:
        known[contest.id] = terms_of(db(), contest=contest, rules=contest_rules(platform().registry, contest))
    return known[contest.id]


def _words(link: PeopleLink, state: MemberState) -> list[GivenBy]:
    return sorted(by for _member, by in words_of_link(link, state))


def _given(link: PeopleLink, state: MemberState) -> list[Consent]:
    words = _words(link, state)
    return [row for (_purpose, by), row in sorted(state.standing.items()) if by in words]


def _row(link: PeopleLink) -> dict[str, Any]:
    state, zone = _state(link), link.entry.contest.zone
    words = _words(link, state)
    standing = {f"{by}:{purpose}" for purpose, by in state.standing}
    missing = [(by, [box for box in boxes(by) if box.value not in standing]) for by in words]
    back = [row for row in state.member.consents if row.withdrawn_at is not None and row.given_by in words]
    return {
        "link": link,
        "entry": link.entry,
        "contest": link.entry.contest,
        "member": state.member,
        "guardian": link.role == LinkRole.GUARDIAN,
        "child": state.child,
        "given": [(row.id, row.given_by, consent_line(row, zone)) for row in _given(link, state)],
        "back": [consent_line(row, zone) for row in back],
        "missing": [(by.value, found) for by, found in missing if found],
        "may_see": link.account_id is not None and current_user.is_authenticated,
    }
