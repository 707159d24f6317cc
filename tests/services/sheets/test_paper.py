"""Sheets on paper: two people type them, a difference blocks, and the log names both."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import AuditEvent, LogLeaf, PaperTyping, SentMessage, SheetVersion
from judging.domain.ledger.leaves import read_leaf
from judging.domain.paper_sheets import Typed
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotAllowed, Refused
from judging.plugins import Registry
from judging.services.score_log.bodies import person_alias
from judging.services.sheets.life import reopen_sheet, save_draft
from judging.services.sheets.paper.papers import code_of, find_paper, list_paper_sheets
from judging.services.sheets.paper.typing import PaperOutcome, list_typings, type_paper
from tests.factories import NOW, give_role, make_account
from tests.services.sheets.cases import COMMENT, COMMENTS, WHOLE, WHOLE_TOTAL, Case


@pytest.fixture
def helpers(session: Session, case: Case) -> list[Actor]:
    made = []
    for name in ("Lò Mẫu Một", "Lò Mẫu Hai", "Lò Mẫu Ba"):
        account = make_account(session, name=name)
        give_role(session, case.contest, account, "secretary")
        made.append(Actor(account_id=account.id, roles=frozenset({Role.SECRETARY})))
    return made


def _code(session: Session, registry: Registry, case: Case) -> str:
    rules = registry.rules(case.contest.kind)
    sheets = list_paper_sheets(session, contest=case.contest, rules=rules, judged=case.judged)
    assert [sheet.assignment.id for sheet in sheets] == [case.assignment.id]
    return sheets[0].code


def _type(session: Session, registry: Registry, case: Case, helper: Actor, **changes: Any) -> PaperOutcome:
    code = code_of(case.contest, registry.rules(case.contest.kind), case.judged, case.assignment)
    reading = find_paper(session, registry=registry, contest=case.contest, actor=helper, code=code)
    typed: dict[str, Any] = {"marks": WHOLE, "bands": {}, "comments": COMMENTS, "comment": COMMENT}
    return type_paper(session, reading=reading, actor=helper, locale="en", now=NOW, **{**typed, **changes})


def test_two_who_type_the_same_record_the_sheet_and_the_log_names_both(
    session: Session, registry: Registry, case: Case, helpers: list[Actor]
) -> None:
    assert _code(session, registry, case).startswith("ST-")
    first = _type(session, registry, case, helpers[0])
    assert (first.version, first.differences) == (None, ())
    assert case.assignment.state == "assigned"
    second = _type(
        session, registry, case, helpers[1], marks={**WHOLE, "use.easy": "8.50"}, comments={"form": "neat. "}
    )
    version = second.version
    assert version is not None
    assert (version.total, version.number, case.assignment.state) == (WHOLE_TOTAL, 1, "submitted")
    stored = session.scalars(select(LogLeaf.entry).where(LogLeaf.subject_id == version.id)).one()
    assert stored is not None
    leaf = read_leaf(stored)
    assert (leaf["by"], leaf["approved_by"]) == tuple(
        person_alias(case.contest, helper.account_id) for helper in helpers[:2]
    )
    assert leaf["judge"] == case.judge.alias
    actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
    assert actions.count("paper-typed") == 2
    assert actions.count("paper-recorded") == 1
    told = session.scalars(select(SentMessage).where(SentMessage.kind == "paper-recorded")).one()
    assert told.account_id == case.judge.account_id
    assert "79.5" in told.text
    assert version.code in told.text


def test_a_difference_blocks_until_one_types_again(
    session: Session, registry: Registry, case: Case, helpers: list[Actor]
) -> None:
    _type(session, registry, case, helpers[0])
    wrong = _type(session, registry, case, helpers[1], marks={**WHOLE, "use.easy": "5.5"})
    assert wrong.version is None
    assert [(one.what, one.key, one.first, one.second) for one in wrong.differences] == [
        (Typed.MARK, "use.easy", "8.5", "5.5")
    ]
    assert session.scalars(select(SheetVersion)).all() == []
    assert len(list_typings(session, contest=case.contest, round_key=case.judged.key)) == 2
    again = _type(session, registry, case, helpers[1])
    assert again.version is not None
    assert list_typings(session, contest=case.contest, round_key=case.judged.key) == []


def test_one_person_alone_never_records_a_sheet(
    session: Session, registry: Registry, case: Case, helpers: list[Actor]
) -> None:
    for _ in range(3):
        assert _type(session, registry, case, helpers[0]).version is None
    assert len(session.scalars(select(PaperTyping)).all()) == 1


def test_what_is_not_whole_is_refused(session: Session, registry: Registry, case: Case, helpers: list[Actor]) -> None:
    with pytest.raises(Refused):
        _type(session, registry, case, helpers[0], marks={**WHOLE, "use.easy": "99"})
    with pytest.raises(Refused):
        _type(session, registry, case, helpers[0], comments={})
    assert session.scalars(select(PaperTyping)).all() == []


def test_a_judge_never_types_and_a_recorded_or_begun_sheet_is_not_typed(
    session: Session, registry: Registry, case: Case, helpers: list[Actor]
) -> None:
    both = Actor(account_id=helpers[0].account_id, roles=frozenset({Role.SECRETARY, Role.JUDGE}))
    for actor in (case.actor, both):
        with pytest.raises(NotAllowed):
            _type(session, registry, case, actor)
    save_draft(
        session, registry=registry, assignment=case.assignment, actor=case.actor, marks={"novelty": "3"}, bands={},
        comments={}, comment="", locale="en", now=NOW,
    )  # fmt: skip
    with pytest.raises(Conflict, match="on a device too"):
        _type(session, registry, case, helpers[0])


def test_a_reopened_sheet_is_typed_anew_as_its_next_version(
    session: Session, registry: Registry, case: Case, helpers: list[Actor]
) -> None:
    for helper in helpers[:2]:
        _type(session, registry, case, helper)
    with pytest.raises(Conflict, match="not awaited"):
        _type(session, registry, case, helpers[0])
    reopen_sheet(session, assignment=case.assignment, actor=helpers[2], reason="Chấm lại", now=NOW)
    changed = {**WHOLE, "use.easy": "9"}
    assert _type(session, registry, case, helpers[2], marks=changed).version is None
    version = _type(session, registry, case, helpers[0], marks=changed).version
    assert version is not None
    assert version.number == 2


@pytest.mark.parametrize("typed", ["nonsense", "ST-999-AAAAAA-AAAA"])
def test_what_names_no_sheet_is_refused_with_what_to_do(
    session: Session, registry: Registry, case: Case, helpers: list[Actor], typed: str
) -> None:
    with pytest.raises(Refused, match="code"):
        find_paper(session, registry=registry, contest=case.contest, actor=helpers[0], code=typed)
