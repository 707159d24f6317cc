"""Decisions over sheets by page: a form, a second person, a list; and nothing of it for those whom it concerns."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.models import Account, Assignment, Contest, LogLeaf, SheetOverride, SheetVersion
from judging.domain.ledger.faults import Exit
from judging.domain.ledger.leaves import read_leaf
from judging.services.results.prizes import settle_prizes
from judging.services.results.publication import publish_results, withdraw_publication
from judging.services.score_log.heads import newest_log
from judging.services.score_log.keeper import keeper_of
from judging.services.score_log.publishing import make_bundle
from judging.verify import Request, verify_bundle
from tests.factories import NOW, even_marks, give_role, make_account, make_contest
from tests.services.office import FINAL, PRELIMINARY, Office, finish_rounds, hold_contest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flask import Flask
    from flask.testing import FlaskClient

    from judging.db.session import Database
    from judging.plugins import Registry

    SignIn = Callable[[FlaskClient, Account], str]

WHY = "The judge marked another entry on this sheet."


@pytest.fixture
def held(database: Database, registry: Registry) -> Office:
    """Two entries that are locked, in a round that is open."""
    with database.writing() as session:
        return hold_contest(session, registry, entries=2, shares=("0.8", "0.7"))


@pytest.fixture
def committee(database: Database, held: Office) -> Account:
    """Somebody who may be the second person."""
    with database.writing() as session:
        account = make_account(session)
        give_role(session, session.get_one(Contest, held.contest.id), account, "committee")
    return account


def browser(app: Flask, lang: str = "en") -> FlaskClient:
    made = app.test_client()
    made.set_cookie("lang", lang)
    return made


def sheet_id(database: Database, held: Office, *, judge: int = 0, entry: int = 0, round_key: str = PRELIMINARY) -> str:
    with database.reading() as session:
        query = select(Assignment.id).where(
            Assignment.entry_id == held.entries[entry].id, Assignment.judge_id == held.judges[judge].id,
            Assignment.round == round_key,
        )  # fmt: skip
        return session.scalars(query).one()


def marks_form(held: Office, share: str) -> dict[str, str]:
    judged = held.rules.find_round(PRELIMINARY)
    assert judged is not None
    return {f"m-{key}": format(mark, "f") for key, mark in even_marks(judged, Decimal(share)).items()}


def only_override(database: Database) -> SheetOverride:
    with database.reading() as session:
        return session.scalars(select(SheetOverride)).one()


def propose(client: FlaskClient, token: str, sheet: str, **form: str) -> str:
    """Propose by the form; the address of the proposal."""
    answer = client.post(
        f"/organise/assignments/{sheet}/override", data={"csrf_token": token, "what": "exclude", "reason": WHY, **form}
    )
    assert answer.status_code == 302, answer.text[-2000:]
    return str(answer.headers["Location"])


def test_two_people_leave_a_sheet_out_by_page(
    app: Flask, database: Database, held: Office, committee: Account, sign_in: SignIn
) -> None:
    desk, second = browser(app), browser(app)
    token = sign_in(desk, held.desk)
    sheet = sheet_id(database, held)
    link = f"/organise/assignments/{sheet}/override"
    assert link in desk.get(f"/organise/entries/{held.entries[0].id}").text
    form = desk.get(link).text
    assert held.judges[0].alias in form
    assert ", version 1. The sheet itself stays" in form
    with database.reading() as session:
        assert session.get_one(Account, held.judges[0].account_id).name not in form

    proposal = propose(desk, token, sheet)

    own = desk.get(proposal).text
    assert "Take the proposal back" in own
    assert "Approve" not in own
    token = sign_in(second, committee)
    assert WHY in second.get(proposal).text
    assert "Waits for a second person" in second.get(f"/organise/{held.contest.slug}/overrides").text
    answer = second.post(f"{proposal}/decision", data={"csrf_token": token, "verdict": "approve"})

    assert answer.status_code == 302
    assert only_override(database).state == "approved"
    assert "Left out by a decision" in desk.get(f"/organise/entries/{held.entries[0].id}").text
    assert f"{proposal}" in desk.get(f"/organise/{held.contest.slug}/overrides").text


def test_other_marks_are_proposed_as_the_reader_writes_them(
    app: Flask, database: Database, held: Office, sign_in: SignIn
) -> None:
    desk = browser(app, "vi")
    token = sign_in(desk, held.desk)
    form = {key: mark.replace(".", ",") for key, mark in marks_form(held, "0.5").items()}

    propose(desk, token, sheet_id(database, held), what="marks", **form)

    marks = only_override(database).marks
    assert {key: Decimal(mark) for key, mark in marks.items()} == {
        key.removeprefix("m-"): Decimal(mark) for key, mark in marks_form(held, "0.5").items()
    }


def test_form_names_each_criterion_that_is_wrong_and_keeps_what_was_typed(
    app: Flask, database: Database, held: Office, sign_in: SignIn
) -> None:
    desk = browser(app)
    token = sign_in(desk, held.desk)
    form = marks_form(held, "0.5")
    wrong, *_ = form
    judged = held.rules.find_round(PRELIMINARY)
    assert judged is not None

    answer = desk.post(
        f"/organise/assignments/{sheet_id(database, held)}/override",
        data={"csrf_token": token, "what": "marks", "reason": "", **form, wrong: "4444"},
    )

    assert answer.status_code == 422
    assert f'href="#{wrong}"' in answer.text
    assert 'href="#reason"' in answer.text
    assert 'value="4444"' in answer.text
    assert answer.text.count("field-error") == 2
    nothing = desk.post(
        f"/organise/assignments/{sheet_id(database, held)}/override", data={"csrf_token": token, "reason": WHY}
    )
    assert (nothing.status_code, "Choose what is to become" in nothing.text) == (422, True)
    with database.reading() as session:
        assert session.scalars(select(SheetOverride)).all() == []


def test_proposer_is_refused_as_second_person(app: Flask, database: Database, held: Office, sign_in: SignIn) -> None:
    desk = browser(app)
    token = sign_in(desk, held.desk)
    proposal = propose(desk, token, sheet_id(database, held))

    answer = desk.post(f"{proposal}/decision", data={"csrf_token": token, "verdict": "approve"})

    assert answer.status_code == 403
    assert only_override(database).state == "proposed"
    assert desk.post(f"{proposal}/withdraw", data={"csrf_token": token}).status_code == 302
    assert only_override(database).state == "withdrawn"


def test_nobody_else_comes_near(
    app: Flask, database: Database, registry: Registry, held: Office, sign_in: SignIn
) -> None:
    desk = browser(app)
    sheet = sheet_id(database, held)
    proposal = propose(desk, sign_in(desk, held.desk), sheet)
    with database.writing() as session:
        contest = session.get_one(Contest, held.contest.id)
        secretary, elsewhere = make_account(session), make_account(session)
        give_role(session, contest, secretary, "secretary")
        give_role(session, make_contest(session, registry, slug="of-others"), elsewhere, "organiser")
        judge = session.get_one(Account, held.judges[0].account_id)
        contestant = session.get_one(Account, held.entries[0].owner_id)
    listing = f"/organise/{held.contest.slug}/overrides"

    for account in (judge, contestant, elsewhere):
        other = browser(app)
        token = sign_in(other, account)
        for path in (proposal, listing, f"/organise/assignments/{sheet}/override"):
            assert other.get(path).status_code == 404
        for path in (f"{proposal}/decision", f"{proposal}/withdraw", f"/organise/assignments/{sheet}/override"):
            sent = {"csrf_token": token, "verdict": "approve", "what": "exclude", "reason": WHY}
            assert other.post(path, data=sent).status_code == 404
    other = browser(app)
    token = sign_in(other, secretary)
    assert other.get(proposal).status_code == 200
    assert other.post(f"{proposal}/decision", data={"csrf_token": token, "verdict": "approve"}).status_code == 404
    assert only_override(database).state == "proposed"


def test_judge_learns_of_the_decision_and_not_of_the_people(
    app: Flask, database: Database, held: Office, committee: Account, sign_in: SignIn
) -> None:
    sheet = sheet_id(database, held)
    desk, second, judge = browser(app), browser(app), browser(app)
    with database.reading() as session:
        account = session.get_one(Account, held.judges[0].account_id)
        contestant = session.get_one(Account, held.entries[0].owner_id)
    sign_in(judge, account)
    receipt = f"/judge/sheets/{sheet}/receipt"
    assert "Two people" not in judge.get(receipt).text
    proposal = propose(desk, sign_in(desk, held.desk), sheet)
    assert "Two people" not in judge.get(receipt).text

    second.post(f"{proposal}/decision", data={"csrf_token": sign_in(second, committee), "verdict": "approve"})

    told = judge.get(receipt).text
    assert "Two people have decided to leave your sheet out." in told
    assert not [word for word in (WHY, held.desk.name, committee.name) if word in told]
    author = browser(app)
    sign_in(author, contestant)
    assert "Two people" not in author.get(f"/entries/{held.entries[0].id}/").text


SHEET_ADDRESSES = (
    "/judge/sheets/{sheet}", "/judge/sheets/{sheet}/review", "/judge/sheets/{sheet}/receipt",
    "/organise/assignments/{sheet}", "/organise/assignments/{sheet}/sheet", "/api/v1/assignments/{sheet}/sheet",
    "/api/v1/assignments/{sheet}",
)  # fmt: skip


def test_published_sheet_is_changed_in_daylight_or_not_at_all(
    app: Flask, database: Database, registry: Registry, sign_in: SignIn, tmp_path: Path
) -> None:
    """T33: no way to edit a sheet; two people decide; log, verifier and results page tell of it."""
    with database.writing() as session:
        held = hold_contest(session, registry, entries=5)
        finish_rounds(session, held, ("0.9", "0.85", "0.8", "0.75", "0.5"))
        second = make_account(session)
        give_role(session, held.contest, second, "organiser")
    publish(database, registry, held)
    desk, other, public = browser(app), browser(app), browser(app)
    token = sign_in(desk, held.desk)
    sheet = sheet_id(database, held, round_key=FINAL)
    with database.reading() as session:
        before = {one.id: (one.marks, one.total) for one in session.scalars(select(SheetVersion))}

    for pattern in SHEET_ADDRESSES:
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            answer = desk.open(
                pattern.format(sheet=sheet), method=method, data={"csrf_token": token, "m-novelty": "1"}
            )  # fmt: skip
            assert answer.status_code in (401, 403, 404, 405), (pattern, method)
    refused = desk.post(
        f"/organise/assignments/{sheet}/override", data={"csrf_token": token, "what": "exclude", "reason": WHY}
    )  # fmt: skip
    assert (refused.status_code, "Withdraw the publication first" in refused.text) == (422, True)
    assert "Two people" not in public.get(f"/contests/{held.contest.slug}/results").text

    with database.writing() as session:
        contest = session.get_one(Contest, held.contest.id)
        withdraw_publication(session, contest=contest, reason="A wrong sheet", actor=held.organiser, now=NOW)
    propose_and_approve(desk, other, token, sign_in(other, second), sheet)
    publish(database, registry, held)

    with database.reading() as session:
        assert {one.id: (one.marks, one.total) for one in session.scalars(select(SheetVersion))} == before
        contest = session.get_one(Contest, held.contest.id)
        leaves = [read_leaf(one) for one in session.scalars(select(LogLeaf.entry).order_by(LogLeaf.idx)) if one]
        bundle = make_bundle(session, contest)
        log = newest_log(session, contest)
        assert log is not None
        key = keeper_of(session).notary.verifier(log.origin)
    assert [leaf["type"] for leaf in leaves].count("override") == 1
    outcome = verify_bundle(Request(bundle=bundle.path, keys=[key], receipts={}))
    assert outcome.code is Exit.OK
    assert [leaf["exclude"] for _, leaf in outcome.acts if leaf["type"] == "override"] == [True]
    results = public.get(f"/contests/{held.contest.slug}/results").text
    assert f"judge {held.judges[0].alias} on entry {held.entries[0].alias} was left out" in results
    assert not [word for word in (WHY, held.desk.name, second.name) if word in results]


def propose_and_approve(desk: FlaskClient, other: FlaskClient, token: str, second: str, sheet: str) -> None:
    proposal = propose(desk, token, sheet)
    answer = other.post(f"{proposal}/decision", data={"csrf_token": second, "verdict": "approve"})
    assert answer.status_code == 302, answer.text[-1500:]


def publish(database: Database, registry: Registry, held: Office) -> None:
    with database.writing() as session:
        contest = session.get_one(Contest, held.contest.id)
        settle_prizes(session, registry=registry, contest=contest, actor=held.organiser, now=NOW)
        publish_results(session, registry=registry, contest=contest, decision="12/QĐ", actor=held.organiser, now=NOW)
