"""Errors are problem documents, in the reader's language, with every fault at its place, and tell strangers nothing."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from judging.composition import create_web
from judging.db.models import Entry
from judging.domain.policy import PUBLIC, SIGNED_IN
from judging.web.policing import declared_policies
from tests.factories import (
    give_role,
    make_account,
    make_assignment,
    make_contest,
    make_entry,
    make_judge,
    make_organisation,
)
from tests.web.api.programs import ROOT, Program, done, program_of, said

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from flask import Flask

    from judging.services.platform import Platform

    Acting = Callable[..., Program]

NOWHERE = "0190f3a2-0000-7000-8000-000000000000"
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}


@pytest.fixture
def stranger(platform: Platform, acting: Acting) -> Program:
    with platform.database.writing() as session:
        account = make_account(session)
    return acting(account)


@pytest.fixture
def organiser(platform: Platform, acting: Acting) -> Program:
    """An organiser of the contest `held`, which is open."""
    with platform.database.writing() as session:
        account = make_account(session)
        give_role(session, make_contest(session, platform.registry, slug="held"), account, "organiser")
    return acting(account)


@pytest.fixture
def real(platform: Platform) -> Mapping[str, str]:
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry, phase="judging")
        entry = make_entry(session, contest)
        judge = make_judge(session, contest)
        assignment = make_assignment(session, entry, judge, round_key="preliminary")
        return {
            "slug": contest.slug, "entry_id": entry.id, "assignment_id": assignment.id, "judge_id": judge.id,
            "round_key": "preliminary",
        }  # fmt: skip


def calls(app: Flask, values: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Method and address of every operation that is neither public nor open to everybody with a token."""
    policies = declared_policies(app)
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("api.") or policies[rule.endpoint].names & {PUBLIC, SIGNED_IN}:
            continue
        with app.test_request_context():
            built = rule.build({name: values.get(name, NOWHERE) for name in rule.arguments})
        assert built is not None
        for method in sorted((rule.methods or set()) & {"GET", *CHANGING}):
            yield method, built[1].removeprefix(ROOT)


def test_stranger_cannot_tell_what_exists_from_what_does_not(
    app: Flask, stranger: Program, real: Mapping[str, str]
) -> None:
    pairs = list(zip(calls(app, real), calls(app, {}), strict=True))
    told = [pair for pair in pairs if seen(stranger, *pair[0]) != seen(stranger, *pair[1])]

    assert len(pairs) > 25, "the operations were not found"
    assert told == []
    assert {seen(stranger, *pair[0])[0] for pair in pairs} == {404}


def seen(program: Program, method: str, path: str) -> tuple[int, bytes, dict[str, str]]:
    answer = program.call(method, path, {} if method in CHANGING else None)
    headers = {name: value for name, value in answer.headers.items() if name != "X-Request-Id"}
    return answer.status_code, answer.data, headers


def test_plain_errors_below_the_interface_are_problems(guest: Program) -> None:
    for method, path, status in (
        ("GET", "/nothing", 404), ("GET", "/contests/%00", 404), ("DELETE", "/contests", 405),
        ("GET", "/contests/nothing/results", 404), ("PUT", "/openapi.json", 405),
    ):  # fmt: skip
        answer = guest.call(method, path)

        assert (answer.status_code, answer.content_type) == (status, "application/problem+json"), path
        assert {"type", "title", "status", "detail"} <= set(said(answer))
        assert said(answer)["status"] == status
        assert ("Allow" in answer.headers) == (status == 405)


def test_problem_comes_in_the_language_that_is_asked_for(guest: Program) -> None:
    english, vietnamese = (guest.get("/nothing", Accept_Language=language) for language in ("en", "vi"))

    assert said(english)["title"] == "There is nothing here"
    assert vietnamese.headers["Vary"] == "Cookie, Accept-Language"
    assert guest.client.get(f"{ROOT}/nothing?lang=en", headers={"Accept-Language": "vi"}).data == vietnamese.data


ENTRIES = "/contests/held/entries"


BODIES = (
    (b"{", 400),
    (b'{"title": "a", "title": "b"}', 400),
    (b'{"answers": {"x": NaN}}', 400),
    (b'{"answers": {"x": Infinity}}', 400),
    (rb'{"title": "\ud800"}', 400),
    (rb'{"title": "a\u0000b"}', 400),
    (b'{"title": "\xff"}', 400),
    (b"[" * 5000 + b"]" * 5000, 400),
    (b'{"answers": ' + b'{"a": ' * 60 + b"1" + b"}" * 61, 400),
    (b'{"title": "' + b"a" * 1_000_001 + b'"}', 413),
    (b"[]", 422),
    (b"null", 422),
    (b'"text"', 422),
    (b'{"title": 5}', 422),
    (b'{"owner_id": "0190f3a2-0000-7000-8000-000000000000"}', 422),
    (b'{"state": "awarded"}', 422),
    (b'{"number": 1, "alias": "e-1"}', 422),
    (b'{"members": [{"name": "A", "share": 1e309}]}', 422),
    (b'{"members": [{"name": "A", "is_lead": true}]}', 422),
    (b'{"members": [{"name": "A", "share": "NaN"}]}', 422),
    (b'{"answers": {"x": 1e309}}', 422),
    (b'{"category": "no-such-category"}', 422),
)


def test_body_that_is_not_as_it_must_be_is_refused_and_stores_nothing(organiser: Program, platform: Platform) -> None:
    answers = {body: organiser.call("POST", ENTRIES, body) for body, _status in BODIES}

    assert {body[:60]: one.status_code for body, one in answers.items()} == {
        body[:60]: status for body, status in BODIES
    }
    assert {one.content_type for one in answers.values()} == {"application/problem+json"}
    with platform.database.reading() as session:
        assert session.query(Entry).count() == 0


def test_body_of_another_kind_is_refused(organiser: Program) -> None:
    answer = organiser.client.post(
        ROOT + ENTRIES, data={"title": "a"}, headers={"Authorization": f"Bearer {organiser.token}"}
    )

    assert answer.status_code == 415


def test_every_fault_is_told_at_its_place(organiser: Program) -> None:
    answer = organiser.post(
        ENTRIES, {"title": 5, "members": [{"born": "yesterday"}], "unknown/~": 1}
    )  # fmt: skip

    assert answer.status_code == 422
    assert {(one["pointer"], one["code"]) for one in said(answer)["errors"]} == {
        ("#/title", "string-type"), ("#/members/0/name", "missing"), ("#/members/0/born", "date-parsing"),
        ("#/unknown~1~0", "extra-forbidden"),
    }  # fmt: skip


@pytest.mark.parametrize("query", ["unknown=1", "expand=members", "fields=title", "limit=0&judge=x"])
def test_parameter_that_is_not_known_is_named_and_refused(organiser: Program, query: str) -> None:
    """Whoever asks for more, or narrows a list in vain, is not to believe that it was heeded."""
    answer = organiser.get(f"{ENTRIES}?{query}")

    assert answer.status_code == 400
    assert said(answer)["type"].endswith("problem-bad-request")
    unknown = {one["pointer"] for one in said(answer)["errors"] if one["code"] == "extra-forbidden"}
    assert unknown == {query.rsplit("&", maxsplit=1)[-1].partition("=")[0]}


def test_parameter_that_is_not_as_it_must_be_is_refused(organiser: Program) -> None:
    for query in (
        "?limit=0", "?limit=101", "?limit=1&limit=2", "?limit=１", "?limit=1_0", "?limit=%201",
        "?limit=-1", "?limit=1.0", "?cursor=%00", "?cursor=AAAA", "?cursor=", "?state=%27",
    ):  # fmt: skip
        answer = organiser.get(ENTRIES + query)

        assert answer.status_code == 422, query
        assert said(answer)["errors"]


def test_condition_that_is_missing_or_stale_is_told_with_the_thing_as_it_is(organiser: Program) -> None:
    read = organiser.get("/contests/held")
    change = {"title": "Tên mới"}

    assert organiser.patch("/contests/held", change).status_code == 428
    stale = organiser.patch("/contests/held", change, If_Match='"something-else"')
    assert stale.status_code == 412
    assert said(stale)["current"] == read.json
    assert stale.headers["ETag"] == read.headers["ETag"]
    assert done(organiser.patch("/contests/held", change, If_Match=read.headers["ETag"]))["title"] == "Tên mới"
    assert organiser.patch("/contests/held", change, If_Match=read.headers["ETag"]).status_code == 412
    assert organiser.get("/contests/held", If_None_Match=read.headers["ETag"]).status_code == 200


def test_limit_is_told_as_a_problem_and_as_a_page(platform: Platform) -> None:
    with platform.database.writing() as session:
        account = make_account(session)
    app = create_web(replace(platform, settings=replace(platform.settings, limit_account=3, limit_address=8)))
    program = program_of(app, platform, account)

    answers = [program.get("/me") for _ in range(4)]
    assert [one.status_code for one in answers] == [200, 200, 200, 429]
    refused = answers[-1]
    assert refused.content_type == "application/problem+json"
    assert 1 <= int(refused.headers["Retry-After"]) <= 61
    # The address has more, but not without end; files of the program cost nothing.
    pages = [app.test_client().get("/", headers={"Accept": "text/html"}) for _ in range(6)]
    assert [one.status_code for one in pages] == [200, 200, 200, 200, 429, 429]
    assert pages[-1].content_type.startswith("text/html")
    assert "Retry-After" in pages[-1].headers
    with app.test_client().get("/static/css/base.css") as file:
        assert file.status_code == 200


def test_failure_of_the_server_is_a_problem_that_tells_nothing_of_it(
    app: Flask, guest: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(**_arguments: Any) -> Any:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setitem(app.view_functions, "api.get_contest", _declared_like(app, fail))

    answer = guest.get("/contests/anything")

    assert (answer.status_code, answer.content_type) == (500, "application/problem+json")
    assert "secret" not in json.dumps(answer.json)


def _declared_like(app: Flask, view: Callable[..., Any]) -> Callable[..., Any]:
    view.__dict__.update(app.view_functions["api.get_contest"].__dict__)
    return view


def test_contest_in_preparation_is_nothing_but_for_its_office(
    guest: Program, stranger: Program, acting: Acting, platform: Platform
) -> None:
    with platform.database.writing() as session:
        account = make_account(session)
        organisation = make_organisation(session)
        draft = make_contest(session, platform.registry, organisation=organisation, phase="draft", slug="draft")
        give_role(session, draft, account, "secretary")
    office = acting(account)

    nothing = guest.get("/contests/nothing-here").data
    assert [one.get("/contests/draft").data for one in (guest, stranger)] == [nothing, nothing]
    assert [one["slug"] for one in done(stranger.get("/contests"))["items"]] == []
    assert [one["slug"] for one in done(office.get("/contests"))["items"]] == ["draft"]
    assert done(office.get("/contests/draft"))["phase"] == "draft"
