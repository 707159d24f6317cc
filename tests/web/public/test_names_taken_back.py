"""T53: a guardian takes the name of a published winner back; every page that showed it is without it at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select

from judging.db.models import Consent, Contest, Entry, PeopleLink
from judging.services.entries.people.asking import sha256_of
from tests.factories import NOW
from tests.web.conftest import csrf_token

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from judging.db.session import Database
    from tests.services.office import Office
    from tests.web.public.conftest import Act

NAME, SCHOOL = "Lộc Mẫu Linh", "THCS Mẫu 99"
PLACES = ("results", "results.csv", "results?q=Linh", "results?lang=vi")


@pytest.fixture
def named(database: Database, logged: Office, publish: Act) -> str:
    """The best entry's author is named by consent; the guardian holds the personal link `t`. Returns the slug."""
    with database.writing() as session:
        entry = session.get_one(Entry, logged.entries[0].id)
        member = entry.members[0]
        member.name, member.unit = NAME, SCHOOL
        for word in ("self", "guardian"):
            session.add(
                Consent(
                    member_id=member.id, purpose="publish-name", given_by=word, given_at=NOW, method="link",
                    by_name="Hà Mẫu Mẹ",
                )
            )  # fmt: skip
        session.add(
            PeopleLink(
                entry_id=entry.id, member_id=member.id, role="guardian", name="Hà Mẫu Mẹ", email="me@example.vn",
                asked_at=NOW, answered_at=NOW, answer="accepted", answered_name="Hà Mẫu Mẹ", method="link",
                lasting_sha256=sha256_of("t"),
            )
        )  # fmt: skip
        slug = session.get_one(Contest, entry.contest_id).slug
    publish()
    return slug


def test_name_is_gone_from_every_page_at_once_and_search_engines_are_asked_to_forget_it(
    client: FlaskClient, database: Database, named: str
) -> None:
    fetch = {place: client.get(f"/contests/{named}/{place}") for place in PLACES}
    before = client.get(f"/api/v1/contests/{named}/results")
    assert all(NAME in page.text for page in fetch.values())
    assert NAME in json.dumps(before.get_json(), ensure_ascii=False)
    assert all("X-Robots-Tag" not in page.headers for page in fetch.values())
    # Whatever keeps copies between us and the reader must ask again within a minute.
    for page in (*fetch.values(), before):
        assert page.headers["Cache-Control"] in ("no-store", "no-cache", "private, no-store"), page.headers
    ranking = client.get(f"/contests/{named}/ranking.json").data

    client.get("/my/consents?key=t")
    with database.reading() as session:
        row = session.scalars(select(Consent.id).where(Consent.given_by == "guardian")).one()
        link = session.scalars(select(PeopleLink.id)).one()
    form = {"link": link, "act": "back", "consent": row, "csrf_token": csrf_token(client, "/my/consents")}
    assert client.post("/my/consents", data=form).status_code == 302

    for place in PLACES:
        page = client.get(f"/contests/{named}/{place}")
        assert NAME not in page.text
        assert SCHOOL not in page.text
        assert page.headers["X-Robots-Tag"] == "noindex, noarchive"
    after = client.get(f"/api/v1/contests/{named}/results")
    assert after.json is not None
    assert all(prize["names"] == [] or NAME not in prize["names"] for prize in after.json["prizes"])
    assert SCHOOL not in after.get_data(as_text=True)
    assert client.get(f"/contests/{named}/ranking.json").data == ranking, "aliases only: nothing to take back"
