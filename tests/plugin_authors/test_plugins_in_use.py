"""Which plugins are in use is a decision and on record; rules that change under a running contest stop it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from judging.api import digest, hookimpl
from judging.composition import create_web
from judging.db.models import Amendment, AuditEvent, Contest
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import Actor, Role
from judging.errors import ContestSuspended
from judging.plugins import Registry
from judging.services.contests.editions import contest_rules, rules_in_force
from judging.services.contests.phases import move_phase
from tests.factories import (
    NOW,
    PASSWORD,
    give_role,
    make_account,
    make_assignment,
    make_contest,
    make_entry,
    make_judge,
    with_registry,
)
from tests.plugin_authors.stranger import KIND, NAME, registry_with
from tests.plugin_authors.unsound import KIND as PLAIN_KIND
from tests.plugin_authors.unsound import NAME as PLAIN
from tests.plugin_authors.unsound import Sound, rules
from tests.plugin_authors.unsound import registry_with as plugins
from tests.plugin_authors.visitor import Visitor

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy.orm import Session

    from judging.services.platform import Platform

_LOOK = (
    "import json, sys; from judging.cli.found_plugins import find_plugins; registry = find_plugins();"
    " print(json.dumps([sorted(registry.kinds), registry.left_out, [one.reason for one in registry.set_aside],"
    " 'judging_craft_villages' in sys.modules]))"
)


def look(stranger_path: Path, named: str | None) -> list[Any]:
    """What a new process finds, with these plugins named in JUDGING_PLUGINS."""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(stranger_path), *sys.path])}
    environ.pop("JUDGING_PLUGINS", None)
    if named is not None:
        environ["JUDGING_PLUGINS"] = named
    done = subprocess.run([sys.executable, "-c", _LOOK], env=environ, capture_output=True, text=True, check=True)
    found: list[Any] = json.loads(done.stdout)
    return found


def test_plugin_outside_the_setting_is_not_even_imported(stranger_path: Path) -> None:
    kinds, left_out, aside, imported = look(stranger_path, "startup")

    assert (kinds, aside, imported) == (["startup"], [], False)
    assert left_out == [NAME, "technical_innovation", "youth_creativity"]


def test_plugin_that_the_setting_names_is_in_use(stranger_path: Path) -> None:
    kinds, _left_out, aside, imported = look(stranger_path, f"startup, {NAME}")

    assert (kinds, aside, imported) == ([KIND, "startup"], [], True)


def test_every_installed_plugin_is_in_use_without_the_setting(stranger_path: Path) -> None:
    assert KIND in look(stranger_path, None)[0]


def test_name_that_is_not_installed_is_told(stranger_path: Path) -> None:
    _kinds, _left_out, aside, _imported = look(stranger_path, "startup,craft_village")

    assert aside == ["JUDGING_PLUGINS names a plugin craft_village that is not installed."]


def test_contests_of_a_plugin_that_is_left_out_are_suspended(
    platform: Platform, stranger: Registry, stranger_path: Path
) -> None:
    with platform.database.writing() as session:
        contest = make_contest(session, stranger, kind=KIND)
    restricted = registry_with(stranger_path, allowed=("startup",))

    with pytest.raises(ContestSuspended, match=KIND):
        rules_in_force(restricted, contest)
    # What was agreed on when it opened can still be read.
    assert contest_rules(restricted, contest).key == KIND


class Newer(Sound):
    """The sound plugin in a release that states other rules."""

    @hookimpl
    def judging_contests(self) -> Any:
        changed = replace(rules(), awards=(replace(rules().awards[0], planned=2),))
        return [changed]


@pytest.fixture
def older() -> Registry:
    return plugins((PLAIN, Sound()))


@pytest.fixture
def newer() -> Registry:
    return plugins((PLAIN, Newer()))


def test_judging_by_changed_rules_waits_for_an_amendment(platform: Platform, older: Registry, newer: Registry) -> None:
    with platform.database.writing() as session:
        contest = make_contest(session, older, kind=PLAIN_KIND, phase="judging")
        office = make_account(session)
        give_role(session, contest, office, "organiser")
        entry = make_entry(session, contest, state="in-round", round=rules().rounds[0].key)
        judge = make_judge(session, contest)
        reading = make_assignment(session, entry, judge, round_key=rules().rounds[0].key)
        emails = office.email, judge.account.email
    app = create_web(with_registry(platform, newer))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    office_at, judge_at = Visitor(app), Visitor(app)
    for visitor, email in zip((office_at, judge_at), emails, strict=True):
        visitor.sign_in(email, PASSWORD)
    sheet = f"/judge/sheets/{reading.id}"
    marks = {f"m-{key}": "1" for one in rules().rounds[0].rubric.criteria for key, _, _ in one.scales}
    token = judge_at.go("/account").form_with("Sign out").values["csrf_token"]

    refused = judge_at.client.post(sheet, data={**marks, "action": "submit", "csrf_token": token})

    assert refused.status_code == 409
    assert "An organiser must confirm an amendment." in refused.text
    page = office_at.press(
        office_at.go(f"/organise/{contest.slug}/settings"), "Confirm the amendment", reason="Điều lệ mới."
    )
    assert "The contest goes on by the changed rules." in page.text
    answer = judge_at.client.post(
        sheet, data={**marks, "comment": "Tốt. Rất tốt.", "action": "submit", "csrf_token": token}
    )
    assert (answer.status_code, answer.location) == (302, f"{sheet}/receipt")
    with platform.database.reading() as session:
        amendment = session.scalars(select(Amendment)).one()
        stored = session.get_one(Contest, contest.id)
        assert (amendment.reason, stored.kind_digest) == ("Điều lệ mới.", newer.rules_digest(PLAIN_KIND))
        assert contest_rules(newer, stored).awards[0].planned == 2


def test_opening_records_plugins_and_digest(session: Session, older: Registry) -> None:
    contest = make_contest(session, older, kind=PLAIN_KIND, phase="announced")
    actor = Actor(account_id=make_account(session).id, roles=frozenset({Role.ORGANISER}))

    move_phase(
        session, registry=older, contest=contest, actor=actor, to=ContestPhase.OPEN, reason="", now=NOW
    )  # fmt: skip

    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "phase-changed")).one()
    assert event.details["to"] == "open"
    assert f"{PLAIN} 0.1" in event.details["plugins"]
    assert [one.partition(" ")[0] for one in event.details["plugins"]] == [
        "startup",
        "technical_innovation",
        "youth_creativity",
        PLAIN,
    ]
    assert event.details["digest"] == contest.rules_digest == digest(rules())
