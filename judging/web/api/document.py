"""The description of the interface (OpenAPI 3.1), made from what the operations declare about themselves."""

from __future__ import annotations

import copy
from typing import Any

from flask import Response, current_app, jsonify

from judging import __version__
from judging.domain.policy import policy
from judging.services.access.api_tokens import SCOPES
from judging.web.api.blueprint import blueprint
from judging.web.api.operations import SPEC, Operation, operation_of
from judging.web.problems import MEDIA_TYPE, TITLES

_DOCUMENT = "judging-openapi"
_REFUSED = 400
_METHODS = frozenset({"get", "post", "put", "patch", "delete"})
_PARAMETERS = {
    "slug": ("The contest's address.", "youth-creativity-2021", r"^[a-z0-9-]{1,80}$"),
    "round_key": ("The key of a round.", "preliminary", r"^[a-z0-9_-]{1,60}$"),
    "entry_id": ("The identifier of an entry.", "0190f3a2-0000-7000-8000-000000000001", r"^[0-9a-f-]{36}$"),
    "assignment_id": ("The identifier of a reading.", "0190f3a2-0000-7000-8000-000000000002", r"^[0-9a-f-]{36}$"),
}
_OTHER = ("An identifier.", "0190f3a2-0000-7000-8000-000000000003", r"^[0-9a-f-]{36}$")
_STATUSES = {
    "200": "Done", "201": "Made", "204": "Done; there is nothing to say", "304": "Not changed since",
    "400": "The request cannot be read", "401": "No valid token", "403": "Not allowed, or not with this token",
    "404": "Nothing here, or nothing for you", "409": "Not possible now; says what is missing",
    "410": "It is over; begin anew", "460": "What arrived does not digest to what was said",
    "412": "Changed since you read it", "413": "Too large", "415": "Another media type is expected",
    "422": "What was sent breaks a rule; every fault is listed", "428": "The version that was seen must be said",
    "429": "Too many requests", "500": "A fault of the server", "503": "The server cannot take it now; try again",
    "507": "There is no room for more files",
}  # fmt: skip


@blueprint.get("/openapi.json")
@policy("public")
def openapi() -> Response:
    """The description of the interface."""
    response = jsonify(describe())
    response.headers["Cache-Control"] = "public, max-age=300"
    return response


def describe() -> dict[str, Any]:
    """The document, made once for an application."""
    made: dict[str, Any] | None = current_app.extensions.get(_DOCUMENT)
    if made is None:
        made = _describe()
        current_app.extensions[_DOCUMENT] = made
    return made


def _describe() -> dict[str, Any]:
    document: dict[str, Any] = copy.deepcopy(SPEC.spec)
    declared = {found.name: found for view in current_app.view_functions.values() if (found := operation_of(view))}
    document["info"] = {
        "title": "Judging", "version": __version__, "license": {"name": "AGPL-3.0-or-later"},
        "description": "Contests and innovation awards: entries, judges, scoring and published results.",
    }  # fmt: skip
    document["servers"] = [{"url": "/"}]
    document["security"] = [{"bearer": []}]
    document["components"]["securitySchemes"] = {
        "bearer": {
            "type": "http", "scheme": "bearer",
            "description": "A personal token, made on the page “Tokens” of one's account or by `judging token`. "
            f"Scopes: {', '.join(SCOPES)}.",
        }
    }  # fmt: skip
    document["components"]["responses"] = {
        f"Problem{status}": _problem(status) for status in _STATUSES if int(status) >= _REFUSED
    }  # fmt: skip
    for item in document["paths"].values():
        for method, operation in item.items():
            if method in _METHODS:
                _complete(operation, declared[operation["operationId"]])
    document["paths"] = dict(sorted(document["paths"].items()))
    return document


def _complete(operation: dict[str, Any], declared: Operation) -> None:
    operation["x-scopes"] = list(declared.scopes)
    for parameter in operation["parameters"]:
        if parameter["in"] == "path":
            text, example, pattern = _PARAMETERS.get(parameter["name"], _OTHER)
            parameter.update(description=text, example=example, schema={"type": "string", "pattern": pattern})
        elif not parameter.get("description"):
            parameter.pop("description", None)
    operation["parameters"] += _headers(operation, declared)
    for status, response in operation["responses"].items():
        if int(status) >= _REFUSED:
            operation["responses"][status] = {"$ref": f"#/components/responses/Problem{status}"}
        else:
            response["description"] = _STATUSES[status]
            _complete_response(status, response, declared)
    if declared.etag and "get" in operation["operationId"]:
        operation["responses"]["304"] = {"description": _STATUSES["304"], "headers": _etag()}
    if declared.body:
        operation["requestBody"] = {"content": {declared.body: {"schema": {"type": "string", "format": "binary"}}}}
    if "requestBody" in operation:
        _complete_body(operation["requestBody"], declared)
    if not operation.get("description"):
        operation.pop("description", None)


def _complete_response(status: str, response: dict[str, Any], declared: Operation) -> None:
    if declared.media and status == "200":
        binary = {"schema": {"type": "string", "contentMediaType": declared.media}}
        response["content"] = {declared.media: binary, "image/*": binary, "application/*": binary, "video/*": binary}
    if status in ("200", "201") and declared.etag:
        response["headers"] = _etag()
    if declared.gives:
        response["headers"] = _upload_headers()
    if status == "201" and declared.location:
        response.setdefault("headers", {})["Location"] = {
            "description": "Where it can be read.", "schema": {"type": "string"}
        }  # fmt: skip


def _upload_headers() -> dict[str, Any]:
    texts = {
        "Upload-Offset": "How much of the file has arrived.", "Upload-Expires": "Until when the upload can go on.",
        "Tus-Resumable": "The version of the protocol.",
    }  # fmt: skip
    return {name: {"description": text, "schema": {"type": "string"}} for name, text in texts.items()}


def _problem(status: str) -> dict[str, Any]:
    """What every operation answers with that status."""
    content = {"schema": {"$ref": "#/components/schemas/ProblemAnswer"}, "examples": _problem_examples(status)}
    response: dict[str, Any] = {"description": _STATUSES[status], "content": {MEDIA_TYPE: content}}
    if status == "401":
        response["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
    if status == "412":
        response["headers"] = _etag()
    if status in ("429", "503"):
        response["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "string"}}}
    return response


def _complete_body(body: dict[str, Any], declared: Operation) -> None:
    if declared.example is not None and "application/json" in body["content"]:
        body["content"]["application/json"]["example"] = dict(declared.example)
    # An object without members may be left out, and so may the bytes that the beginning of an upload brings along.
    is_empty = declared.example is not None and not declared.example
    body["required"] = not (is_empty or (declared.body and declared.location))


def _headers(operation: dict[str, Any], declared: Operation) -> list[dict[str, Any]]:
    def header(name: str, text: str, example: str) -> dict[str, Any]:
        return {
            "name": name, "in": "header", "required": False, "description": text, "example": example,
            "schema": {"type": "string"},
        }  # fmt: skip

    found = [header(one.name, one.text, one.example) for one in declared.takes]
    if declared.condition:
        found.append(header("If-Match", "The ETag of what was read; without it 428 is answered.", '"v3"'))
    if declared.condition == "sheet":
        found.append(header("If-None-Match", "* when nothing was there yet.", "*"))
    elif declared.etag and operation["operationId"].startswith("get_"):
        found.append(header("If-None-Match", "An ETag: 304 is answered when nothing changed.", '"v3"'))
    if declared.repeatable:
        text = "A key made by the caller: the same request with the same key is answered as the first one was."
        found.append(header("Idempotency-Key", text, '"8e03978e-40d5-43e8-bc93-6894a57f9324"'))
    return found


def _etag() -> dict[str, Any]:
    return {"ETag": {"description": "Stands for this version.", "schema": {"type": "string"}}}


def _problem_examples(status: str) -> dict[str, Any]:
    kinds = {
        "400": "bad-request", "401": "unauthorized", "403": "forbidden", "404": "not-found", "409": "conflict",
        "410": "gone", "412": "stale", "413": "too-large", "415": "unsupported-media-type", "422": "refused",
        "428": "precondition-required", "429": "too-many-requests", "460": "checksum-mismatch", "500": "server-error",
        "503": "unavailable", "507": "insufficient-storage",
    }  # fmt: skip
    kind = kinds[status]
    value: dict[str, Any] = {
        "type": f"/api/v1/docs#problem-{kind}", "title": TITLES[kind], "status": int(status), "detail": TITLES[kind],
    }  # fmt: skip
    if status == "422":
        value["errors"] = [{"pointer": "#/title", "code": "missing", "detail": "This is needed."}]
    return {kind: {"value": value}}
