"""Entries: listed by whom they belong to or by role, begun, read, changed, handed in, withdrawn."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import g, url_for

from judging.db.queries.api import list_entries as query_entries
from judging.domain.lifecycle import EntryState
from judging.errors import Refused
from judging.services.access.api_tokens import ENTRIES, JUDGE, OFFICE, READ
from judging.services.contests.editions import rules_in_force
from judging.services.entries.consents import GivenBy, record_consents
from judging.services.entries.drafts import must_edit
from judging.services.entries.eligibility import today_in
from judging.services.entries.life import begin_entry
from judging.services.entries.life import submit_entry as hand_in
from judging.services.entries.life import withdraw_entry as take_out
from judging.services.entries.people.terms import terms_of
from judging.services.entries.status import shown_as
from judging.services.entries.values import entry_value
from judging.web.api.blueprint import blueprint
from judging.web.api.conditions import require_match, tagged
from judging.web.api.entry_contents import entry_refused, write_entry
from judging.web.api.hidden_entries import hidden_reading, show_hidden_entry
from judging.web.api.operations import operation
from judging.web.api.paging import number_after, part_of
from judging.web.api.schemas.base import FaultAnswer
from judging.web.api.schemas.entries import (
    ConsentsBody,
    Entry,
    EntryBody,
    EntryChange,
    EntryList,
    EntryQuery,
    Submitted,
)
from judging.web.api.shown_entries import is_reader, show_entry, show_entry_summary
from judging.web.contest_side import public_contest
from judging.web.context import account, actor, contest, entry, now, platform, rules
from judging.web.i18n import locale
from judging.web.problems import faults_of
from judging.web.received import received
from judging.web.transaction import db, unit

_TAG = "Entries"
_EXAMPLE = {
    "title": "Bộ lọc nước từ vỏ trấu", "category": "environment",
    "answers": {"summary": "Vỏ trấu hun lọc nước suối."},
    "members": [{"name": "Nông Mẫu Bình", "born": "2012-05-31", "share": "100"}],
}  # fmt: skip


@blueprint.get("/contests/<slug>/entries")
@operation(tag=_TAG, answer=EntryList, scopes=(READ, ENTRIES, OFFICE), fails=(404,))
def list_entries(slug: str, query: EntryQuery) -> EntryList:
    """List the caller's own entries; for the office and the auditor all that were handed in."""
    del slug
    shown = public_contest()
    own = not is_reader()
    rows = query_entries(
        db(), contest_id=shown.id, owner_id=account().id if own else None, states=_states(query.state, own=own),
        category=query.category, after=number_after(query.cursor), limit=query.limit + 1,
    )  # fmt: skip
    part = part_of(rows, query.limit, lambda one: one.number)
    return EntryList(items=[show_entry_summary(one, rules()) for one in part.rows], next=part.next)


@blueprint.post("/contests/<slug>/entries")
@operation(
    tag=_TAG, answer=Entry, status=201, scopes=(ENTRIES,), fails=(404, 409), etag=True, location=True, repeats=True,
    example=_EXAMPLE,
)  # fmt: skip
def create_entry(slug: str, json: EntryBody) -> Any:
    """Begin an entry. It is a draft of the caller's until it is handed in; gaps are welcome."""
    del slug
    shown = public_contest()
    registry = platform().registry
    made = begin_entry(db(), registry=registry, contest=shown, owner=account(), answers={}, now=now())
    g.entry = made
    write_entry(made, rules_in_force(registry, shown), json)
    return tagged(show_entry(), status=201, Location=url_for("api.get_entry", entry_id=made.id))


@blueprint.get("/entries/<entry_id>")
@operation(
    tag=_TAG, answer=Entry, scopes=(READ, ENTRIES, JUDGE, OFFICE), fails=(404,), etag=True,
    roles=("contestant", "judge", "chair", "secretary", "organiser", "committee", "auditor"),
)  # fmt: skip
def get_entry(entry_id: str) -> Any:
    """Read an entry: each reader what they may see, its judges without names while they are blind.

    In a round in which entries go by codes, its judges read it by the `entry.id` that the list of their readings gives.
    """
    del entry_id
    reading = hidden_reading()
    return tagged(show_entry() if reading is None else show_hidden_entry(reading))


@blueprint.patch("/entries/<entry_id>")
@operation(
    tag=_TAG, answer=Entry, roles=("contestant",), scopes=(ENTRIES,), fails=(404, 409), etag=True,
    condition="If-Match", example={"title": "Bộ lọc nước", "answers": {"summary": None}},
)  # fmt: skip
def change_entry(entry_id: str, json: EntryChange) -> Any:
    """Change a draft, or an entry that was returned to complete. What is left out stays as it is."""
    del entry_id
    db().refresh(entry(), with_for_update={"of": type(entry())})
    require_match(show_entry())
    must_edit(entry(), actor())
    write_entry(entry(), rules_in_force(platform().registry, contest()), json)
    return tagged(show_entry())


@blueprint.post("/entries/<entry_id>/submit")
@operation(
    tag=_TAG, answer=Submitted, status=201, roles=("contestant",), scopes=(ENTRIES,), fails=(404, 409), repeats=True
)
def submit_entry(entry_id: str) -> Any:
    """Hand the entry in. The answer is its receipt; everything that is missing is told at once."""
    del entry_id
    registry = platform().registry
    try:
        done = hand_in(db(), registry=registry, entry=entry(), actor=actor(), now=now(), received_at=received())
    except Refused as refused:
        raise entry_refused(refused.problems, rules()) from refused
    in_force = rules_in_force(registry, contest())
    unit().after_commit(partial(registry.tell_entry_submitted, in_force, entry_value(in_force, entry())))
    receipt = done.receipt
    gaps = [FaultAnswer(**one.plain()) for one in faults_of(done.gaps)]
    return Submitted(number=receipt.number, time=receipt.at, sha256=receipt.sha256, late=done.late, gaps=gaps), 201


@blueprint.post("/entries/<entry_id>/withdraw")
@operation(tag=_TAG, answer=Entry, roles=("contestant",), scopes=(ENTRIES,), fails=(404, 409), etag=True, repeats=True)
def withdraw_entry(entry_id: str) -> Any:
    """Take the entry out of the contest for good, until judging has begun."""
    del entry_id
    take_out(db(), entry=entry(), actor=actor(), now=now())
    return tagged(show_entry())


@blueprint.put("/entries/<entry_id>/consents")
@operation(tag=_TAG, answer=Entry, roles=("contestant",), scopes=(ENTRIES,), fails=(404,), etag=True)
def put_consents(entry_id: str, json: ConsentsBody) -> Any:
    """Agree for oneself and for one's own children, for one purpose; what is left out is taken back at once.

    An account speaks for one author, or for the children of whom it is father, mother or guardian. Everybody else
    answers by the link that `POST …/links` sends, or on paper.
    """
    del entry_id
    words = [(one.member, GivenBy(one.by)) for one in json.consents]
    terms = terms_of(db(), contest=contest(), rules=rules())
    record_consents(
        db(), entry=entry(), actor=actor(), terms=terms, words=words, locale=locale(), on=today_in(contest(), now()),
        now=now(), purpose=json.purpose,
    )  # fmt: skip
    return tagged(show_entry())


def _states(asked: str | None, *, own: bool) -> list[str] | None:
    """The stored states that are shown as the one asked for: to its people all judged entries look alike."""
    if asked is None:
        return None
    return [
        state.value
        for state in EntryState
        if (shown_as(state, contest()) if own else state).value == asked
    ]  # fmt: skip
