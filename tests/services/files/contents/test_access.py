"""T03: the condition of the query says the same as the predicates on rights, for everybody and every kind of item."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from sqlalchemy.orm import Session

from judging.db.models import Conflict as Interest
from judging.db.models import Entry, EntryFile, FileCopy, Judge, Panel, PanelSeat
from judging.domain.permissions import Actor, Role, can_see_file
from judging.errors import JudgingError
from judging.plugins import Registry
from judging.services.contests.editions import contest_rules
from judging.services.entries.relations import relation_to_entry
from judging.services.files.access import find_file
from tests.factories import NOW, make_account, make_assignment, make_contest, make_entry, make_judge

_OFFICES = (Role.CONTESTANT, Role.SECRETARY, Role.ORGANISER, Role.COMMITTEE, Role.AUDITOR)
_TIES = ("none", "author", "assigned", "recused", "reassigned", "conflict", "conflict-withdrawn", "chair", "seat")
_ITEMS = ("summary", "proof_of_age", "no-longer-asked-for")


def _people() -> Iterator[tuple[frozenset[Role], str]]:
    for tie, office, judging in product(_TIES, (None, *_OFFICES), (None, Role.JUDGE, Role.CHAIR)):
        yield frozenset(role for role in (office, judging) if role is not None), tie


def _tie(session: Session, entry: Entry, tie: str) -> str:
    """Somebody with this tie to the entry; the id of the account."""
    if tie == "author":
        return entry.owner_id
    account = make_account(session)
    judge = make_judge(session, entry.contest, account=account)
    if tie in {"assigned", "recused", "reassigned", "conflict", "conflict-withdrawn"}:
        made = make_assignment(session, entry, judge, round_key="preliminary")
        made.state = tie if tie in {"recused", "reassigned"} else "assigned"
    if tie.startswith("conflict"):
        session.add(
            Interest(
                contest_id=entry.contest_id, judge_id=judge.id, entry_id=entry.id, kind="mentor", source="declared",
                at=NOW, withdrawn_at=NOW if tie == "conflict-withdrawn" else None,
            )
        )  # fmt: skip
    if tie in {"chair", "seat"}:
        panel = Panel(contest_id=entry.contest_id, position=1, name=f"{tie} {account.id}", categories=[entry.category])
        session.add(panel)
        session.flush()
        session.add(PanelSeat(panel_id=panel.id, judge_id=judge.id, is_chair=tie == "chair"))
    session.flush()
    return account.id


def _what(session: Session, entry: Entry, file: EntryFile, actor: Actor, registry: Registry) -> str:
    rules = contest_rules(registry, entry.contest)
    try:
        shown = find_file(session, entry=entry, file_id=file.id, actor=actor, rules=rules)
    except JudgingError as refused:
        return str(refused.status)
    return "whole" if shown.key == file.key else "copy"


def _expected(session: Session, entry: Entry, file: EntryFile, actor: Actor, registry: Registry) -> str:
    items = {item.key: item for item in contest_rules(registry, entry.contest).dossier}
    relation = relation_to_entry(session, actor=actor, entry=entry)
    office_only = items[file.item].office_only if file.item in items else True
    if not can_see_file(actor, relation, office_only=office_only):
        return "404"
    judges = (actor.has(Role.JUDGE, Role.CHAIR) and relation.scores) or (actor.has(Role.CHAIR) and relation.chairs)
    return "copy" if judges and not relation.author else "whole"


@pytest.mark.parametrize("state", ["in-round", "submitted"])
def test_query_gives_what_the_rights_say(session: Session, registry: Registry, state: str) -> None:
    entry = make_entry(session, make_contest(session, registry, phase="judging"), state=state, category="software")
    files = [
        EntryFile(
            entry_id=entry.id, item=item, filename="a.pdf", media_type="application/pdf", size=1, sha256="0",
            key=f"whole-{item}", uploaded_at=NOW,
            copied=FileCopy(state="ready", media_type="application/pdf", size=1, sha256="0", key=f"copy-{item}"),
        )
        for item in _ITEMS
    ]  # fmt: skip
    session.add_all(files)
    session.flush()
    ids = {tie: _tie(session, entry, tie) for tie in _TIES}

    told, expected = {}, {}
    for roles, tie in _people():
        actor = Actor(account_id=ids[tie], roles=roles)
        for file in files:
            who = (tie, *sorted(roles), file.item)
            told[who] = _what(session, entry, file, actor, registry)
            expected[who] = _expected(session, entry, file, actor, registry)

    assert told == expected
    assert {"whole", "copy", "404"} <= set(told.values())


def test_guest_has_nothing(session: Session, registry: Registry) -> None:
    entry = make_entry(session, make_contest(session, registry, phase="judging"), state="in-round")
    file = EntryFile(
        entry_id=entry.id, item="summary", filename="a.pdf", media_type="application/pdf", size=1, sha256="0",
        key="whole", uploaded_at=NOW,
    )  # fmt: skip
    session.add(file)
    session.flush()

    assert _what(session, entry, file, Actor(), registry) == "404"


@pytest.mark.parametrize(("state", "told"), [("waiting", "409"), ("held", "409"), ("failed", "409"), ("ready", "copy")])
def test_judge_never_gets_the_original_whatever_became_of_the_copy(
    session: Session, registry: Registry, state: str, told: str
) -> None:
    entry = make_entry(session, make_contest(session, registry, phase="judging"), state="in-round")
    file = EntryFile(
        entry_id=entry.id, item="summary", filename="a.pdf", media_type="application/pdf", size=1, sha256="0",
        key="whole", uploaded_at=NOW,
        copied=FileCopy(state=state, media_type="application/pdf", size=1, sha256="0", key="copy"),
    )  # fmt: skip
    session.add(file)
    judge: Judge = make_judge(session, entry.contest)
    make_assignment(session, entry, judge, round_key="preliminary")
    session.flush()
    actor = Actor(account_id=judge.account_id, roles=frozenset({Role.JUDGE}))

    assert _what(session, entry, file, actor, registry) == told
