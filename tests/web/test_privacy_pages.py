"""Pages and addresses of privacy: they do what they say, for those whom it concerns and for nobody else."""

from __future__ import annotations

import io
import json
import re
import zipfile
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from judging.db.models import (
    Account,
    AgeCheck,
    Breach,
    DataExport,
    DataRead,
    Entry,
    EntryFile,
    LegalHold,
    PrivacyRequest,
    RetentionTerms,
)
from judging.services.privacy.my_data.exports import make_export
from tests.factories import NOW, give_role, make_account
from tests.services.office import hold_contest

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from flask import Flask
    from flask.testing import FlaskClient

    from judging.services.platform import Platform
    from tests.services.office import Office

    SignIn = Callable[[FlaskClient, Account], str]
    Counting = Callable[[], AbstractContextManager[list[str]]]


class Site:
    """An installation with a contest, its office, an author and an administrator, each to be signed in as."""

    def __init__(self, app: Flask, platform: Platform, sign_in: SignIn) -> None:
        self.app, self.platform, self._sign_in = app, platform, sign_in
        with platform.database.writing() as session:
            self.held: Office = hold_contest(session, platform.registry, phase="screening", state="submitted")
            self.entry = self.held.entries[0]
            self.people = {
                "author": self.entry.owner,
                "other": self.held.entries[1].owner,
                "organiser": self.held.desk,
                "secretary": make_account(session),
                "auditor": make_account(session),
                "administrator": make_account(session, is_administrator=True),
            }
            for role in ("secretary", "auditor"):
                give_role(session, self.held.contest, self.people[role], role)
        self.slug = self.held.contest.slug

    def client(self, who: str) -> tuple[FlaskClient, str]:
        made = self.app.test_client()
        made.set_cookie("lang", "en")
        return made, self._sign_in(made, self.people[who])


@pytest.fixture
def site(app: Flask, platform: Platform, sign_in: SignIn) -> Site:
    return Site(app, platform, sign_in)


def test_author_gets_the_archive_and_nobody_else_does(site: Site) -> None:
    client, token = site.client("author")
    assert "Your data" in client.get("/account").text
    assert client.post("/account/data/exports", data={"csrf_token": token}).status_code == 302
    assert client.post("/account/data/exports", data={"csrf_token": token}).status_code == 422
    with site.platform.database.reading() as session:
        export_id = session.query(DataExport).one().id
    address = f"/account/data/exports/{export_id}"
    assert client.get(address).status_code == 404

    make_export(
        site.platform.database, registry=site.platform.registry, files=site.platform.files,
        settings=site.platform.settings, export_id=export_id, now=datetime.now(UTC),
    )  # fmt: skip

    assert address in client.get("/account/data").text
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "application/zip")
    assert "data.json" in zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    missing = "/account/data/exports/0190f3a2-0000-7000-8000-000000000000"
    for who in ("other", "organiser", "administrator"):
        stranger, _ = site.client(who)
        refused, nothing = stranger.get(address), stranger.get(missing)
        assert refused.status_code == nothing.status_code == 404
        assert address not in stranger.get("/account/data").text


def test_request_goes_from_the_person_to_the_desk_and_back(site: Site) -> None:
    client, token = site.client("author")
    form = {"kind": "correct", "text": "Sửa tên <b>em</b>.", "contest": site.held.contest.id, "csrf_token": token}
    assert client.post("/account/data/requests", data={**form, "text": " "}).status_code == 422
    assert client.post("/account/data/requests", data={**form, "kind": "x"}).status_code == 422
    assert client.post("/account/data/requests", data=form).status_code == 302
    with site.platform.database.reading() as session:
        made = session.query(PrivacyRequest).one()

    desk, desk_token = site.client("secretary")
    queue, address = f"/organise/{site.slug}/requests", f"/organise/{site.slug}/requests/{made.id}"
    assert address in desk.get(queue).text
    page = desk.get(address).text
    assert "Sửa tên &lt;b&gt;em&lt;/b&gt;." in page
    step = {"step": "answer", "note": "Đã sửa.", "csrf_token": desk_token}
    assert desk.post(address, data={**step, "note": ""}).status_code == 422
    assert desk.post(address, data={**step, "step": "take-back"}).status_code == 422
    assert desk.post(address, data=step).status_code == 302
    assert desk.post(address, data=step).status_code == 422
    told = json.loads(desk.get(f"{address}/evidence").text)
    assert [one["step"] for one in told["steps"]] == ["receive", "answer"]
    paper = desk.get(f"{address}/evidence?as=html")
    assert paper.mimetype == "text/html"
    assert "attachment" in paper.headers["Content-Disposition"]
    assert "Answered, to be done" in client.get("/account/data").text

    other, other_token = site.client("other")
    take_back = f"/account/data/requests/{made.id}/take-back"
    assert other.post(take_back, data={"csrf_token": other_token}).status_code == 404
    assert client.post(take_back, data={"csrf_token": token}).status_code == 302
    assert client.post(take_back, data={"csrf_token": token}).status_code == 422
    assert other.get(address).status_code == site.client("auditor")[0].get(address).status_code == 404


def test_office_enters_a_paper_request_and_administrator_sees_all(site: Site) -> None:
    desk, token = site.client("organiser")
    form = {
        "kind": "erase", "channel": "paper", "profile": "vn", "person": "Phụ huynh", "contact": "0900",
        "identity_note": "Đã xem căn cước.", "text": "Xóa.", "code": str(site.entry.number), "received": "2021-01-04",
        "csrf_token": token,
    }  # fmt: skip
    queue = f"/organise/{site.slug}/requests"
    for wrong in ({"identity_note": ""}, {"code": "999999"}, {"received": "x"}, {"received": "2999-01-01"}):
        answer = desk.post(queue, data={**form, **wrong})
        assert (answer.status_code, "Phụ huynh" in answer.text) == (422, True)
    assert desk.post(queue, data=form).status_code == 302
    assert "Overdue" in desk.get(queue).text

    admin, admin_token = site.client("administrator")
    assert "Phụ huynh" in admin.get("/admin/requests").text
    general = {**form, "kind": "see", "code": "", "person": "Một người khác", "csrf_token": admin_token}
    assert admin.post("/admin/requests", data=general).status_code == 302
    assert "Một người khác" not in desk.get(queue).text
    with site.platform.database.reading() as session:
        first, second = session.query(PrivacyRequest).order_by(PrivacyRequest.number)
    assert desk.get(f"{queue}/{second.id}").status_code == 404
    page = desk.get(f"{queue}/{first.id}")
    assert f"/organise/entries/{site.entry.id}/erase" in page.text
    assert admin.get(f"/admin/requests/{second.id}").status_code == 200
    assert admin.get(f"/admin/requests/{second.id}/evidence").status_code == 200
    done = {"step": "do", "note": "Xong.", "csrf_token": admin_token}
    assert admin.post(f"/admin/requests/{second.id}", data=done).status_code == 302
    assert desk.get("/admin/requests").status_code == 404


def test_terms_and_holds_are_set_on_the_page(site: Site) -> None:
    client, token = site.client("organiser")
    address = f"/organise/{site.slug}/retention"
    assert "before the results are published" in client.get(address).text
    terms = {"loser_months": "12", "winner_months": "36", "archive_years": "5", "csrf_token": token}
    assert client.post(address, data={**terms, "loser_months": "x"}).status_code == 422
    assert client.post(address, data=terms).status_code == 302
    hold = {"code": str(site.entry.number), "reason": "Khiếu nại.", "until": "2999-01-01", "csrf_token": token}
    for wrong in ({"code": "999999"}, {"until": "x"}, {"reason": ""}, {"until": "2001-01-01"}):
        assert client.post(f"{address}/holds", data={**hold, **wrong}).status_code == 422
    assert client.post(f"{address}/holds", data=hold).status_code == 302
    with site.platform.database.reading() as session:
        assert session.query(RetentionTerms).one().loser_months == 12
        hold_id = session.query(LegalHold).one().id
    assert "Khiếu nại." in client.get(address).text
    lift = f"{address}/holds/{hold_id}/lift"
    assert client.post(lift, data={"csrf_token": token}).status_code == 302
    assert client.post(lift, data={"csrf_token": token}).status_code == 422
    assert "Khiếu nại." not in client.get(address).text
    for who in ("secretary", "auditor", "author"):
        assert site.client(who)[0].get(address).status_code == 404
    assert site.client("administrator")[0].get(address).status_code == 200
    assert site.client("administrator")[0].get("/admin/retention").status_code == 200


def test_age_is_verified_on_the_dossier(site: Site) -> None:
    key = site.platform.files.put(b"\x89PNG proof").key
    with site.platform.database.writing() as session:
        session.add(
            EntryFile(
                entry_id=site.entry.id, item="proof_of_age", filename="p.png", media_type="image/png", size=11,
                sha256="0" * 64, key=key, uploaded_at=NOW,
            )
        )  # fmt: skip
        member = session.get_one(Entry, site.entry.id).members[0].id
    desk, token = site.client("secretary")
    address = f"/organise/entries/{site.entry.id}/people/{member}/age"
    assert address in desk.get(f"/organise/entries/{site.entry.id}").text
    auditor, auditor_token = site.client("auditor")
    assert address not in auditor.get(f"/organise/entries/{site.entry.id}").text
    assert auditor.post(address, data={"csrf_token": auditor_token}).status_code == 404

    assert desk.post(address, data={"csrf_token": token}).status_code == 302

    page = desk.get(f"/organise/entries/{site.entry.id}").text
    assert f"by {site.people['secretary'].name}" in page
    assert address not in page
    assert not site.platform.files.exists(key)
    with site.platform.database.reading() as session:
        assert session.query(AgeCheck).one().by_id == site.people["secretary"].id
    assert desk.post(address, data={"csrf_token": token}).status_code == 422


def reads(site: Site) -> list[tuple[str, str, str | None]]:
    with site.platform.database.reading() as session:
        rows = session.query(DataRead).order_by(DataRead.at, DataRead.id)
        return [(one.account_id, one.what, one.entry_id) for one in rows]


def test_openings_of_childrens_data_are_noted_with_one_statement(site: Site, count_queries: Counting) -> None:
    author, _ = site.client("author")
    author.get(f"/my/entries/{site.entry.id}")
    desk, _ = site.client("secretary")
    desk.get(f"/organise/{site.slug}/entries")
    assert reads(site) == []

    with count_queries() as statements:
        desk.get(f"/organise/entries/{site.entry.id}")
    desk.get(f"/organise/{site.slug}/entries.csv")
    desk.get("/organise/entries/0190f3a2-0000-7000-8000-000000000000")

    noted = [one for one in statements if "data_read" in one]
    assert len(noted) == 1
    assert noted[0].startswith("INSERT")
    own = site.people["secretary"].id
    assert reads(site) == [(own, "dossier", site.entry.id), (own, "list", None)]


@pytest.mark.parametrize(
    "page", ["/organise/entries/{}/desk", "/organise/entries/{}/consents", "/entries/{}/paper-consents"]
)
def test_every_page_with_the_people_of_a_dossier_is_noted(site: Site, page: str) -> None:
    desk, _ = site.client("secretary")
    assert desk.get(page.format(site.entry.id)).status_code == 200
    assert reads(site) == [(site.people["secretary"].id, "dossier", site.entry.id)]


def test_administrator_sees_who_opened_what(site: Site) -> None:
    desk, _ = site.client("secretary")
    desk.get(f"/organise/entries/{site.entry.id}")
    admin, _ = site.client("administrator")

    page = admin.get("/admin/reads?days=7")

    assert site.people["secretary"].name in page.text
    assert site.entry.alias in page.text
    assert "Nobody opened" in admin.get("/admin/reads?entry=e-nothing").text
    table = admin.get("/admin/reads.csv?days=7").text
    assert re.search(f"{site.people['secretary'].id}.*{site.entry.alias}.*dossier", table)
    assert desk.get("/admin/reads").status_code == 404


def test_breach_runs_72_hours_and_is_told_and_closed(site: Site) -> None:
    admin, token = site.client("administrator")
    form = {"noticed": "2021-01-04T08:00", "what": "Mất máy tính <i>xách tay</i>.", "csrf_token": token}
    for wrong in ({"noticed": "x"}, {"noticed": "2999-01-01T00:00"}, {"what": " "}):
        assert admin.post("/admin/breaches", data={**form, **wrong}).status_code == 422
    started = admin.post("/admin/breaches", data=form)
    address = started.headers["Location"]
    page = admin.get(address).text
    assert "The 72 hours are over." in page
    assert "To the authority" in page
    assert "&lt;i&gt;" in page
    with site.platform.database.writing() as session:
        breach = session.query(Breach).one()
        assert breach.noticed_at.hour == 1
        breach.noticed_at = datetime.now(UTC) - timedelta(hours=70)
    assert re.search(r"Time left: (?:1 hours 5\d|2 hours 0) minutes", admin.get(address).text)
    assert admin.post(address, data={"step": "tell", "csrf_token": token}).status_code == 302
    assert admin.post(address, data={"step": "tell", "csrf_token": token}).status_code == 422
    assert admin.post(address, data={"step": "close", "csrf_token": token}).status_code == 422
    close = {"step": "close", "conclusion": "Đã khóa máy.", "csrf_token": token}
    assert admin.post(address, data=close).status_code == 302
    assert "Đã khóa máy." in admin.get(address).text
    assert "closed" in admin.get("/admin/breaches").text
    assert site.client("organiser")[0].get("/admin/breaches").status_code == 404


def test_record_of_processing_names_what_is_kept(site: Site) -> None:
    page = site.client("administrator")[0].get("/admin/processing").text

    assert "entry_member" in page
    assert "Birth date" in page
    assert site.client("organiser")[0].get("/admin/processing").status_code == 404
