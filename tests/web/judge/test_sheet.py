"""The score sheet's page: what it shows, how it saves, and that nothing typed is lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from judging.db.models import Assignment, ContestRound, Judge
from judging.services.score_log.receipts import find_sheet_leaf, make_receipt
from tests.factories import make_sheet
from tests.services.sheets.cases import COMMENTS, WHOLE, WHOLE_TOTAL, add_colleague

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from judging.db.models import Account
    from judging.services.platform import Platform
    from tests.services.sheets.cases import Case


def stored(platform: Platform, case: Case) -> Assignment:
    with platform.database.reading() as session:
        found = session.get_one(Assignment, case.assignment.id)
        assert found.judge.alias
        return found


def field(page: str, name: str) -> str:
    """The tag of the form field of that name."""
    start = page.index(f'name="{name}"')
    return page[page.rindex("<", 0, start) : page.index(">", start)]


@pytest.mark.usefixtures("token")
def test_sheet_offers_every_criterion_of_the_rubric(client: FlaskClient, address: str) -> None:
    page = client.get(address).text

    for name in (*(f"m-{key}" for key in WHOLE), "m-novelty-band", "c-novelty", "c-form", "c-advice", "comment"):
        assert f'name="{name}"' in page
    assert "Coefficient 3: up to 45 points." in page
    assert "4 criteria left" not in page
    assert "3 criteria left" in page


@pytest.mark.usefixtures("token")
def test_sheet_of_a_blind_round_tells_neither_author_nor_unit_nor_blind_answer(
    client: FlaskClient, platform: Platform, case: Case, address: str
) -> None:
    with platform.database.writing() as session:
        entry = session.merge(case.entry)
        entry.answers = {"idea": "Lọc nước bằng than", "school": "THCS Bí Mật", "mentor": "Cô Bí Mật"}
        entry.unit = "Đơn vị Bí Mật"
    page = client.get(address).text

    assert "Lọc nước bằng than" in page
    assert "Bí Mật" not in page
    assert "Nông Mẫu Bình" not in page


def test_sheet_of_a_colleague_is_not_found(
    client: FlaskClient, platform: Platform, case: Case, sign_in: Callable[[FlaskClient, Account], str]
) -> None:
    with platform.database.writing() as session:
        colleague = add_colleague(session, case)
        assert colleague.account.email
        make_sheet(session, colleague.assignment, case.judged)
    sign_in(client, case.account)

    for path in ("", "/review", "/receipt"):
        assert client.get(f"/judge/sheets/{colleague.assignment.id}{path}").status_code == 404


def test_sheet_before_conflicts_are_declared_leads_to_them(
    client: FlaskClient, platform: Platform, case: Case, address: str, token: str
) -> None:
    with platform.database.writing() as session:
        session.get_one(Judge, case.judge.id).conflicts_declared_at = None

    answer = client.get(address)
    assert answer.headers["Location"].startswith(f"/judge/{case.contest.slug}/conflicts")
    refused = client.post(
        f"/judge/{case.contest.slug}/conflicts", data={"csrf_token": token, f"kind-{case.assignment.id}": "none"}
    )
    assert refused.status_code == 422
    done = client.post(
        f"/judge/{case.contest.slug}/conflicts",
        data={
            "csrf_token": token, f"kind-{case.assignment.id}": "none", "looked": "1", "then": case.assignment.id,
        },
    )  # fmt: skip
    assert done.headers["Location"] == address
    assert client.get(address).status_code == 200


def test_save_with_a_refused_mark_shows_the_reason_and_keeps_all_that_was_typed(
    client: FlaskClient, platform: Platform, case: Case, address: str, typed: dict[str, Any]
) -> None:
    answer = client.post(address, data={**typed, "m-form": "15.25", "m-use.wide": "eleven", "action": "save"})

    assert answer.status_code == 422
    assert "“Form” takes marks from 0 to 15: 15.25 is too high." in answer.text
    assert "The mark of “Of wide use” must be a number from 0 to 15." in answer.text
    for page in (answer.text, client.get(address).text):
        assert 'value="eleven"' in field(page, "m-use.wide")
        assert 'value="15.25"' in field(page, "m-form")
        assert 'value="8.5"' in field(page, "m-use.easy")
        assert "A clear idea." in page
    assert stored(platform, case).marks["use.wide:typed"] == "eleven"


def test_save_with_a_comma_in_vietnamese_is_read_as_it_is_meant(
    client: FlaskClient, platform: Platform, case: Case, address: str, typed: dict[str, Any]
) -> None:
    client.set_cookie("lang", "vi")
    answer = client.post(address, data={**typed, "m-use.easy": "8,5", "action": "save"})

    assert answer.status_code == 302
    assert stored(platform, case).marks["use.easy"] == "8.5"
    assert 'value="8,5"' in field(client.get(address).text, "m-use.easy")


def test_save_of_a_page_that_another_device_overtook_shows_both_sides_and_changes_nothing(
    client: FlaskClient, platform: Platform, case: Case, address: str, typed: dict[str, Any]
) -> None:
    client.post(address, data={**typed, "version": "0", "action": "save"})
    answer = client.post(address, data={**typed, "m-form": "3", "version": "0", "action": "save"})

    assert answer.status_code == 412
    assert "This sheet was saved on another device" in answer.text
    assert 'value="3"' in field(answer.text, "m-form")
    assert 'value="1"' in field(answer.text, "version")
    assert stored(platform, case).marks["form"] == "12"


def test_save_after_the_round_was_closed_keeps_what_was_typed_in_sight(
    client: FlaskClient, platform: Platform, case: Case, address: str, typed: dict[str, Any]
) -> None:
    with platform.database.writing() as session:
        for stage in session.query(ContestRound).filter_by(contest_id=case.contest.id):
            stage.state = "closed"

    answer = client.post(address, data={**typed, "action": "save"})

    assert answer.status_code == 409
    assert "The round is closed. Ask the office." in answer.text
    assert "A clear idea." in answer.text
    assert 'name="m-form"' not in answer.text
    assert stored(platform, case).marks == {}


def test_autosave_answers_with_total_left_and_version(
    client: FlaskClient, platform: Platform, case: Case, address: str, typed: dict[str, Any]
) -> None:
    answer = client.post(
        f"{address}/draft", data={**typed, "m-form": "", "version": "0"}, headers={"Accept": "application/json"}
    )

    assert answer.status_code == 200
    found = answer.get_json()
    assert {key: found[key] for key in ("total", "left", "version")} == {"total": "43.5", "left": 1, "version": 1}
    assert "errors" not in found
    assert found["saved_at"] == stored(platform, case).changed_at.isoformat()


def test_autosave_of_a_half_typed_mark_names_its_field_and_is_kept(
    client: FlaskClient, platform: Platform, case: Case, address: str, typed: dict[str, Any]
) -> None:
    answer = client.post(f"{address}/draft", data={**typed, "m-form": "12."})

    assert list(answer.get_json()["errors"]) == ["m-form"]
    assert stored(platform, case).marks["form:typed"] == "12."


def test_review_then_submit_locks_the_sheet_and_gives_a_receipt(
    client: FlaskClient, platform: Platform, case: Case, address: str, typed: dict[str, Any]
) -> None:
    assert client.post(address, data={**typed, "action": "review"}).headers["Location"] == f"{address}/review"
    page = client.get(f"{address}/review").text
    assert "79.5" in page
    version = field(page, "version")

    answer = client.post(f"{address}/review", data={"csrf_token": typed["csrf_token"], "version": "1"})

    assert 'value="1"' in version
    assert answer.headers["Location"] == f"{address}/receipt"
    with platform.database.reading() as session:
        (sheet,) = session.get_one(Assignment, case.assignment.id).sheets
        assert (sheet.total, sheet.comments) == (WHOLE_TOTAL, COMMENTS)
        leaf = find_sheet_leaf(session, sheet.id)
        assert leaf is not None
        receipt = client.get(f"{address}/receipt").text
        assert f"{leaf.code[:5]} {leaf.code[5:]}" in receipt
        proof = client.get(f"{address}/receipts/1")
        assert proof.headers["Content-Disposition"] == f'attachment; filename="receipt-{leaf.index}.tlog-proof"'
        assert proof.data == bytes(make_receipt(session, leaf))
        assert client.get(f"{address}/receipts/2").status_code == 404
    assert client.get(address).headers["Location"] == f"{address}/receipt"
    assert client.post(address, data={**typed, "action": "save"}).status_code == 409


def test_submit_pressed_twice_submits_once(
    client: FlaskClient, platform: Platform, case: Case, address: str, typed: dict[str, Any]
) -> None:
    client.post(address, data={**typed, "action": "save"})
    sent = {"csrf_token": typed["csrf_token"], "version": "1"}
    answers = [client.post(f"{address}/review", data=sent) for _ in range(2)]

    assert [answer.headers["Location"] for answer in answers] == [f"{address}/receipt"] * 2
    assert stored(platform, case).sheet_version == 1


def test_submit_of_a_gap_names_it_and_submits_nothing(
    client: FlaskClient, platform: Platform, case: Case, address: str, typed: dict[str, Any]
) -> None:
    answer = client.post(address, data={**typed, "m-use.wide": "", "comment": "Good.", "action": "submit"})

    assert answer.status_code == 422
    assert '<a href="#m-use.wide">“Of wide use” has no mark yet: give one from 0 to 15.</a>' in answer.text
    assert '<a href="#comment">The overall comment needs at least 2 sentences; it has 1.</a>' in answer.text
    assert (stored(platform, case).state, stored(platform, case).sheet_version) == ("draft", 0)


def test_receipt_shows_the_others_totals_only_when_the_entry_is_locked(
    client: FlaskClient, platform: Platform, case: Case, address: str, typed: dict[str, Any]
) -> None:
    with platform.database.writing() as session:
        second, third = (add_colleague(session, case) for _ in range(2))
        make_sheet(session, second.assignment, case.judged)
    client.post(address, data={**typed, "action": "submit"})
    before = client.get(f"{address}/receipt").text

    with platform.database.writing() as session:
        make_sheet(session, session.merge(third.assignment), case.judged)
    after = client.get(f"{address}/receipt").text

    assert second.judge.alias not in before
    assert second.judge.alias in after
    assert third.judge.alias in after


def test_recuse_hides_the_entry_everywhere(
    client: FlaskClient, platform: Platform, case: Case, address: str, token: str
) -> None:
    assert case.entry.title in client.get(f"/judge/{case.contest.slug}/").text

    answer = client.post(f"{address}/recusal", data={"csrf_token": token, "kind": "mentor"})

    assert answer.headers["Location"] == f"/judge/{case.contest.slug}/"
    assert case.entry.title not in client.get(f"/judge/{case.contest.slug}/").text
    for path in ("", "/review", "/receipt"):
        assert client.get(address + path).status_code == 404
    assert client.get(f"/entries/{case.entry.id}/").status_code == 404
    assert stored(platform, case).state == "recused"


def test_recuse_without_a_kind_changes_nothing(
    client: FlaskClient, platform: Platform, case: Case, address: str, token: str
) -> None:
    client.post(f"{address}/recusal", data={"csrf_token": token, "kind": "boredom"})

    assert stored(platform, case).state == "assigned"
