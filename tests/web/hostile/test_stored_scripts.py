"""T19: whatever people type, a page shows it and never runs it. T20: what they send is a download or a refusal."""

from __future__ import annotations

import contextlib
import io
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Error

from judging.db.models import EntryFile
from judging.web.entrant.step_list import ABOUT, CONSENTS, FILES, PEOPLE, REVIEW, TEXT
from tests.factories import NOW
from tests.services.files.contents import samples
from tests.web.hostile.vectors import VECTORS, some
from tests.web.hostile.watch import watched

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient
    from playwright.sync_api import Browser

    from judging.db.models import Account
    from judging.services.platform import Platform
    from tests.web.hostile.conftest import Hostile

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

_OFFICE_PAGES = (
    "",
    "/entries",
    "/screening",
    "/assignment",
    "/progress",
    "/standings",
    "/people",
    "/record",
    "/settings",
)


def test_there_are_a_hundred_and_twenty_and_a_browser_would_run_them(browser: Browser, address: str) -> None:
    """What the watch notes when the same words stand in a page as they are: else it would prove nothing."""
    assert len(set(VECTORS)) == 120
    careless = watched(browser, address)
    careless.page.goto(f"{address}/login")

    for vector in VECTORS[::5]:
        # Some of them lead the page away while it is being written.
        with contextlib.suppress(Error):
            careless.page.set_content(f"<!doctype html><body>{vector}</body>")
        careless.page.wait_for_timeout(20)

    assert len(careless.noted) > len(VECTORS[::5]) // 2


def test_organiser_sees_what_was_typed_and_nothing_runs(browser: Browser, address: str, hostile: Hostile) -> None:
    seen = watched(browser, address)
    seen.sign_in(hostile.organiser)

    text = "".join(seen.open(f"/organise/{hostile.slug}{page}") for page in _OFFICE_PAGES)
    text += "".join(seen.open(f"/organise/entries/{entry}") for entry in hostile.entries)
    for vector in VECTORS[::12]:
        seen.open(f"/organise/{hostile.slug}/entries?{urlencode({'q': vector})}")

    assert [vector for vector in VECTORS if vector not in text] == []
    assert seen.noted == []


def test_judge_sees_what_was_typed_and_nothing_runs(browser: Browser, address: str, hostile: Hostile) -> None:
    seen = watched(browser, address)
    seen.sign_in(hostile.judge)

    text = seen.open("/judge/") + seen.open(f"/judge/{hostile.slug}/") + seen.open(f"/judge/{hostile.slug}/conflicts")
    text += "".join(seen.open(f"/judge/sheets/{reading}") for reading in hostile.readings)

    assert [vector for vector in VECTORS if vector not in text] == []
    assert seen.noted == []


def test_contestant_sees_what_was_typed_and_nothing_runs(browser: Browser, address: str, hostile: Hostile) -> None:
    seen = watched(browser, address)
    seen.sign_in(hostile.owner)

    text = seen.open("/my/entries") + seen.open(f"/entries/{hostile.entries[0]}/")
    for step in (ABOUT, PEOPLE, TEXT, FILES, CONSENTS, REVIEW):
        text += seen.open(f"/entries/{hostile.draft}/edit/{step}")

    assert some(7) in text
    assert seen.noted == []


@pytest.mark.parametrize(
    ("media_type", "content"),
    [
        ("text/html", b"<script>alert(1)</script>"),
        ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(2)</script></svg>"),
        ("text/xml", b"<?xml-stylesheet href='//off.example/x.xsl' type='text/xsl'?><a/>"),
        ("image/png", b"<html><body><script>alert(1)</script>"),
        ("application/pdf", samples.armed_pdf("script")),
    ],
)
def test_file_opened_by_its_address_never_runs(
    browser: Browser, address: str, hostile: Hostile, platform: Platform, media_type: str, content: bytes
) -> None:
    """Even what could never be sent: a row that says it is a page."""
    stored = platform.files.put(content)
    with platform.database.writing() as session:
        file = EntryFile(
            entry_id=hostile.entries[0], item="summary", filename="x.html", media_type=media_type, size=stored.size,
            sha256=stored.sha256, key=stored.key, uploaded_at=NOW,
        )  # fmt: skip
        session.add(file)
    path = f"{address}/entries/{hostile.entries[0]}/files/{file.id}"
    seen = watched(browser, address)
    seen.sign_in(hostile.organiser)

    with seen.page.expect_download() as download:
        seen.page.evaluate("path => { location.href = path; }", path)
    assert download.value.url == path
    seen.page.goto(f"{address}/organise/entries/{hostile.entries[0]}")
    seen.page.evaluate(
        "path => new Promise(done => { const shown = new Image(); shown.onload = shown.onerror = done; "
        "shown.src = path; document.body.append(shown); })",
        path,
    )

    assert [one for one in seen.noted if "dialog" in one or "asked" in one] == []


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        ("page.html", b"<!DOCTYPE html><script>alert(1)</script>"),
        ("drawing.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("drawing.png", b"<svg><foreignObject><body onload='alert(1)'/></foreignObject></svg>"),
        ("use.jpg", b"<svg><use href='data:image/svg+xml,<svg id=x onload=alert(1)>#x'/></svg>"),
        ("styled.xml", b"<?xml version='1.0'?><?xml-stylesheet type='text/xsl' href='x.xsl'?><a/>"),
        ("wide.html", "<html><script>alert(1)</script>".encode("utf-16")),
        ("nameless", b"   <script>alert(1)</script>"),
        ("script.js", b"#!/usr/bin/env node\nalert(1)"),
        ("program.jpg", b"MZ\x90\x00" + bytes(64)),
        ("photo.heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"),
        ("old.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)),
    ],
)  # fmt: skip
def test_what_could_run_is_refused_with_what_to_do(
    client: FlaskClient, sign_in: Callable[[FlaskClient, Account], str], hostile: Hostile, platform: Platform,
    filename: str, content: bytes,
) -> None:  # fmt: skip
    token = sign_in(client, hostile.owner)
    before = set(platform.files.keys())

    answer = client.post(
        f"/entries/{hostile.draft}/files",
        data={"item": "pictures", "file": (io.BytesIO(content), filename), "csrf_token": token},
        content_type="multipart/form-data",
        follow_redirects=True,
    )

    assert f"{filename} is not a file of the kind that is taken here" in answer.text
    assert "JPG, PNG, WEBP" in answer.text or "JPEG" in answer.text
    assert set(platform.files.keys()) == before
