"""Settings of an edition before and after the contest opens."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from judging.db.models import Amendment, AuditEvent, Contest
from judging.domain.permissions import Actor, Role
from judging.domain.structure import to_plain
from judging.errors import Conflict, ContestSuspended, NotAllowed, Refused, RulesError, StaleVersion
from judging.plugins import Registry
from judging.services.contests.editions import contest_rules, rules_in_force
from judging.services.contests.settings import (
    amend_rules,
    change_settings,
    check_strategies,
    check_version,
    differences,
)
from tests.factories import (
    NOW,
    make_account,
    make_assignment,
    make_contest,
    make_entry,
    make_judge,
    make_panel,
    make_sheet,
)


@pytest.fixture
def actor(session: Session) -> Actor:
    return Actor(account_id=make_account(session).id, roles=frozenset({Role.ORGANISER}))


@pytest.fixture
def draft(session: Session, registry: Registry) -> Contest:
    return make_contest(session, registry, phase="draft")


@pytest.fixture
def running(session: Session, registry: Registry) -> Contest:
    return make_contest(session, registry, phase="judging")


def change(session: Session, registry: Registry, contest: Contest, actor: Actor, values: dict[str, Any]) -> None:
    change_settings(session, registry=registry, contest=contest, actor=actor, values=values, now=NOW)


def plain_rubric(registry: Registry, **changes: Any) -> Any:
    rubric = to_plain(registry.rules("youth-creativity").rounds[0].rubric)
    return {**rubric, **changes}


def test_only_the_difference_from_the_kind_is_stored(
    session: Session, registry: Registry, draft: Contest, actor: Actor
) -> None:
    kind = registry.rules("youth-creativity")
    conduct = {key: value for key, value in to_plain(kind.rounds[0]).items() if key not in ("key", "label", "rubric")}

    change(session, registry, draft, actor, {"round-preliminary": {**conduct, "judges_per_entry": 5}})

    assert draft.settings == {"round-preliminary": {"judges_per_entry": 5}}
    assert contest_rules(registry, draft).rounds[0].judges_per_entry == 5


def test_part_of_a_round_leaves_the_rest_as_it_was_set(
    session: Session, registry: Registry, draft: Contest, actor: Actor
) -> None:
    change(session, registry, draft, actor, {"round-preliminary": {"judges_per_entry": 5}})
    change(session, registry, draft, actor, {"round-preliminary": {"aggregator": "trimmed-mean"}})

    assert draft.settings == {"round-preliminary": {"judges_per_entry": 5, "aggregator": "trimmed-mean"}}


def test_value_of_the_kind_removes_the_difference(
    session: Session, registry: Registry, draft: Contest, actor: Actor
) -> None:
    team = to_plain(registry.rules("youth-creativity").team)
    change(session, registry, draft, actor, {"team": {**team, "high": 3}})
    change(session, registry, draft, actor, {"team": team})

    assert draft.settings == {}
    assert session.scalars(select(AuditEvent.action)).all() == ["settings-changed", "settings-changed"]


def test_contradiction_is_refused_and_nothing_changes(
    session: Session, registry: Registry, draft: Contest, actor: Actor
) -> None:
    with pytest.raises(RulesError):
        change(session, registry, draft, actor, {"round-preliminary": {"aggregator": "trimmed-mean"}})

    assert draft.settings == {}


def test_aggregator_that_is_not_installed_is_refused(
    session: Session, registry: Registry, draft: Contest, actor: Actor
) -> None:
    with pytest.raises(Refused) as refused:
        change(session, registry, draft, actor, {"round-final": {"aggregator": "dice"}})

    assert [problem.where for problem in refused.value.problems] == ["round-final"]


def test_every_installed_kind_names_only_installed_strategies(registry: Registry) -> None:
    assert [check_strategies(registry, rules) for rules in registry.kinds.values()] == [()] * len(registry.kinds)


def test_differences_of_a_kind_from_itself_are_none(registry: Registry) -> None:
    assert [differences(rules, rules) for rules in registry.kinds.values()] == [{}] * len(registry.kinds)


def test_secretary_changes_no_setting(session: Session, registry: Registry, draft: Contest) -> None:
    with pytest.raises(NotAllowed):
        change(session, registry, draft, Actor(roles=frozenset({Role.SECRETARY})), {"divisions": []})


def test_opened_contest_changes_only_by_an_amendment(
    session: Session, registry: Registry, running: Contest, actor: Actor
) -> None:
    with pytest.raises(Conflict):
        change(session, registry, running, actor, {"round-final": {"minutes": 7}})

    assert running.settings == {}


def test_amendment_pins_anew_with_both_digests_and_the_reason(
    session: Session, registry: Registry, running: Contest, actor: Actor
) -> None:
    before = running.rules_digest

    amend_rules(
        session, registry=registry, contest=running, actor=actor, reason="Hội trường chỉ có một buổi.", now=NOW,
        values={"round-final": {"minutes": 7}},
    )  # fmt: skip

    amendment = session.scalars(select(Amendment)).one()
    assert (amendment.old_digest, amendment.new_digest) == (before, running.rules_digest)
    assert before != running.rules_digest
    assert amendment.changed == ["round-final"]
    assert amendment.reason == "Hội trường chỉ có một buổi."
    assert contest_rules(registry, running).rounds[1].minutes == 7


@pytest.mark.parametrize("reason", ["", "  "])
def test_amendment_without_a_reason_is_refused(
    session: Session, registry: Registry, running: Contest, actor: Actor, reason: str
) -> None:
    with pytest.raises(Refused) as refused:
        amend_rules(
            session, registry=registry, contest=running, actor=actor, reason=reason, now=NOW,
            values={"round-final": {"minutes": 7}},
        )  # fmt: skip

    assert [problem.where for problem in refused.value.problems] == ["reason"]
    assert contest_rules(registry, running).rounds[1].minutes != 7


def test_amendment_that_changes_nothing_is_refused(
    session: Session, registry: Registry, running: Contest, actor: Actor
) -> None:
    with pytest.raises(Refused):
        amend_rules(session, registry=registry, contest=running, actor=actor, reason="Không rõ.", now=NOW)


def test_changed_kind_stops_the_contest_until_an_amendment_confirms_it(
    session: Session, registry: Registry, running: Contest, actor: Actor
) -> None:
    running.kind_digest = "0" * 64
    with pytest.raises(ContestSuspended):
        rules_in_force(registry, running)

    amendment = amend_rules(
        session, registry=registry, contest=running, actor=actor, reason="Bản mới của thể lệ.", now=NOW
    )

    assert amendment.changed == ["kind"]
    assert rules_in_force(registry, running) == registry.rules("youth-creativity")


def submit_one(session: Session, registry: Registry, contest: Contest) -> None:
    judged = contest_rules(registry, contest).rounds[0]
    assignment = make_assignment(
        session, make_entry(session, contest), make_judge(session, contest), round_key=judged.key
    )
    make_sheet(session, assignment, judged)


def test_rubric_by_which_a_sheet_was_submitted_cannot_change(
    session: Session, registry: Registry, running: Contest, actor: Actor
) -> None:
    submit_one(session, registry, running)
    digest = running.rules_digest

    with pytest.raises(Refused) as refused:
        amend_rules(
            session, registry=registry, contest=running, actor=actor, reason="Đổi thang điểm.", now=NOW,
            values={"rubric-preliminary": plain_rubric(registry, total="50")},
        )  # fmt: skip

    assert [problem.code for problem in refused.value.problems] == ["scored"]
    assert running.rules_digest == digest


def test_rubric_of_a_round_to_come_can_change_while_another_is_scored(
    session: Session, registry: Registry, running: Contest, actor: Actor
) -> None:
    submit_one(session, registry, running)

    amend_rules(
        session, registry=registry, contest=running, actor=actor, reason="Đổi thang điểm chung khảo.", now=NOW,
        values={"rubric-final": plain_rubric(registry, total="50")},
    )  # fmt: skip

    assert [judged.rubric.maximum for judged in contest_rules(registry, running).rounds] == [100, 50]


def test_scored_rubric_stays_when_the_kind_brings_another(
    session: Session, registry: Registry, running: Contest, actor: Actor
) -> None:
    # The kind of the day on which the contest opened had a total of 50.
    running.settings = {"rubric-preliminary": plain_rubric(registry, total="50")}
    pinned = contest_rules(registry, make_contest(session, registry, phase="open", settings=running.settings))
    running.rules, running.rules_digest, running.kind_digest = to_plain(pinned), "1" * 64, "0" * 64
    running.settings = {}
    submit_one(session, registry, running)

    amend_rules(session, registry=registry, contest=running, actor=actor, reason="Bản mới.", now=NOW)

    assert contest_rules(registry, running).rounds[0].rubric.maximum == 50


def test_category_in_which_entries_stand_cannot_be_removed(
    session: Session, registry: Registry, draft: Contest, actor: Actor
) -> None:
    make_entry(session, draft, category="software")
    left = [one for one in to_plain(registry.rules("youth-creativity").categories) if one["key"] != "software"]

    with pytest.raises(Refused) as refused:
        change(session, registry, draft, actor, {"categories": left})

    assert [problem.params["key"] for problem in refused.value.problems] == ["software"]


def test_removed_category_leaves_its_panel(session: Session, registry: Registry, draft: Contest, actor: Actor) -> None:
    panel = make_panel(session, draft, categories=["software", "learning-aids"])
    left = [one for one in to_plain(registry.rules("youth-creativity").categories) if one["key"] != "software"]

    change(session, registry, draft, actor, {"categories": left})

    assert panel.categories == ["learning-aids"]


def test_form_made_from_an_older_version_is_stale(draft: Contest) -> None:
    check_version(draft, draft.version)
    with pytest.raises(StaleVersion):
        check_version(draft, draft.version - 1)
