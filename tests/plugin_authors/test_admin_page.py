"""The administrator's page of plugins: what is in use, what is set aside and why, and what to do about it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from judging.composition import create_web
from judging.plugins import load_registry
from judging.services.core_plugin import CorePlugin
from tests.factories import PASSWORD, make_account, make_contest
from tests.plugin_authors.stranger import KIND, NAME
from tests.plugin_authors.unsound import NAME as BROKEN
from tests.plugin_authors.unsound import Sound, broken
from tests.plugin_authors.visitor import Visitor

if TYPE_CHECKING:
    from judging.plugins import Registry
    from judging.services.platform import Platform
    from tests.plugin_authors.visitor import Page


@pytest.fixture
def administrator(platform: Platform) -> str:
    with platform.database.writing() as session:
        return make_account(session, is_administrator=True).email


def page_of(platform: Platform, registry: Registry, email: str) -> Page:
    visitor = Visitor(create_web(replace(platform, registry=registry)))
    visitor.sign_in(email, PASSWORD)
    return visitor.go("/admin/")


def test_plugin_in_use_is_shown_with_version_contests_and_what_it_brings(
    platform: Platform, stranger: Registry, administrator: str
) -> None:
    with platform.database.writing() as session:
        for _ in range(2):
            make_contest(session, stranger, kind=KIND)

    page = page_of(platform, stranger, administrator)

    (row,) = [
        " ".join("".join(one.itertext()).split()) for one in page.tree.iter("tr") if NAME in "".join(one.itertext())
    ]
    assert row == (
        f"{NAME} 1.0 Craft villages contest craft-villages-without-lowest, craft-villages-agreement,"
        f" craft-villages-by-category, craft-villages-bands, /plugins/{NAME}/ 2"
    )


def test_plugin_set_aside_is_shown_with_reason_and_what_to_do(platform: Platform, administrator: str) -> None:
    registry = load_registry(core=CorePlugin(), allowed=("startup", "robots"))
    sound = load_registry(core=CorePlugin(), allowed=())
    sound.register(Sound(), name=BROKEN)
    with platform.database.writing() as session:
        make_contest(session, sound, kind="broken-kind", title_en="Contest of a broken plugin")
    registry.register(broken("judging_reports", "raises"), name=BROKEN, version="0.1")

    page = page_of(platform, registry, administrator)

    assert "broken 0.1 Plugin broken failed in hook judging_reports: LookupError: no judging_reports today" in page.text
    assert "Ask the author of the plugin to mend it" in page.text
    assert "JUDGING_PLUGINS names a plugin robots that is not installed." in page.text
    assert "Install the plugin, or correct the name in JUDGING_PLUGINS." in page.text
    assert "Contest of a broken plugin" in page.text
    assert "technical_innovation, youth_creativity" in page.text
