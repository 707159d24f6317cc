"""Links in letters: a guardian's way to yes and back, a co-author's look at the entry, the office's paper forms."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from judging.db.models import Account, Consent, ConsentText, Entry, EntryMember, PeopleLink
from judging.services.entries.people.paper import paper_code
from judging.services.platform import Platform
from tests.factories import agree, give_role, make_account, make_contest, make_entry
from tests.letters import last_letter, link_in
from tests.web.conftest import csrf_token

SignIn = Callable[[FlaskClient, Account], str]
MOTHER = "me@example.vn"
BORN = date(datetime.now(UTC).year - 10, 1, 2)


@pytest.fixture
def owner(platform: Platform) -> Account:
    with platform.database.writing() as session:
        return make_account(session, name="Cô Mẫu Hướng Dẫn")


@pytest.fixture
def draft(platform: Platform, owner: Account) -> Entry:
    with platform.database.writing() as session:
        return make_entry(
            session, make_contest(session, platform.registry), owner=owner, state="draft", title="Máy Mẫu",
            members=({"name": "Lộc Mẫu Linh", "born": BORN}, {"name": "Bế Mẫu Lớn", "born": date(1990, 5, 17)}),
        )  # fmt: skip


def ask(client: FlaskClient, platform: Platform, draft: Entry, token: str, *, role: str, email: str, at: int) -> str:
    """Send the link as the lead does; returns the address in the letter."""
    with platform.database.reading() as session:
        member = session.scalars(select(EntryMember.id).order_by(EntryMember.position)).all()[at]
    form = {"role": role, "member": member, "email": email, "csrf_token": token}
    assert client.post(f"/entries/{draft.id}/ask", data=form).status_code == 302
    return link_in(last_letter(platform, email))


def browser(client: FlaskClient) -> FlaskClient:
    """Another device, on which nobody is signed in."""
    made = client.application.test_client()
    made.set_cookie("lang", "en")
    return made


def open_link(device: FlaskClient, link: str) -> str:
    answer = device.get(link)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/answer/open")
    return device.get("/answer/open").text


def say_yes(device: FlaskClient, *agreed: str, **fields: str) -> str:
    form = {"name": "Hà Mẫu Mẹ", "act": "yes", "locale": "en", "agreed": list(agreed), **fields}
    answer = device.post("/answer/open", data={**form, "csrf_token": csrf_token(device, "/answer/open")})
    assert answer.status_code == 302, answer.text
    return device.get(answer.location).text


def count(platform: Platform, model: type[Consent | PeopleLink]) -> int:
    with platform.database.reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_guardian_agrees_point_by_point_and_takes_back_in_one_step(
    client: FlaskClient, sign_in: SignIn, platform: Platform, owner: Account, draft: Entry
) -> None:
    link = ask(client, platform, draft, sign_in(client, owner), role="guardian", email=MOTHER, at=0)
    assert client.get(f"/entries/{draft.id}/edit/consents").text.count("no answer yet") == 1
    device = browser(client)

    page = open_link(device, link)
    assert "May Lộc Mẫu Linh take part?" in page
    assert page.count('type="checkbox"') == 10
    assert " checked" not in page
    assert count(platform, Consent) == 0, "opening the link agrees to nothing"

    mine = say_yes(device, "guardian:take-part", "self:take-part", "guardian:publish-name")
    assert mine.count("Take this back") == 3
    shown = client.get(f"/entries/{draft.id}/edit/consents").text
    assert "Everybody has agreed" in shown
    assert "take part: Hà Mẫu Mẹ, by link" in shown

    lasting = link_in(last_letter(platform, MOTHER))
    other = browser(client)
    assert other.get(lasting).status_code == 302
    page = other.get("/my/consents").text
    (wanted,) = re.findall(r'name="consent"\s+value="([^"]+)"[^§]*?', page.split("publish the name")[1])[:1]
    row = re.search(r'name="link"\s+value="([^"]+)"', page)
    assert row is not None
    form = {"link": row.group(1), "act": "back", "consent": wanted, "csrf_token": csrf_token(other, "/my/consents")}
    assert other.post("/my/consents", data=form).status_code == 302
    with platform.database.reading() as session:
        back = session.scalars(select(Consent).where(Consent.withdrawn_at.is_not(None))).one()
        assert (back.purpose, back.given_by, back.withdrawn_method) == ("publish-name", "guardian", "link")
        assert session.get(ConsentText, back.text_sha256) is not None


def test_used_unknown_and_foreign_links_are_answered_alike(
    client: FlaskClient, sign_in: SignIn, platform: Platform, owner: Account, draft: Entry
) -> None:
    link = ask(client, platform, draft, sign_in(client, owner), role="guardian", email=MOTHER, at=0)
    device = browser(client)
    open_link(device, link)
    say_yes(device, "guardian:take-part", "self:take-part")
    pages = []
    for address in (link, "/answer?key=made-up", "/answer", link.replace("/answer", "/my/consents")):
        fresh = browser(client)
        answer = fresh.get(address, follow_redirects=True)
        pages.append((answer.status_code, answer.text))
    assert pages[0] == pages[1] == pages[2]
    assert pages[0][0] == 410
    assert "Lộc Mẫu Linh" not in pages[3][1], "a question's token is no personal link"


def test_answer_needs_the_forms_token(
    client: FlaskClient, sign_in: SignIn, platform: Platform, owner: Account, draft: Entry
) -> None:
    link = ask(client, platform, draft, sign_in(client, owner), role="guardian", email=MOTHER, at=0)
    device = browser(client)
    open_link(device, link)
    form = {"name": "Hà Mẫu Mẹ", "act": "yes", "agreed": ["guardian:take-part"]}
    assert device.post("/answer/open", data=form).status_code == 400
    assert count(platform, Consent) == 0


def test_coauthor_with_an_account_reads_the_entry_and_changes_nothing(
    client: FlaskClient, sign_in: SignIn, platform: Platform, owner: Account, draft: Entry
) -> None:
    link = ask(client, platform, draft, sign_in(client, owner), role="coauthor", email="lon@example.vn", at=1)
    with platform.database.writing() as session:
        person, stranger = make_account(session, email="lon@example.vn"), make_account(session)
    device = browser(client)
    token = sign_in(device, person)
    assert device.get(f"/entries/{draft.id}/shared").status_code == 404, "asked is not yet answered"
    open_link(device, link)
    page = say_yes(device, "self:take-part", name="Bế Mẫu Lớn")
    row = re.search(r'name="link"\s+value="([^"]+)"', page)
    assert row is not None
    device.post("/my/consents", data={"link": row.group(1), "act": "link", "csrf_token": token})

    shared = device.get(f"/entries/{draft.id}/shared")

    assert shared.status_code == 200
    assert "Máy Mẫu" in shared.text
    assert "Lộc Mẫu Linh" in shared.text
    for born in (BORN.isoformat(), f"{BORN.day}/{BORN.month}/{BORN.year}", BORN.strftime("%d/%m/%Y"), "1990"):
        assert born not in shared.text
    for path in ("", "edit/about", "edit/consents"):
        assert device.get(f"/entries/{draft.id}/{path}").status_code == 404
    for path in ("edit/about", "submit", "withdraw", "ask"):
        assert device.post(f"/entries/{draft.id}/{path}", data={"csrf_token": token, "sure": "1"}).status_code == 404
    other = browser(client)
    sign_in(other, stranger)
    assert other.get(f"/entries/{draft.id}/shared").status_code == 404


def test_consents_of_others_cannot_be_taken_back(
    client: FlaskClient, sign_in: SignIn, platform: Platform, owner: Account, draft: Entry
) -> None:
    token = sign_in(client, owner)
    device = browser(client)
    open_link(device, ask(client, platform, draft, token, role="guardian", email=MOTHER, at=0))
    say_yes(device, "guardian:take-part", "self:take-part")
    with platform.database.writing() as session:
        stranger = make_account(session)
        link, row = session.scalars(select(PeopleLink.id)).one(), session.scalars(select(Consent.id)).first()
    other = browser(client)
    form = {"link": link, "act": "back", "consent": row, "csrf_token": sign_in(other, stranger)}
    assert other.post("/my/consents", data=form).status_code == 404
    # Nor does the lead take back what a guardian gave by link: leaving boxes empty says nothing of it.
    client.post(f"/entries/{draft.id}/edit/consents", data={"csrf_token": token})
    with platform.database.reading() as session:
        assert session.scalars(select(Consent.withdrawn_at)).all() == [None, None]


def test_office_enters_a_form_by_its_code_and_prints_forms(
    client: FlaskClient, sign_in: SignIn, platform: Platform, draft: Entry
) -> None:
    with platform.database.writing() as session:
        secretary = make_account(session)
        give_role(session, session.get_one(Entry, draft.id).contest, secretary, "secretary")
        member = session.scalars(select(EntryMember.id).where(EntryMember.position == 0)).one()
    token = sign_in(client, secretary)
    code = paper_code(platform.settings, member)
    assert code in client.get(f"/entries/{draft.id}/paper-consents").text
    base = next(rule.rule for rule in client.application.url_map.iter_rules() if rule.endpoint == "organiser.consents")
    address = base.replace("<entry_id>", draft.id)
    form = {"code": "WRONG", "name": "Hà Mẫu Mẹ", "agreed": ["guardian:take-part"], "csrf_token": token}
    refused = client.post(f"{address}/paper", data=form)
    assert refused.status_code == 422
    assert "No form of this entry has this code." in refused.text

    assert client.post(f"{address}/paper", data={**form, "code": code}).status_code == 302

    page = client.get(address).text
    assert "take part: Hà Mẫu Mẹ, on paper" in page
    with platform.database.reading() as session:
        row = session.scalars(select(Consent)).one()
        assert (row.method, row.by_account_id, row.by_name) == ("paper", secretary.id, "Hà Mẫu Mẹ")


def test_mentor_and_school_confirm_by_name(
    client: FlaskClient, sign_in: SignIn, platform: Platform, owner: Account, draft: Entry
) -> None:
    token = sign_in(client, owner)
    for role in ("mentor", "school"):
        email = f"{role}@example.vn"
        client.post(f"/entries/{draft.id}/ask", data={"role": role, "email": email, "csrf_token": token})
        device = browser(client)
        page = open_link(device, link_in(last_letter(platform, email)))
        assert "Lộc Mẫu Linh" in page
        form = {"name": "Hiệu trưởng Mẫu", "act": "yes", "locale": "en"}
        answer = device.post("/answer/open", data={**form, "csrf_token": csrf_token(device, "/answer/open")})
        assert "Thank you" in answer.text
    page = client.get(f"/entries/{draft.id}/edit/consents").text
    assert page.count("Hiệu trưởng Mẫu, said yes") == 2
    with platform.database.reading() as session:
        links = session.scalars(select(PeopleLink)).all()
        assert all(session.get(ConsentText, link.text_sha256) is not None for link in links)


def test_my_consents_take_as_many_queries_for_many_children(
    client: FlaskClient,
    sign_in: SignIn,
    platform: Platform,
    count_queries: Callable[[], contextlib.AbstractContextManager[list[str]]],
) -> None:
    with platform.database.writing() as session:
        parent = make_account(session)
        contest = make_contest(session, platform.registry)

    def add(children: int) -> None:
        with platform.database.writing() as session:
            for number in range(children):
                entry = make_entry(
                    session, session.merge(contest), members=({"name": f"Bé Mẫu {number}", "born": BORN},)
                )
                session.refresh(entry)
                agree(session, entry)
                session.add(
                    PeopleLink(
                        entry_id=entry.id, member_id=entry.members[0].id, role="guardian", asked_at=entry.created_at,
                        answered_at=entry.created_at, answer="accepted", account_id=parent.id,
                    )
                )  # fmt: skip

    def ask_page() -> int:
        with count_queries() as statements:
            page = client.get("/my/consents")
        assert page.status_code == 200
        return len(statements)

    sign_in(client, parent)
    add(2)
    few = ask_page()
    add(30)
    assert ask_page() == few
