"""No page is open by oversight: every endpoint declares a policy, every form is guarded, and guests learn nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from flask import Blueprint

from judging.api import hookimpl, policy
from judging.composition import compose, create_web
from judging.domain.policy import ATTRIBUTE, PUBLIC, SIGNED_IN, Policy
from judging.errors import JudgingError
from judging.plugins import Registry, load_registry
from judging.services.core_plugin import CorePlugin
from judging.web.policing import declared_policies
from tests.factories import PASSWORD, make_account, make_assignment, make_contest, make_entry, make_judge

if TYPE_CHECKING:
    from flask import Flask
    from flask.testing import FlaskClient
    from werkzeug.routing import Rule
    from werkzeug.test import TestResponse

    from judging.services.platform import Platform
    from judging.settings import Settings

# What guests may call outside the blueprints `public` and `health`. A page joins this list by a reviewed change alone.
OPEN_TO_GUESTS = {
    "account.ask_directory",
    "account.directory",
    "account.directory_answers",
    "account.forgotten",
    "account.letter",
    "account.letter_sent",
    "account.open_letter",
    "account.passkey_options",
    "account.register",
    "account.second_step",
    "account.sign_in",
    "account.sign_in_by_letter",
    "account.sign_in_by_passkey",
    "account.sign_out",
    # Whoever is asked about an entry answers by a link, and takes back by another, without an account.
    "people.answer",
    "people.change",
    "people.give_answer",
    "people.my_consents",
    "people.take_token",
    "api.docs",
    "api.front",
    "api.get_contest",
    "api.get_results",
    "api.list_contests",
    "api.list_standings",
    "api.openapi",
    "api.upload_options",
    "entrant.answer",
    "entrant.eligibility",
    # What a device keeps of the program itself, whoever is signed in there: about nobody.
    "judge.manifest",
    "judge.not_kept",
    "judge.worker",
    "static",
}
CHANGING = {"POST", "PUT", "PATCH", "DELETE"}
NOWHERE = "0190f3a2-0000-7000-8000-000000000000"
# Where an address takes a number and nothing else.
NO_NUMBER = {"epoch": "999", "number": "999"}
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True, kw_only=True)
class Address:
    """An address of the application: its endpoint, how it is called, and what it names."""

    endpoint: str
    method: str
    path: str


@pytest.fixture
def real(platform: Platform) -> Mapping[str, str]:
    """Values for the variable parts of addresses that name things which exist."""
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry, phase="judging")
        entry = make_entry(session, contest)
        judge = make_judge(session, contest)
        assignment = make_assignment(session, entry, judge, round_key="preliminary")
        return {
            "slug": contest.slug,
            "entry_id": entry.id,
            "assignment_id": assignment.id,
            "judge_id": judge.id,
            "account_id": judge.account_id,
            "organisation_id": contest.organisation_id,
            "round_key": "preliminary",
            "step": "about",
            "part_key": "team",
        }


def addresses(app: Flask, values: Mapping[str, str], *, methods: set[str]) -> Iterator[Address]:
    """Every address that is called by one of the methods; a part that `values` does not know names nothing.

    Those for programs are tested with the interface, tests/web/api: no cookie opens them and no form leads there.
    """
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("api."):
            continue
        for method in sorted(methods & (rule.methods or set())):
            yield Address(endpoint=rule.endpoint, method=method, path=path_of(app, rule, values))


def path_of(app: Flask, rule: Rule, values: Mapping[str, str]) -> str:
    with app.test_request_context():
        built = rule.build({name: values.get(name, NO_NUMBER.get(name, NOWHERE)) for name in rule.arguments})
    assert built is not None, rule
    return built[1]


def policy_of(app: Flask, address: Address) -> Policy:
    found = declared_policies(app)[address.endpoint]
    assert isinstance(found, Policy)
    return found


def token_of(client: FlaskClient, path: str = "/login") -> str:
    found = TOKEN.search(client.get(path).text)
    assert found is not None
    return found[1]


def call(client: FlaskClient, address: Address, token: str) -> TestResponse:
    data = {"csrf_token": token} if address.method in CHANGING else None
    return client.open(address.path, method=address.method, data=data)


def test_every_endpoint_declares_a_policy(app: Flask) -> None:
    bare = [name for name, view in app.view_functions.items() if not isinstance(getattr(view, ATTRIBUTE, None), Policy)]

    assert bare == ["static"]


def test_guests_may_call_only_what_is_meant_for_them(app: Flask) -> None:
    public = {endpoint for endpoint, found in declared_policies(app).items() if found.is_public}

    assert {name for name in public if name.partition(".")[0] not in {"public", "health"}} == OPEN_TO_GUESTS


def test_public_pages_are_public(app: Flask) -> None:
    closed = [
        endpoint
        for endpoint, found in declared_policies(app).items()
        if endpoint.partition(".")[0] in {"public", "health"} and not found.is_public
    ]

    assert closed == []


def test_view_without_a_policy_is_refused_by_its_endpoint(app: Flask) -> None:
    app.view_functions["public.forgotten"] = lambda: "page"

    with pytest.raises(JudgingError, match=r"The page “public\.forgotten” declares no policy"):
        declared_policies(app)


class Stranger:
    """A plugin of a third party with one page."""

    judging_api = 1

    def __init__(self, pages: Blueprint) -> None:
        self.pages = pages

    @hookimpl
    def judging_pages(self) -> Blueprint:
        return self.pages


def with_page(*, declared: bool) -> Registry:
    pages = Blueprint("stranger", __name__)

    def about() -> str:
        return "about the stranger"

    pages.add_url_rule("/about", "about", policy("public")(about) if declared else about)
    registry = load_registry(core=CorePlugin(), allowed=())
    assert registry.register(Stranger(pages), name="stranger"), registry.set_aside
    return registry


def test_plugins_page_without_a_policy_stops_the_start_up(settings: Settings) -> None:
    with pytest.raises(JudgingError, match=r"The page “stranger\.about” declares no policy"):
        create_web(compose(settings, registry=with_page(declared=False)))


def test_plugins_page_with_a_policy_is_served_under_the_plugins_name(settings: Settings) -> None:
    app = create_web(compose(settings, registry=with_page(declared=True)))

    assert app.test_client().get("/plugins/stranger/about").text == "about the stranger"


def test_every_form_is_refused_without_a_token(app: Flask, client: FlaskClient, real: Mapping[str, str]) -> None:
    token = token_of(client)
    forms = list(addresses(app, real, methods=CHANGING))
    unguarded = [form for form in forms if call(client, form, "").status_code != 400]
    # The same call with a token is answered otherwise, or the test above would prove nothing.
    refused_anyway = [form for form in forms if call(client, form, token).status_code == 400]

    assert len(forms) > 20, "the forms were not found"
    assert unguarded == []
    assert refused_anyway == []


def test_token_of_another_browser_opens_no_form(app: Flask, client: FlaskClient, real: Mapping[str, str]) -> None:
    foreign = token_of(app.test_client())

    accepted = [
        form for form in addresses(app, real, methods=CHANGING) if call(client, form, foreign).status_code != 400
    ]

    assert accepted == []


def test_guests_are_sent_to_sign_in_whatever_the_address_names(
    app: Flask, client: FlaskClient, real: Mapping[str, str]
) -> None:
    token = token_of(client)
    told = []
    for values in (real, {}):
        for address in addresses(app, values, methods={"GET", *CHANGING}):
            if policy_of(app, address).is_public:
                continue
            answer = call(client, address, token)
            if (answer.status_code, (answer.location or "").partition("?")[0]) != (302, "/login"):
                told.append((address, answer.status_code, answer.location))

    assert told == []


def test_stranger_cannot_tell_what_exists_from_what_does_not(
    app: Flask, client: FlaskClient, platform: Platform, real: Mapping[str, str]
) -> None:
    token = sign_in(client, platform)
    pairs = list(
        zip(
            addresses(app, real, methods={"GET", *CHANGING}),
            addresses(app, {}, methods={"GET", *CHANGING}),
            strict=True,
        )
    )
    closed = [pair for pair in pairs if not policy_of(app, pair[0]).names & {PUBLIC, SIGNED_IN}]
    told = [pair for pair in closed if seen(client, pair[0], token) != seen(client, pair[1], token)]

    assert len(closed) > 20, "the pages were not found"
    assert told == []
    assert {seen(client, pair[0], token)[0] for pair in closed} == {404}


def sign_in(client: FlaskClient, platform: Platform) -> str:
    with platform.database.writing() as session:
        account = make_account(session)
    answer = client.post("/login", data={"email": account.email, "password": PASSWORD, "csrf_token": token_of(client)})
    assert answer.status_code == 302
    return token_of(client, "/account")


def seen(client: FlaskClient, address: Address, token: str) -> tuple[int, str]:
    """An answer as a person sees it: without the page's own address, which they typed, and the form's token."""
    answer = call(client, address, token)
    return answer.status_code, TOKEN.sub("", answer.text.replace(address.path, ""))
