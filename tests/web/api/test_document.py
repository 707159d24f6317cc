"""The description is valid, whole and true, and the pages that explain the interface name what there is."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel, TypeAdapter

from judging.web.api.operations import operation_of
from judging.web.api.schemas import (
    base,
    conflicts,
    contests,
    entries,
    entry_people,
    extension,
    handovers,
    messages,
    overrides,
    people,
    plan_settings,
    round_end,
    rounds,
    sheets,
)
from judging.web.problems import TITLES
from tests.contracts.source_tree import ROOT
from tests.web.api.programs import said

if TYPE_CHECKING:
    from flask import Flask

    from judging.db.session import Database
    from tests.web.api.programs import Program

# What outside programs rely on: these addresses stay.
RELIED_ON = {
    ("get", "/contests"), ("get", "/contests/{slug}"), ("get", "/contests/{slug}/entries"),
    ("post", "/contests/{slug}/entries"), ("get", "/entries/{entry_id}"), ("patch", "/entries/{entry_id}"),
    ("post", "/entries/{entry_id}/submit"), ("post", "/entries/{entry_id}/withdraw"),
    ("post", "/entries/{entry_id}/files"), ("post", "/entries/{entry_id}/screening"),
    ("post", "/contests/{slug}/phase"), ("post", "/contests/{slug}/rounds/{round_key}/assignments"),
    ("post", "/contests/{slug}/rounds/{round_key}/close"), ("post", "/contests/{slug}/rounds/{round_key}/advance"),
    ("get", "/me/assignments"), ("get", "/assignments/{assignment_id}/sheet"),
    ("put", "/assignments/{assignment_id}/sheet"), ("post", "/assignments/{assignment_id}/recuse"),
    ("get", "/contests/{slug}/rounds/{round_key}/standings"), ("get", "/contests/{slug}/rounds/{round_key}/sheets"),
    ("get", "/contests/{slug}/results"), ("post", "/uploads"), ("patch", "/uploads/{upload_id}"),
    ("delete", "/uploads/{upload_id}"),
}  # fmt: skip

# Addresses that name nothing themselves: a header of the request does.
NAMING_BY_HEADER = {"/uploads"}


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """The description does not depend on the database."""
    return sqlite_database


@pytest.fixture
def document(guest: Program) -> dict[str, Any]:
    answer = guest.get("/openapi.json")
    assert answer.status_code == 200
    described: dict[str, Any] = said(answer)
    return described


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method, path.removeprefix("/api/v1")): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def test_description_is_valid(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    assert list(OpenAPIV31SpecValidator(document).iter_errors()) == []


def test_description_has_every_operation_and_those_that_are_relied_on(app: Flask, document: dict[str, Any]) -> None:
    declared = {found.name for view in app.view_functions.values() if (found := operation_of(view))}
    described = operations(document)

    assert {one["operationId"] for one in described.values()} == declared
    assert RELIED_ON - described.keys() == set()


def test_every_operation_tells_its_refusals_and_who_may_call_it(document: dict[str, Any]) -> None:
    for (method, path), operation in operations(document).items():
        statuses = set(operation["responses"])
        assert {"400", "401", "403", "422", "429", "500", "503"} <= statuses, path
        assert ("404" in statuses) == ("{" in path or path in NAMING_BY_HEADER), path
        assert {"bearer": []} in operation["security"], path
        assert operation["summary"], path
        if method != "get":
            assert {} not in operation["security"], path
            assert operation["x-scopes"] != ["read"], path
            assert "409" in statuses or method == "put", path
        if "requestBody" in operation and "application/json" in operation["requestBody"]["content"]:
            assert {"413", "415"} <= statuses, path


def test_examples_are_what_the_models_take(document: dict[str, Any]) -> None:
    models = {
        name: model
        for module in (
            base,
            conflicts,
            contests,
            entries,
            entry_people,
            extension,
            handovers,
            messages,
            overrides,
            people,
            plan_settings,
            round_end,
            rounds,
            sheets,
        )
        for name, model in vars(module).items()
        if isinstance(model, type) and issubclass(model, BaseModel)
    }
    bodies = [
        (body["schema"]["$ref"].rpartition("/")[2], body["example"])
        for operation in operations(document).values()
        if (body := operation.get("requestBody", {}).get("content", {}).get("application/json")) and "example" in body
    ]

    assert len(bodies) > 12
    for name, example in bodies:
        TypeAdapter(models[name]).validate_json(_json(example))


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()


def test_page_explains_every_operation_and_problem_in_its_own_frame(guest: Program, document: dict[str, Any]) -> None:
    page = guest.client.get("/api/v1/docs", headers={"Accept-Language": "en"})

    assert page.status_code == 200
    for operation in operations(document).values():
        assert f'id="{operation["operationId"]}"' in page.text
    for kind in TITLES:
        assert f'id="problem-{kind}"' in page.text
    assert "script-src 'self'" in page.headers["Content-Security-Policy"]
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page.text) == []
    assert " style=" not in page.text
    assert guest.client.get("/api/v1/").headers["Location"] == "/api/v1/docs"


def test_tutorial_names_only_addresses_and_members_that_there_are(document: dict[str, Any]) -> None:
    text = (ROOT / "docs" / "api.md").read_text("utf-8")
    patterns = {
        (method.upper(), re.compile(re.sub(r"\\{\w+\\}", "[^/?]+", re.escape(f"/api/v1{path}"))))
        for method, path in operations(document)
    }
    called = re.findall(r'curl[^\n]*?(?:-X (\w+) )?"\$SITE(/api/v1/[^"?]*)', text.replace("\\\n", " "))

    assert len(called) > 12
    for method, path in called:
        plain = re.sub(r"\$\w+", "x", path)
        assert any(method in ("", known) and one.fullmatch(plain) for known, one in patterns), path
