"""Similar entries by page and by program: for the office alone, with the passages, settled with a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from judging.db.models import Contest, Entry
from tests.factories import give_role, make_account, make_judge
from tests.services.entries.similar.made import MARK, Department, index_all, make_department

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from judging.db.models import Account
    from judging.services.platform import Platform

    SignIn = Callable[[FlaskClient, Account], str]

NOTE = "Cùng một bài, tính bài năm trước."


@pytest.fixture
def department(platform: Platform) -> Department:
    made = make_department(platform)
    index_all(platform, made)
    return made


def _page(department: Department) -> str:
    return f"/organise/entries/{department.copy.id}"


def _list(department: Department) -> str:
    return f"/organise/{department.now.slug}/similar"


def test_dossier_shows_the_other_entry_with_passages_and_without_its_people(
    client: FlaskClient, sign_in: SignIn, department: Department
) -> None:
    sign_in(client, department.secretary)

    section = client.get(_page(department)).text.split('id="similar"')[1].split("</section>")[0]

    assert "not a verdict" in section
    assert department.original.title in section
    assert section.count("<mark>") > 10
    assert MARK not in section
    # The secretary has no business in the earlier contest: its dossier is not linked.
    assert department.original.id not in section.replace(f'value="{department.original.id}"', "")


def test_entry_that_looks_like_none_says_nothing(client: FlaskClient, sign_in: SignIn, department: Department) -> None:
    sign_in(client, department.secretary)
    honest = next(one for one in department.honest if one.contest_id == department.now.id)

    assert 'id="similar"' not in client.get(f"/organise/entries/{honest.id}").text


def test_list_has_the_pair_until_it_is_settled(client: FlaskClient, sign_in: SignIn, department: Department) -> None:
    token = sign_in(client, department.secretary)
    assert department.copy.title in client.get(_list(department)).text
    assert department.copy.title in client.get(f"{_list(department)}?reason=picture").text
    assert department.copy.title not in client.get(f"{_list(department)}?reason=file").text

    form = {"csrf_token": token, "other": department.original.id, "verdict": "same", "note": NOTE}
    answer = client.post(f"{_page(department)}/similar", data=form)

    assert answer.status_code == 302
    assert department.copy.title not in client.get(_list(department)).text
    assert department.copy.title in client.get(f"{_list(department)}?state=settled").text
    assert NOTE in client.get(_page(department)).text


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"verdict": "same", "note": " "}, "Write what follows from it"),
        ({"verdict": "perhaps"}, "Say whether the two are the same work"),
    ],
)
def test_refused_word_changes_nothing(
    client: FlaskClient, sign_in: SignIn, department: Department, form: dict[str, str], says: str
) -> None:
    token = sign_in(client, department.secretary)

    answer = client.post(
        f"{_page(department)}/similar", data={"csrf_token": token, "other": department.original.id, **form}
    )

    assert answer.status_code == 422
    assert says in answer.text
    assert department.copy.title in client.get(_list(department)).text


def test_author_judge_and_a_secretary_who_judges_see_nothing(
    client: FlaskClient, sign_in: SignIn, platform: Platform, department: Department
) -> None:
    with platform.database.writing() as session:
        contest = session.get_one(Contest, department.now.id)
        owner = session.get_one(Entry, department.copy.id).owner
        both, judge = make_account(session), make_account(session)
        give_role(session, contest, both, "secretary")
        for account in (both, judge):
            make_judge(session, contest, account=account)

    for account in (owner, judge, both):
        # Each one's session ends with the next sign-in: the client is one browser.
        sign_in(client, account)
        assert 'id="similar"' not in client.get(_page(department)).text
        assert department.original.title not in client.get(_list(department)).text
        assert client.get(_list(department)).status_code in (403, 404)
        client.delete_cookie("session")


def test_declared_work_is_told_beside_it(
    client: FlaskClient, sign_in: SignIn, platform: Platform, department: Department
) -> None:
    with platform.database.writing() as session:
        entry = session.get_one(Entry, department.copy.id)
        entry.answers = {**entry.answers, "prized": True}
    sign_in(client, department.secretary)

    assert "The authors themselves say" in client.get(_page(department)).text
    assert "Its authors say" in client.get(_list(department)).text
