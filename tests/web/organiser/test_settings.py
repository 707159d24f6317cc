"""The settings pages: overview, dates, parts with rows, amendments and steps."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from judging.db.models import Account, Amendment, Contest
from judging.services.platform import Platform
from tests.factories import give_role, make_account, make_contest

SignIn = Callable[[FlaskClient, Account], str]
SLUG = "cuoc-thi"


@pytest.fixture
def organiser(platform: Platform) -> Account:
    with platform.database.writing() as session:
        return make_account(session)


def make(platform: Platform, organiser: Account, phase: str = "draft", **values: Any) -> None:
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry, slug=SLUG, phase=phase, **values)
        give_role(session, contest, organiser, "organiser")


def stored(platform: Platform) -> Contest:
    with platform.database.reading() as session:
        return session.scalars(select(Contest).where(Contest.slug == SLUG)).one()


def categories_form(token: str, labels: list[tuple[str, str]], **more: str) -> dict[str, str]:
    form = {"csrf_token": token, "version": "1", **more}
    for index, (key, label) in enumerate(labels):
        form |= {f"row-{index}-key": key, f"row-{index}-label": label}
    return form


KIND_CATEGORIES = [
    ("learning-aids", "Learning aids"),
    ("software", "Software"),
    ("environment", "Environment-friendly products"),
    ("household-toys", "Household tools and children's toys"),
    (
        "climate-economy",
        "Technical solutions for climate change, environmental protection and economic development",
    ),
]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("", "Settings"),
        ("/texts", "Titles and introductions"),
        ("/dates", "Deadline for entries"),
        ("/rules", "Most entries"),
        ("/categories", "Learning aids"),
        ("/divisions", "Divisions"),
        ("/team", "Most authors"),
        ("/round-preliminary", "Judges for each entry"),
        ("/gates", "Least score"),
        ("/awards", "First prize"),
        ("/tie-breaks", "What is compared"),
    ],
)
def test_page_of_each_part_is_shown(
    *, client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account, path: str, text: str
) -> None:
    make(platform, organiser)
    sign_in(client, organiser)

    answer = client.get(f"/organise/{SLUG}/settings{path}")

    assert answer.status_code == 200
    assert text in answer.text


@pytest.mark.parametrize("kind", ["youth-creativity", "technical-innovation", "startup"])
def test_recording_every_part_as_it_is_changes_nothing(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account, kind: str
) -> None:
    from judging.web.organiser.settings.parts import list_parts

    make(platform, organiser, kind=kind)
    token = sign_in(client, organiser)
    parts = list_parts(platform.registry, platform.registry.rules(kind))
    for language in ("en", "vi"):
        client.set_cookie("lang", language)
        for part in parts:
            form = _form_on(client.get(f"/organise/{SLUG}/settings/{part.key}").text)
            answer = client.post(
                f"/organise/{SLUG}/settings/{part.key}", data={**form, "csrf_token": token, "act": "save"}
            )
            assert answer.status_code == 302, (part.key, language, answer.text)

    assert stored(platform).settings == {}


def _form_on(page: str) -> dict[str, str]:
    """What a browser would send of the set-up form as it came."""
    import html5lib

    document = html5lib.parse(page, namespaceHTMLElements=False)
    form = next(one for one in document.iter("form") if "setup-form" in (one.get("class") or ""))
    sent: dict[str, str] = {}
    for control in form.iter("input"):
        if control.get("type") == "checkbox" and control.get("checked") is None:
            continue
        sent[str(control.get("name"))] = control.get("value") or ""
    for control in form.iter("select"):
        chosen = [option.get("value") for option in control.iter("option") if option.get("selected") is not None]
        sent[str(control.get("name"))] = str(chosen[0] if chosen else next(control.iter("option")).get("value"))
    return sent


def test_row_is_added_moved_and_removed_without_being_recorded(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    make(platform, organiser)
    token = sign_in(client, organiser)
    address = f"/organise/{SLUG}/settings/categories"
    rows = [("a", "Alpha"), ("b", "Beta")]

    added = client.post(address, data=categories_form(token, rows, act="add")).text
    moved = client.post(address, data=categories_form(token, rows, act="down-0")).text
    removed = client.post(address, data=categories_form(token, rows, act="remove-0")).text

    assert 'name="row-2-label"' in added
    assert moved.index('value="Beta"') < moved.index('value="Alpha"')
    assert 'value="Alpha"' not in removed
    assert stored(platform).settings == {}


def test_new_category_gets_a_key_and_the_others_keep_their_msgids(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    make(platform, organiser)
    token = sign_in(client, organiser)

    answer = client.post(
        f"/organise/{SLUG}/settings/categories",
        data=categories_form(token, [*KIND_CATEGORIES, ("", "Đồ chơi gỗ")], act="save"),
    )

    assert answer.status_code == 302
    kept = stored(platform).settings["categories"]
    assert [one["key"] for one in kept][-1] == "do-choi-go"
    assert kept[1] == {"key": "software", "label": "Software"}


def test_contradiction_is_told_and_what_was_typed_stays(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    make(platform, organiser)
    token = sign_in(client, organiser)
    address = f"/organise/{SLUG}/settings/round-preliminary"
    form = {**_form_on(client.get(address).text), "csrf_token": token, "act": "save", "aggregator": "trimmed-mean",
            "minutes": "17"}  # fmt: skip

    answer = client.post(address, data=form)

    assert answer.status_code == 422
    assert "needs at least 5 judges" in answer.text
    assert 'value="17"' in answer.text
    assert stored(platform).settings == {}


@pytest.mark.parametrize("typed", ["", "three", "3,5x", "-1", "９"])
def test_number_that_cannot_be_read_names_its_field(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account, typed: str
) -> None:
    make(platform, organiser)
    token = sign_in(client, organiser)
    address = f"/organise/{SLUG}/settings/team"
    form = {**_form_on(client.get(address).text), "csrf_token": token, "act": "save", "high": typed}

    answer = client.post(address, data=form)

    assert answer.status_code == 422
    assert 'href="#high"' in answer.text


def test_form_of_an_older_version_is_refused(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    make(platform, organiser)
    token = sign_in(client, organiser)
    first = client.post(f"/organise/{SLUG}/settings/categories", data=categories_form(token, [("a", "A")], act="save"))

    second = client.post(f"/organise/{SLUG}/settings/categories", data=categories_form(token, [("b", "B")], act="save"))

    assert (first.status_code, second.status_code) == (302, 412)
    assert "Somebody else changed this contest" in second.text
    assert [one["key"] for one in stored(platform).settings["categories"]] == ["a"]


def test_opened_contest_asks_for_a_reason_and_shows_it_to_the_auditor(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    make(platform, organiser, phase="open")
    token = sign_in(client, organiser)
    address = f"/organise/{SLUG}/settings/round-final"
    form = {**_form_on(client.get(address).text), "csrf_token": token, "act": "save", "minutes": "9"}

    without = client.post(address, data=form)
    reasoned = client.post(address, data={**form, "reason": "Hội trường nhỏ."})

    assert (without.status_code, reasoned.status_code) == (422, 302)
    assert "An amendment needs a reason" in without.text
    with platform.database.writing() as session:
        assert session.scalars(select(Amendment.reason)).all() == ["Hội trường nhỏ."]
        auditor = make_account(session)
        give_role(session, session.scalars(select(Contest)).one(), auditor, "auditor")
    client.delete_cookie("session")
    sign_in(client, auditor)
    page = client.get(f"/organise/{SLUG}/settings").text
    assert "Hội trường nhỏ." in page
    assert "/settings/round-final" not in page


def test_dates_are_typed_in_the_contests_zone(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    make(platform, organiser)
    token = sign_in(client, organiser)

    answer = client.post(
        f"/organise/{SLUG}/settings/dates",
        data={"csrf_token": token, "version": "1", "opens_at": "2026-03-01T08:00", "closes_at": "2026-06-30T17:00"},
    )

    assert answer.status_code == 302
    assert stored(platform).closes_at == datetime(2026, 6, 30, 10, 0, tzinfo=UTC)


def test_date_that_may_not_be_moved_has_no_field_and_cannot_be_posted(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    make(platform, organiser, phase="judging")
    token = sign_in(client, organiser)
    address = f"/organise/{SLUG}/settings/dates"
    before = stored(platform).closes_at

    page = client.get(address).text
    client.post(address, data={"csrf_token": token, "version": "1", "closes_at": "2020-01-01T00:00"})

    assert 'name="closes_at"' not in page
    assert stored(platform).closes_at == before


def test_step_that_cannot_be_taken_lists_what_is_missing(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    make(platform, organiser, phase="screening")
    token = sign_in(client, organiser)

    answer = client.post(f"/organise/{SLUG}/phase", data={"csrf_token": token, "to": "judging", "reason": ""})

    assert answer.status_code == 422
    assert "There is no eligible entry to judge." in answer.text
    assert stored(platform).phase == "screening"


def test_step_passes_what_lies_between(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    make(platform, organiser)
    token = sign_in(client, organiser)
    assert "Open for entries, passing: Rules published" in client.get(f"/organise/{SLUG}/settings").text

    answer = client.post(f"/organise/{SLUG}/phase", data={"csrf_token": token, "to": "open", "reason": ""})

    assert answer.status_code == 302
    assert (stored(platform).phase, stored(platform).rules is None) == ("open", False)


def test_changed_kind_is_confirmed_from_the_page(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account
) -> None:
    make(platform, organiser, phase="judging")
    with platform.database.writing() as session:
        session.scalars(select(Contest)).one().kind_digest = "0" * 64
    token = sign_in(client, organiser)
    assert "This contest is suspended." in client.get(f"/organise/{SLUG}/settings").text

    answer = client.post(f"/organise/{SLUG}/amend", data={"csrf_token": token, "reason": "Bản sửa lỗi."})

    assert answer.status_code == 302
    assert "This contest is suspended." not in client.get(f"/organise/{SLUG}/settings").text


@pytest.mark.parametrize("role", [None, "secretary", "committee", "auditor"])
def test_nobody_but_the_organiser_changes_settings(
    client: FlaskClient, platform: Platform, sign_in: SignIn, organiser: Account, role: str | None
) -> None:
    make(platform, organiser)
    with platform.database.writing() as session:
        other = make_account(session)
        if role is not None:
            give_role(session, session.scalars(select(Contest)).one(), other, role)
    token = sign_in(client, other)

    answers = [
        client.get(f"/organise/{SLUG}/settings/categories").status_code,
        client.post(f"/organise/{SLUG}/settings/categories", data=categories_form(token, [("a", "A")])).status_code,
        client.get(f"/organise/{SLUG}/rubric/preliminary").status_code,
    ]

    assert answers == [404, 404, 404]
    assert client.get(f"/organise/{SLUG}/settings").status_code == (404 if role is None else 200)
    assert stored(platform).settings == {}
