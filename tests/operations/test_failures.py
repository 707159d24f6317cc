"""What people are told when something fails: a page that helps, never a trace, and 503 for what may pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from sqlalchemy import event, select, text

from judging.composition import create_web
from judging.db.engine import make_engine
from judging.db.models import Organisation
from judging.db.session import Database
from judging.domain.policy import policy
from judging.services.platform import Platform
from judging.web.transaction import db
from tests.factories import PASSWORD, make_account, make_organisation
from tests.operations.conftest import csrf_token

NOWHERE = "postgresql://judge:pw@127.0.0.1:1/judging"
CODES = (400, 401, 403, 404, 405, 409, 410, 412, 413, 415, 422, 429, 500, 501, 503)


def browser(platform: Platform, *extend: Callable[[Flask], object], language: str = "en") -> FlaskClient:
    app = create_web(platform)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    for add in extend:
        add(app)
    client = app.test_client()
    client.set_cookie("lang", language)
    return client


def failing(app: Flask) -> None:
    @app.get("/fails/<int:code>")
    @policy("public")
    def fails(code: int) -> str:
        abort(code)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", ["en", "vi"])
def test_error_page_says_what_happened_and_what_to_do(sqlite_platform: Platform, code: int, language: str) -> None:
    answer = browser(sqlite_platform, failing, language=language).get(f"/fails/{code}")

    assert answer.status_code == code
    assert f'<html lang="{language}"' in answer.text
    assert "<h1>" in answer.text
    assert 'class="button button-primary"' in answer.text
    assert "Traceback" not in answer.text
    assert (f"<code>{answer.headers['X-Request-Id']}</code>" in answer.text) == (code >= 500)
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("code", [one for one in CODES if one not in {410, 415, 501}])
def test_error_page_has_words_of_its_own(sqlite_platform: Platform, code: int) -> None:
    page = browser(sqlite_platform, failing).get(f"/fails/{code}").text

    assert "This did not work" not in page


def test_program_that_asks_for_json_gets_json(sqlite_platform: Platform) -> None:
    answer = browser(sqlite_platform, failing).get("/fails/409", headers={"Accept": "application/json"})

    assert (answer.status_code, answer.mimetype, answer.get_json()["status"]) == (409, "application/json", 409)


def test_wrong_method_tells_the_right_ones(client: FlaskClient) -> None:
    answer = client.delete("/login")

    # Whoever changes anything must bring the form's token first; reading ones are told by the address.
    assert answer.status_code in {400, 405}
    assert "GET" in client.open("/login", method="TRACE").headers["Allow"]


def test_database_out_of_reach_is_503_with_a_time_to_come_back(sqlite_platform: Platform) -> None:
    platform = replace(sqlite_platform, database=Database(make_engine(NOWHERE)))

    for client in (browser(platform), _with_session(platform)):
        answer = client.get("/contests/any/results")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert "Not available right now" in answer.text
        assert "127.0.0.1" not in answer.text
        assert client.get("/healthz").status_code == 200


def _with_session(platform: Platform) -> FlaskClient:
    """A browser whose cookie names a session that cannot be looked up now."""
    client = browser(platform)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "token"
    return client


def test_readiness_names_what_does_not_work_and_nothing_else(sqlite_platform: Platform) -> None:
    platform = replace(sqlite_platform, database=Database(make_engine(NOWHERE)))

    answer = browser(platform).get("/readyz")

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.get_json() == {
        "status": "not ready", "database": "not ok", "migrations": "not ok", "storage": "ok", "score_log": "not ok",
    }  # fmt: skip


def test_readiness_of_a_sound_installation(client: FlaskClient, platform: Platform) -> None:
    answer = client.get("/readyz")

    working = {"status": "ready", **dict.fromkeys(("database", "migrations", "storage", "score_log"), "ok")}
    working["room_for_files"] = "ok"
    # Nothing is known of the disk of a database server.
    known = {"room_for_scores": "ok"} if platform.database.engine.dialect.name == "sqlite" else {}
    assert (answer.status_code, answer.get_json()) == (200, {**working, **known})


def test_writers_who_wait_too_long_are_told_503_and_nothing_is_stored(sqlite_platform: Platform) -> None:
    with sqlite_platform.database.writing() as session:
        account = make_account(session)
    impatient = Database(sqlite_platform.database.engine, patience=0.2)
    client = browser(replace(sqlite_platform, database=impatient))
    token = csrf_token(client)

    with sqlite_platform.database.write_lock():
        answer = client.post("/login", data={"email": account.email, "password": PASSWORD, "csrf_token": token})

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "The database is busy. Nothing was stored" in answer.text
    assert client.get("/account").status_code == 302


@pytest.mark.postgres
def test_connection_that_dies_in_the_middle_of_a_request_is_503(
    platform: Platform, request: pytest.FixtureRequest
) -> None:
    if platform.database.engine.dialect.name == "sqlite":
        pytest.skip("a file has no connection that somebody else could end")
    with platform.database.writing() as session:
        make_organisation(session)

    def dying(app: Flask) -> None:
        @app.get("/dying")
        @policy("public")
        def dies() -> str:
            backend = db().scalar(text("SELECT pg_backend_pid()"))
            with platform.database.engine.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:backend)"), {"backend": backend})
            return str(db().scalars(select(Organisation.name)).all())

    client = browser(platform, dying)

    assert client.get("/dying").status_code == 503
    assert client.get("/").status_code == 200


def test_mistake_in_a_statement_is_500(platform: Platform) -> None:
    def wrong(app: Flask) -> None:
        @app.get("/wrong")
        @policy("public")
        def asks() -> str:
            return str(db().scalar(text("SELECT nothing FROM nowhere")))

    assert browser(platform, wrong).get("/wrong").status_code == 500


@contextmanager
def full_disk(database: Database) -> Iterator[None]:
    """A SQLite file that may not grow: the library answers just as when the disk is full."""

    def limit(connection: Any, _record: object, _proxy: object) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")

    def free(connection: Any, _record: object, _proxy: object) -> None:
        connection.execute("PRAGMA max_page_count = 1073741823")

    event.listen(database.engine, "checkout", limit)
    try:
        yield
    finally:
        event.remove(database.engine, "checkout", limit)
        event.listen(database.engine, "checkout", free)


def test_full_disk_refuses_what_it_cannot_store_and_goes_on_reading(sqlite_platform: Platform) -> None:
    database = sqlite_platform.database
    with database.writing() as session:
        account = make_account(session, is_administrator=True)
        make_organisation(session, name="Sở trước đó")
    client = browser(sqlite_platform)
    token = csrf_token(client)
    client.post("/login", data={"email": account.email, "password": PASSWORD, "csrf_token": token})
    token = csrf_token(client, "/account")

    stored, refused = [], 0
    with full_disk(database):
        for number in range(40):
            values = {"name": f"Sở {number} " + "x" * 150, "slug": f"so-{number}-" + "x" * 40, "csrf_token": token}
            answer = client.post("/admin/organisations", data=values)
            assert answer.status_code in {302, 503}, answer.text
            if answer.status_code == 302:
                stored.append(values["slug"])
            else:
                refused += 1
                assert "The disk of the database is full. Nothing was stored" in answer.text
        assert client.get("/admin/organisations").status_code == 200
        assert client.get("/healthz").status_code == 200
    assert refused

    # Room again, and the same process goes on; what was acknowledged is there, what was refused is not.
    assert client.post(
        "/admin/organisations", data={"name": "Sở sau đó", "slug": "sau-do", "csrf_token": token}
    ).status_code == 302  # fmt: skip
    with database.reading() as session:
        slugs = set(session.scalars(select(Organisation.slug)))
    assert {slug for slug in slugs if slug.startswith("so-")} == set(stored)
    assert "sau-do" in slugs


def test_store_without_its_folder_is_told_by_readiness(sqlite_platform: Platform, tmp_path: Path) -> None:
    (sqlite_platform.settings.data / "files" / "drafts").rmdir()

    answer = browser(sqlite_platform).get("/readyz")

    assert (answer.status_code, answer.get_json()["storage"]) == (503, "not ok")


def test_check_that_hangs_is_given_up_and_not_asked_again(sqlite_platform: Platform) -> None:
    import threading

    from judging.services.upkeep.readiness import Readiness
    from judging.storage.folder import FolderStore

    going, asked = threading.Event(), []

    class Hanging(FolderStore):
        def check(self) -> None:
            asked.append(1)
            going.wait(30)

    platform = replace(sqlite_platform, files=Hanging(sqlite_platform.settings.data / "files"))
    readiness = Readiness(platform, patience=0.3, kept=0)

    assert readiness.look() == {"database": True, "migrations": True, "storage": False, "score_log": True}
    assert readiness.look()["storage"] is False
    assert len(asked) == 1
    going.set()
    assert Readiness(sqlite_platform).look()["storage"] is True
