"""What else only fails when a page is asked for: a template that does not compile, or names what is not there."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, cast

import pytest
from jinja2 import Environment, nodes

from tests.contracts.source_tree import ROOT, parsed, product_modules

if TYPE_CHECKING:
    from pathlib import Path

    from flask import Flask

REFERENCES = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
PAGE_MODULES = {name: path for name, path in product_modules().items() if "flask" in path.read_text("utf-8")}


@pytest.fixture
def environment(app: Flask) -> Environment:
    """The environment in which pages are made, with the application's filters and loaders."""
    return cast("Environment", app.jinja_env)


def trees(environment: Environment) -> dict[str, nodes.Template]:
    """Every template by name, those of plugins behind the plugin's name."""
    assert environment.loader is not None
    return {
        name: environment.parse(environment.loader.get_source(environment, name)[0], name=name)
        for name in environment.list_templates()
        if not name.endswith(".DS_Store")
    }


def references(tree: nodes.Template) -> Iterator[str | None]:
    """The templates that a template names; None for a name that is only known when the page is made."""
    for node in tree.find_all(REFERENCES):
        target = cast("Any", node).template
        yield target.value if isinstance(target, nodes.Const) else None


def offers(tree: nodes.Template) -> set[str]:
    """What other templates may import from a template."""
    macros = {macro.name for macro in tree.find_all(nodes.Macro)}
    values = {node.name for assign in tree.find_all(nodes.Assign) for node in assign.find_all(nodes.Name)}
    return {name for name in macros | values if not name.startswith("_")}


def calls(path: Path, function: str) -> Iterator[ast.Call]:
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function:
            yield node


def first_texts(call: ast.Call) -> Iterator[str]:
    """The constant texts that a call's first argument can be: one, or both of `a if condition else b`."""
    for argument in call.args[:1]:
        choices = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
        for choice in choices:
            if isinstance(choice, ast.Constant) and isinstance(choice.value, str):
                yield choice.value


def written_names(path: Path) -> Iterator[str]:
    """A pattern for each text of a module that can name a template: `errors/{status}.html` stands for several."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.endswith(".html"):
            yield re.escape(node.value)
        elif isinstance(node, ast.JoinedStr):
            texts = [part.value if isinstance(part, ast.Constant) else None for part in node.values]
            if str(texts[-1]).endswith(".html"):
                yield "".join(r"[\w-]+" if text is None else re.escape(str(text)) for text in texts)


def test_templates_of_the_core_are_all_found(environment: Environment) -> None:
    written = {path.relative_to(ROOT / "templates").as_posix() for path in (ROOT / "templates").rglob("*.*")}

    assert written - set(environment.list_templates()) == set()
    assert "base.html" in written


def test_templates_of_plugins_are_all_found(environment: Environment) -> None:
    for folder in ROOT.glob("plugins/*/judging_*/templates"):
        plugin = folder.parents[1].name
        written = {f"{plugin}:{path.relative_to(folder).as_posix()}" for path in folder.rglob("*.html")}
        assert written - set(environment.list_templates()) == set(), "templates that no page can ask for"


def test_every_template_compiles(environment: Environment) -> None:
    broken = {}
    for name in environment.list_templates():
        try:
            environment.get_template(name)
        except Exception as error:  # noqa: BLE001 - whatever it is, the list below names the template
            broken[name] = f"{type(error).__name__}: {error}"

    assert broken == {}


def test_every_template_that_is_named_in_a_template_is_there(environment: Environment) -> None:
    found = trees(environment)
    lost = [(name, target) for name, tree in found.items() for target in references(tree) if target not in found]

    assert lost == []


def test_everything_that_is_imported_from_a_template_is_offered_there(environment: Environment) -> None:
    found = trees(environment)
    lost = []
    for name, tree in found.items():
        for node in tree.find_all(nodes.FromImport):
            source = cast("nodes.Const", node.template).value
            wanted = {one if isinstance(one, str) else one[0] for one in node.names}
            lost += [(name, source, one) for one in sorted(wanted - offers(found[source]))]

    assert lost == []


def test_everything_that_is_asked_of_an_imported_template_is_offered_there(environment: Environment) -> None:
    found = trees(environment)
    lost = []
    for name, tree in found.items():
        sources = {node.target: cast("nodes.Const", node.template).value for node in tree.find_all(nodes.Import)}
        for node in tree.find_all(nodes.Getattr):
            if isinstance(node.node, nodes.Name) and node.node.name in sources:
                source = sources[node.node.name]
                if node.attr not in offers(found[source]):
                    lost.append((name, source, node.attr))

    assert lost == []


def test_every_template_that_a_view_names_is_there(environment: Environment) -> None:
    known = set(environment.list_templates())
    asked = {
        (module, text)
        for module, path in PAGE_MODULES.items()
        for call in calls(path, "render_template")
        for text in first_texts(call)
    }

    assert len(asked) > 20, "the views were not found"
    assert {(module, name) for module, name in asked if name not in known} == set()


def test_every_endpoint_that_a_view_links_to_is_there(app: Flask) -> None:
    linked = {
        (module, text)
        for module, path in PAGE_MODULES.items()
        for call in calls(path, "url_for")
        for text in first_texts(call)
    }

    assert len(linked) > 20, "the links were not found"
    assert {(module, name) for module, name in linked if name not in app.view_functions} == set()


def test_every_endpoint_that_a_template_links_to_is_there(app: Flask, environment: Environment) -> None:
    lost = []
    for name, tree in trees(environment).items():
        for call in tree.find_all(nodes.Call):
            if not (isinstance(call.node, nodes.Name) and call.node.name == "url_for" and call.args):
                continue
            target = call.args[0]
            if isinstance(target, nodes.Const) and target.value not in app.view_functions:
                lost.append((name, target.value))

    assert lost == []


def test_every_template_is_used(environment: Environment) -> None:
    found = trees(environment)
    named = {target for tree in found.values() for target in references(tree)}
    patterns = [re.compile(pattern) for path in PAGE_MODULES.values() for pattern in written_names(path)]

    idle = {name for name in found if name not in named and not any(one.fullmatch(name) for one in patterns)}
    assert idle == set()


def test_what_the_tests_above_read_from_a_template() -> None:
    environment = Environment(autoescape=True)
    tree = environment.parse(
        '{% extends "base.html" %}{% from "forms.html" import field %}{% include chosen %}'
        "{% set width = 3 %}{% macro line() %}{% endmacro %}{% macro _own() %}{% endmacro %}"
    )

    assert sorted(map(str, references(tree))) == ["None", "base.html", "forms.html"]
    assert offers(tree) == {"width", "line"}
