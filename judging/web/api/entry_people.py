"""Who has agreed to an entry, for whoever made it and for the office; sending a link, anew or again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from judging.db.models import EntryMember
from judging.domain.country import GivenBy
from judging.domain.permissions import can_see_entry
from judging.errors import N_, NotFound
from judging.services.access.api_tokens import ENTRIES, OFFICE, READ
from judging.services.entries.eligibility import today_in
from judging.services.entries.people.asking import Question, ask_person
from judging.services.entries.people.roles import LinkRole
from judging.services.entries.people.standing import MemberState, links_of_entry, member_states
from judging.services.entries.people.terms import Terms, terms_of
from judging.services.entries.relations import relation_to_entry
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import operation
from judging.web.api.schemas.entry_people import AskedPerson, ConsentProof, EntryPeople, LinkBody, MemberConsents
from judging.web.context import actor, contest, entry, now, platform, rules
from judging.web.transaction import db

if TYPE_CHECKING:
    from judging.db.models import PeopleLink

_TAG = "Entries"


@blueprint.get("/entries/<entry_id>/people")
@operation(
    tag=_TAG, answer=EntryPeople, scopes=(READ, ENTRIES, OFFICE), fails=(404,),
    roles=("contestant", "secretary", "organiser", "committee", "auditor"),
)  # fmt: skip
def get_entry_people(entry_id: str) -> Any:
    """Read whose agreement an entry needs, what was agreed to with its proof, and who was asked."""
    del entry_id
    return _answer()


@blueprint.post("/entries/<entry_id>/links")
@operation(
    tag=_TAG, answer=EntryPeople, roles=("contestant", "secretary", "organiser"), scopes=(ENTRIES, OFFICE),
    fails=(404, 409), example={"role": "school", "email": "truong@example.vn"},
)  # fmt: skip
def send_entry_link(entry_id: str, json: LinkBody) -> Any:
    """Send somebody the link that asks them, or send it again; the link before it ends."""
    del entry_id
    member = db().get(EntryMember, json.member) if json.member else None
    question = Question(role=LinkRole(json.role), email=json.email, name=json.name, member=member)
    ask_person(
        db(), settings=platform().settings, terms=_terms(), entry=entry(), question=question, actor=actor(), now=now()
    )
    return _answer()


def _answer() -> EntryPeople:
    row = entry()
    if not can_see_entry(actor(), relation_to_entry(db(), actor=actor(), entry=row)):
        raise NotFound(N_("There is nothing here."))
    states = member_states(db(), entry=row, terms=_terms(), on=today_in(contest(), now()))
    return EntryPeople(
        entry=row.id,
        members=[_member(state) for state in states],
        asked=[_asked(link) for link in links_of_entry(db(), entry=row)],
    )


def _terms() -> Terms:
    return terms_of(db(), contest=contest(), rules=rules())


def _member(state: MemberState) -> MemberConsents:
    words = [by for by in (GivenBy.GUARDIAN, GivenBy.SELF) if by in state.needed]
    return MemberConsents(
        member=state.member.id,
        needed=[by.value for by in words],
        missing=[by.value for by in state.lacking],
        consents=[
            ConsentProof(
                purpose=row.purpose, by=row.given_by, method=row.method, given_at=row.given_at,
                withdrawn_at=row.withdrawn_at, text=row.text_sha256,
            )
            for row in state.member.consents
        ],
        asked=[_asked(link) for link in state.member.links],
    )  # fmt: skip


def _asked(link: PeopleLink) -> AskedPerson:
    return AskedPerson(
        role=link.role, email=link.email, asked_at=link.asked_at, answer=link.answer, answered_at=link.answered_at
    )
