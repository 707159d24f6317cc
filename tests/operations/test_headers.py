"""Every answer at every address carries the headers that protect it; reading changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.wrappers import Response

from judging.composition import create_web
from judging.services.platform import Platform
from tests.factories import PASSWORD, make_account
from tests.operations.conftest import csrf_token
from tests.operations.installations import rows_of

NOWHERE = "0190f3a2-0000-7000-8000-000000000000"
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# What may differ from one reading to the next without anybody having changed anything.
_USE = {"login_session", "audit_event", "login_failure"}


@pytest.fixture
def tls(sqlite_platform: Platform) -> Flask:
    """The application as it stands behind a proxy with TLS."""
    made = create_web(replace(sqlite_platform, settings=replace(sqlite_platform.settings, cookie_secure=True)))
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


def administrator(app: Flask, platform: Platform, **environ: str) -> FlaskClient:
    with platform.database.writing() as session:
        account = make_account(session, is_administrator=True)
    client = app.test_client()
    client.environ_base.update(environ)
    values = {"email": account.email, "password": PASSWORD, "csrf_token": csrf_token(client)}
    assert client.post("/login", data=values).status_code == 302
    return client


def every_page(app: Flask) -> Iterator[str]:
    """An address for each rule that answers a GET, and some that lead nowhere. What they name does not exist."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and rule.endpoint != "account.sign_out":
            values = {name: "css/base.css" if name == "filename" else NOWHERE for name in rule.arguments}
            try:
                yield adapter.build(rule.endpoint, values)
            except (ValueError, TypeError):  # a number is wanted
                yield adapter.build(rule.endpoint, dict.fromkeys(rule.arguments, 0))
    yield from ("/nowhere", "/static/nowhere.css", "/.git/HEAD", "/console", "/static/", "/%00", "/?lang=vi")


def wrong_with(answer: Response, path: str) -> Iterator[str]:
    headers = answer.headers
    for name, value in ALWAYS.items():
        if headers.get(name) != value:
            yield f"{path}: {name} is {headers.get(name)}"
    policy = headers.get("Content-Security-Policy", "")
    for part in ("default-src 'none'", "unsafe-inline", "unsafe-eval"):
        if (part in policy) != (part == "default-src 'none'"):
            yield f"{path}: the content security policy is {policy!r}"
    if answer.mimetype == "text/html" and ("frame-ancestors 'none'" not in policy or "base-uri 'none'" not in policy):
        yield f"{path}: the content security policy is {policy!r}"
    if "camera=()" not in headers.get("Permissions-Policy", ""):
        yield f"{path}: no Permissions-Policy"
    if (answer.mimetype or "").startswith("text/") and "charset=utf-8" not in headers["Content-Type"]:
        yield f"{path}: {headers['Content-Type']} without a charset"
    if "Access-Control-Allow-Origin" in headers:
        yield f"{path}: readable from {headers['Access-Control-Allow-Origin']}"
    if "Server" in headers or "X-Powered-By" in headers:
        yield f"{path}: tells what it runs on"


@pytest.mark.parametrize("signed_in", [False, True], ids=["guest", "administrator"])
def test_every_answer_carries_the_headers_that_protect_it(
    sqlite_platform: Platform, tls: Flask, signed_in: bool
) -> None:
    client = administrator(tls, sqlite_platform, **{"wsgi.url_scheme": "https"}) if signed_in else tls.test_client()
    before = {name: rows for name, rows in rows_of(sqlite_platform).items() if name not in _USE}
    wrong, seen = [], set()
    for path in every_page(tls):
        with client.get(
            path, base_url="https://contest.example.vn", headers={"Origin": "https://evil.example"}
        ) as answer:
            seen.add(answer.status_code)
            wrong += list(wrong_with(answer, path))
            if answer.headers.get("Strict-Transport-Security") != "max-age=63072000; includeSubDomains":
                wrong.append(f"{path}: no HSTS")
            if answer.status_code >= 500 and path != "/readyz":
                wrong.append(f"{path}: {answer.status_code}")
            is_file = path.startswith("/static") and answer.status_code == 200
            if not is_file and not {"Cookie"} <= set(answer.vary.as_set(preserve_casing=True)):
                wrong.append(f"{path}: Vary is {answer.headers.get('Vary')}")
            # A program signs in with its token: for these addresses a cookie makes nobody of anybody.
            is_personal = signed_in and not is_file and not path.startswith("/api/")
            if is_personal and "no-store" not in answer.headers.get("Cache-Control", ""):
                wrong.append(f"{path}: a signed-in person's page may be kept ({answer.headers.get('Cache-Control')})")
            for cookie in answer.headers.getlist("Set-Cookie"):
                if not {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; ")):
                    wrong.append(f"{path}: the cookie {cookie.split('=')[0]} is not kept safe")
    assert wrong == []
    assert {200, 404} <= seen
    assert {name: rows for name, rows in rows_of(sqlite_platform).items() if name not in _USE} == before


def test_session_cookie_is_bound_to_the_host_under_tls(tls: Flask, client: FlaskClient) -> None:
    with tls.test_client() as safe:
        cookie = safe.get("/login", base_url="https://contest.example.vn").headers["Set-Cookie"]
        assert cookie.startswith("__Host-session=")
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    # Without TLS a browser would drop a cookie of that name.
    assert client.get("/login").headers["Set-Cookie"].startswith("session=")


def test_no_tls_no_promise_of_it(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/").headers


def test_headers_of_a_proxy_are_ignored_where_none_is_trusted(sqlite_platform: Platform) -> None:
    forged = {
        "X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https",
        "X-Request-Id": "forged-number-1",
    }  # fmt: skip
    seen = {}
    for trusted in (0, 1):
        settings = replace(sqlite_platform.settings, trusted_proxies=trusted)
        client = create_web(replace(sqlite_platform, settings=settings)).test_client()
        answer = client.get("/my/entries", headers=forged)
        seen[trusted] = (answer.headers["X-Request-Id"] == "forged-number-1", "evil.example" in answer.request.url)
    assert seen[0][0] is False
    assert seen[1][0] is True


@pytest.mark.parametrize("method", ["TRACE", "CONNECT"])
def test_methods_that_show_or_tunnel_requests_are_refused(client: FlaskClient, method: str) -> None:
    assert client.open("/", method=method).status_code in {400, 405}


def test_page_that_tells_of_a_missing_file_is_not_kept(sqlite_platform: Platform, tls: Flask) -> None:
    client = administrator(tls, sqlite_platform, **{"wsgi.url_scheme": "https"})

    answer = client.get("/static/nowhere.css", base_url="https://contest.example.vn")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (404, "no-store")
