"""A third party's plugin with pages for everybody, for accounts, for a contest's people and for the installation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from flask import Blueprint, abort

from judging.api import ContestRules, hookimpl, policy
from judging.plugins import Registry, load_registry
from judging.services.core_plugin import CorePlugin

PLUGIN = "third-party"
KIND = "third-party-kind"
pages = Blueprint("third_party", __name__)


@pages.get("/about")
@policy("public")
def about() -> str:
    """What the plugin is about."""
    return "about the plugin"


@pages.get("/mine")
@policy("signed-in")
def mine() -> str:
    """Something for every account."""
    return "for signed-in people"


@pages.get("/<slug>/office")
@policy("organiser", "secretary")
def office(slug: str) -> str:
    """The plugin's page of one contest."""
    return f"the office of {slug}"


@pages.post("/<slug>/office")
@policy("organiser")
def act(slug: str) -> str:
    """An act of the plugin in one contest."""
    return f"done in {slug}"


@pages.get("/<slug>/seats")
@policy("judge", "chair")
def seats(slug: str) -> str:
    """A page for the judges of one contest, which its own rules close."""
    del slug
    abort(404)


@pages.get("/setup")
@policy("administrator")
def setup() -> str:
    """The plugin's page for the installation."""
    return "for the administrator"


class ThirdParty:
    """Offers a kind of its own, the same as an installed one, and the pages."""

    judging_api = 1

    def __init__(self, rules: ContestRules) -> None:
        self.rules = rules

    @hookimpl
    def judging_contests(self) -> Iterable[ContestRules]:
        return [self.rules]

    @hookimpl
    def judging_pages(self) -> Blueprint:
        return pages


def registry_with_pages() -> Registry:
    """All installed kinds, and the third party's."""
    registry = load_registry(core=CorePlugin())
    rules = replace(registry.rules("youth-creativity"), key=KIND)
    assert registry.register(ThirdParty(rules), name=PLUGIN), registry.set_aside
    return registry
