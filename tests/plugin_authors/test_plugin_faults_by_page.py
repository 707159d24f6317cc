"""What people read when a plugin fails: a refusal that names plugin and hook, and never a page of another contest's."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from judging.composition import create_web
from judging.db.models import Account, Contest, Entry, Prize
from tests.factories import PASSWORD, with_registry
from tests.plugin_authors.test_plugin_faults import held
from tests.plugin_authors.unsound import KIND, NAME, Sound, broken, registry_with
from tests.plugin_authors.visitor import Visitor

if TYPE_CHECKING:
    from flask import Flask

    from judging.plugins import Registry
    from judging.services.platform import Platform


class Held:
    """A contest of the unsound plugin and one of another, each with its organiser at a browser."""

    def __init__(self, platform: Platform, registry: Registry) -> None:
        self.platform = with_registry(platform, registry)
        sound = registry_with((NAME, Sound()))
        with platform.database.writing() as session:
            made = [(kind, held(session, sound, kind)) for kind in (KIND, "startup")]
            self.slugs = {kind: contest.slug for kind, (contest, _actor) in made}
            emails = {kind: session.get_one(Account, actor.account_id).email for kind, (_contest, actor) in made}
        self.app: Flask = create_web(self.platform)
        self.app.config["PROPAGATE_EXCEPTIONS"] = False
        self.visitors = {kind: Visitor(self.app) for kind in self.slugs}
        for kind, visitor in self.visitors.items():
            visitor.sign_in(emails[kind], PASSWORD)

    def at(self, kind: str, path: str) -> str:
        return f"/organise/{self.slugs[kind]}/{path}"

    def decide(self) -> None:
        with self.platform.database.writing() as session:
            for contest in session.scalars(select(Contest)):
                contest.phase = "decided"

    def count(self, model: type) -> int:
        with self.platform.database.reading() as session:
            return session.scalar(select(func.count()).select_from(model)) or 0


def test_page_of_prizes_names_plugin_and_hook(platform: Platform) -> None:
    made = Held(platform, registry_with((NAME, broken("judging_grant_awards", "raises"))))

    page = made.visitors[KIND].go(made.at(KIND, "prizes"), status=409)

    assert f"Plugin {NAME} failed in hook judging_grant_awards: LookupError" in page.text
    other = made.visitors["startup"]
    done = other.press(other.go(made.at("startup", "prizes")), "Settle the prizes as planned")
    assert "The prizes are settled as the rules give them." in done.text
    assert made.count(Prize) == 1


def test_paper_names_plugin_and_hook(platform: Platform) -> None:
    made = Held(platform, registry_with((NAME, broken("judging_document_context", "wrong things"))))
    made.decide()

    listed = made.visitors[KIND].go(made.at(KIND, "documents/certificate"))
    page = made.visitors[KIND].go(made.at(KIND, "documents/certificate/papers"), status=409)

    assert "1 entry gets it." in listed.text
    assert f"Plugin {NAME}, hook judging_document_context: expected Mapping[str, object], got list." in page.text


def test_results_are_published_though_a_plugin_fails_to_hear_of_it(
    platform: Platform, caplog: pytest.LogCaptureFixture
) -> None:
    made = Held(platform, registry_with((NAME, broken("judging_results_published", "ends the program"))))
    for kind in made.slugs:
        office = made.visitors[kind]
        office.press(office.go(made.at(kind, "prizes")), "Settle the prizes as planned")

        office.press(office.go(made.at(kind, "publication")), "Publish the results", decision="1/QĐ")

        assert Visitor(made.app).go(f"/contests/{made.slugs[kind]}/results").answer.status_code == 200
    assert caplog.text.count(f"plugin {NAME} failed in hook judging_results_published") == 2


def test_contest_of_a_plugin_set_aside_is_shown_as_suspended(platform: Platform) -> None:
    made = Held(platform, registry_with((NAME, broken("judging_reports", "raises"))))

    board = made.visitors[KIND].go(made.at(KIND, ""))
    refused = made.visitors[KIND].go(made.at(KIND, "prizes"), status=409)

    assert f"The contest kind “{KIND}” is not installed, so its contests are suspended." in board.text
    assert "suspended" in refused.text
    assert made.count(Prize) == 0
    assert "suspended" not in made.visitors["startup"].go(made.at("startup", "prizes")).text


@pytest.mark.parametrize("hook", ["judging_check_eligibility", "judging_grant_awards", "judging_document_context"])
def test_public_pages_stand_whatever_fails(platform: Platform, hook: str) -> None:
    made = Held(platform, registry_with((NAME, broken(hook, "raises"))))
    guest = Visitor(made.app)

    for path in ("/", *(f"/contests/{slug}/" for slug in made.slugs.values())):
        assert guest.go(path).answer.status_code == 200
    assert made.count(Entry) == 2
