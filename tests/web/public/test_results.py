"""The public results: nothing before publication, everything after it, names only with consents."""

from __future__ import annotations

import hashlib

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from judging.db.models import Consent, Contest, Publication
from judging.db.session import Database
from judging.plugins import Registry
from judging.services.results.prizes import settle_prizes
from judging.services.results.publication import publish_results, withdraw_publication
from tests.factories import NOW
from tests.services.office import Office, finish_rounds, hold_contest

SHARES = ("0.9", "0.85", "0.8", "0.75", "0.5")
PHASES = ("announced", "open", "closed", "screening", "judging", "deliberation", "approved", "recheck", "suspended")


@pytest.fixture
def finished(database: Database, registry: Registry) -> Office:
    with database.writing() as session:
        held = hold_contest(session, registry, entries=5)
        finish_rounds(session, held, SHARES)
        settle_prizes(session, registry=registry, contest=held.contest, actor=held.organiser, now=NOW)
    return held


def _publish(database: Database, registry: Registry, held: Office) -> None:
    with database.writing() as session:
        contest = session.get_one(Contest, held.contest.id)
        publish_results(session, registry=registry, contest=contest, decision="12/QĐ", actor=held.organiser, now=NOW)


def _set_phase(database: Database, held: Office, phase: str) -> None:
    with database.writing() as session:
        session.get_one(Contest, held.contest.id).phase = phase


def _page(client: FlaskClient, held: Office, name: str = "results") -> TestResponse:
    return client.get(f"/contests/{held.contest.slug}/{name}")


@pytest.mark.parametrize("phase", PHASES)
def test_results_before_publication_say_the_same_whatever_there_is_to_know(
    client: FlaskClient, database: Database, registry: Registry, finished: Office, phase: str
) -> None:
    with database.writing() as session:
        empty = hold_contest(session, registry, entries=0)
        bare = session.get_one(Contest, empty.contest.id)
        full = session.get_one(Contest, finished.contest.id)
        bare.title_en = full.title_en
        bare.phase = full.phase = phase

    shown, other = _page(client, finished), _page(client, empty)

    assert shown.status_code == 200
    assert "Results are not published yet" in shown.text
    assert shown.text.replace(finished.contest.slug, "X") == other.text.replace(empty.contest.slug, "X")
    assert _page(client, finished, "results.csv").status_code == 404
    assert _page(client, finished, "ranking.json").status_code == 404


@pytest.mark.parametrize("phase", ["posted", "decided"])
def test_posting_lists_winners_without_scores(
    client: FlaskClient, database: Database, finished: Office, phase: str
) -> None:
    _set_phase(database, finished, phase)

    text = _page(client, finished).text + _page(client, finished, "results.csv").text

    assert [f"Sản phẩm {number}" in text for number in (1, 2, 3, 4, 5)] == [True, True, True, True, False]
    assert not any(score in text for score in ("90.00", "85.00", "80.00", "75.00", "50.00"))
    assert _page(client, finished, "ranking.json").status_code == 404


def test_published_results_show_prizes_scores_and_empty_levels(
    client: FlaskClient, database: Database, registry: Registry, finished: Office
) -> None:
    _publish(database, registry, finished)

    text = _page(client, finished).text

    assert [f"Sản phẩm {number}" in text for number in (1, 2, 3, 4, 5)] == [True, True, True, True, False]
    assert "90.00" in text
    assert "Not given" in text
    assert "12/QĐ" in text


def test_published_page_without_a_living_publication_says_nothing(
    client: FlaskClient, database: Database, registry: Registry, finished: Office
) -> None:
    _publish(database, registry, finished)
    with database.writing() as session:
        contest = session.get_one(Contest, finished.contest.id)
        withdraw_publication(session, contest=contest, reason="A mistake", actor=finished.organiser, now=NOW)

    assert "Results are not published yet" in _page(client, finished).text
    assert "Sản phẩm" not in _page(client, finished).text
    assert _page(client, finished, "ranking.json").status_code == 404


def test_check_sum_is_that_of_the_downloaded_ranking(
    client: FlaskClient, database: Database, registry: Registry, finished: Office
) -> None:
    _publish(database, registry, finished)

    content = _page(client, finished, "ranking.json").data

    with database.reading() as session:
        assert hashlib.sha256(content).hexdigest() == session.query(Publication).one().sha256


@pytest.mark.parametrize(
    ("given", "shown"), [((), False), (("self",), False), (("guardian",), False), (("self", "guardian"), True)]
)
def test_name_and_school_need_both_consents(
    client: FlaskClient, database: Database, registry: Registry, finished: Office, given: tuple[str, ...], shown: bool
) -> None:
    with database.writing() as session:
        from judging.db.models import EntryMember

        member = session.query(EntryMember).filter_by(entry_id=finished.entries[0].id).one()
        member.name, member.unit = "Lộc Mẫu Linh", "THCS Mẫu 99"
        session.add_all(
            [Consent(member_id=member.id, purpose="publish-name", given_by=one, given_at=NOW) for one in given]
        )
    _publish(database, registry, finished)

    for name in ("results", "results.csv", "results?q=Linh"):
        assert ("Lộc Mẫu Linh" in _page(client, finished, name).text) is shown
        assert ("THCS Mẫu 99" in _page(client, finished, name).text) is shown
    # A search must not tell either that the hidden name belongs to an entry.
    assert ("Sản phẩm 1" in _page(client, finished, "results?q=Linh").text) is shown


def test_search_and_category_narrow_the_list(
    client: FlaskClient, database: Database, registry: Registry, finished: Office
) -> None:
    _publish(database, registry, finished)

    found = _page(client, finished, "results?q=phẩm+3").text

    assert ["Sản phẩm 1" in found, "Sản phẩm 3" in found] == [False, True]
    assert "Sản phẩm 1" not in _page(client, finished, "results?category=software").text


def test_contest_in_preparation_is_not_there(client: FlaskClient, database: Database, finished: Office) -> None:
    _set_phase(database, finished, "draft")

    for name in ("results", "results.csv", "ranking.json"):
        assert _page(client, finished, name).status_code == 404
