"""The page that explains the interface to people who write programs."""

from __future__ import annotations

import json
from typing import Any

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from judging.domain.policy import policy
from judging.errors import N_
from judging.services.access.api_tokens import SCOPES
from judging.web.api.blueprint import blueprint
from judging.web.api.document import describe
from judging.web.problems import TITLES

_ORDER = (
    N_("Contests"), N_("People"), N_("Entries"), N_("Judging"), N_("Running a contest"), N_("Results"),
    N_("The token's owner"),
)  # fmt: skip


@blueprint.get("/")
@policy("public")
def front() -> ResponseReturnValue:
    """Lead whoever opens the interface's own address to its page."""
    return redirect(url_for("api.docs"))


@blueprint.get("/docs")
@policy("public")
def docs() -> str:
    """What programs can do, and how."""
    document = describe()
    groups: dict[str, list[dict[str, Any]]] = {name: [] for name in _ORDER}
    for path, item in document["paths"].items():
        for method, operation in item.items():
            groups[operation["tags"][0]].append(_shown(path, method, operation, document))
    return render_template("api/docs.html", groups=groups, scopes=SCOPES, problems=TITLES)


def _shown(path: str, method: str, operation: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    content = operation.get("requestBody", {}).get("content", {})
    example = content.get("application/json", {}).get("example")
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "summary": operation["summary"],
        "description": operation.get("description", ""),
        "scopes": operation["x-scopes"],
        "public": {} in operation.get("security", []),
        "parameters": [one for one in operation["parameters"] if one["in"] != "path"],
        "body": _members(content, document),
        "example": json.dumps(example, ensure_ascii=False, indent=2) if example else "",
        "statuses": [(status, _text(one, document)) for status, one in sorted(operation["responses"].items())],
    }


def _text(response: dict[str, Any], document: dict[str, Any]) -> str:
    reference: str = response.get("$ref", "")
    found = document["components"]["responses"][reference.rpartition("/")[2]] if reference else response
    return str(found["description"])


def _members(content: dict[str, Any], document: dict[str, Any]) -> list[dict[str, Any]]:
    """The members of a body: name, whether it is needed, the form of its value, what it says."""
    schema = next((one["schema"] for one in content.values()), None)
    if schema is None or "$ref" not in schema:
        # No body, or plain bytes.
        return []
    model = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    needed = set(model.get("required", []))
    return [
        {"name": name, "needed": name in needed, "form": _form(one, document), "text": one.get("description", "")}
        for name, one in model.get("properties", {}).items()
    ]


def _form(schema: dict[str, Any], document: dict[str, Any]) -> str:
    """The form of a value in words of JSON: `string`, `array of object`, or the values on offer."""
    if "$ref" in schema:
        return _form(document["components"]["schemas"][schema["$ref"].rpartition("/")[2]], document)
    if "enum" in schema:
        return " | ".join(str(one) for one in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(dict.fromkeys(_form(one, document) for one in schema["anyOf"]))
    kind = str(schema.get("format", schema.get("type", "any")))
    return f"array of {_form(schema['items'], document)}" if kind == "array" and "items" in schema else kind
