"""What an organiser sets for one edition: before the contest opens freely, after that as an amendment with a reason.

A contest stores only its differences from its kind, so that everything untouched follows the kind until it opens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from judging.db.models import Amendment, Assignment, Contest, Entry, Panel, SheetVersion
from judging.domain.edition import apply_settings, edition_settings
from judging.domain.fields import SettingKind
from judging.domain.lifecycle import ContestPhase
from judging.domain.permissions import Actor, can_configure
from judging.domain.rules import ContestRules
from judging.domain.structure import to_plain
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotAllowed, Refused, StaleVersion
from judging.plugins import Registry
from judging.services.audit import record_event
from judging.services.contests.editions import contest_rules, pin_rules
from judging.services.rounds.states import create_rounds
from judging.services.score_log.acts import record_amendment
from judging.services.score_log.opening import ensure_log

Plain = Any


def check_version(contest: Contest, version: int) -> None:
    """Raise StaleVersion when somebody changed the contest since its `version` was read."""
    if contest.version != version:
        raise StaleVersion(
            N_("Somebody else changed this contest while you had it open. Go back, reload the page and look again.")
        )


def differences(kind: ContestRules, rules: ContestRules) -> dict[str, Plain]:
    """The settings by which `rules` differ from `kind`, as a contest stores them."""
    own = {setting.key: setting.value for setting in edition_settings(kind)}
    found: dict[str, Plain] = {}
    for setting in edition_settings(rules):
        base = own[setting.key]
        if setting.value == base:
            continue
        if setting.kind is SettingKind.ROUND:
            found[setting.key] = {key: value for key, value in setting.value.items() if value != base[key]}
        else:
            found[setting.key] = setting.value
    return found


def check_strategies(registry: Registry, rules: ContestRules) -> tuple[Problem, ...]:
    """A problem for each aggregator or tie-breaker that is not installed or that the number of judges cannot feed."""
    problems: list[Problem] = []
    for judged in rules.rounds:
        aggregator = registry.aggregators.get(judged.aggregator)
        if aggregator is None:
            message = N_("Round “%(round)s” names a way of combining marks that is not installed: %(key)s.")
            params: dict[str, object] = {"round": judged.label, "key": judged.aggregator}
            problems.append(Problem(code="aggregator", where=f"round-{judged.key}", message=message, params=params))
        elif judged.judges_per_entry < aggregator.least:
            message = N_("Round “%(round)s”: “%(aggregator)s” needs at least %(least)s judges for each entry.")
            params = {"round": judged.label, "aggregator": aggregator.label, "least": aggregator.least}
            problems.append(Problem(code="too-few", where=f"round-{judged.key}", message=message, params=params))
    for key in rules.tie_breaks:
        if not key.startswith("criterion:") and key not in registry.tie_breakers:
            message = N_("The tie-break “%(key)s” is not installed.")
            problems.append(Problem(code="tie-break", where="tie-breaks", message=message, params={"key": key}))
    return tuple(problems)


def change_settings(
    session: Session, *, registry: Registry, contest: Contest, actor: Actor, values: Mapping[str, Plain], now: datetime
) -> None:
    """Set `values` by setting key in a contest that has not opened; only differences from the kind are kept.

    A round's settings may be given in part. Raises NotAllowed, Conflict once the contest has opened, RulesError for
    settings that contradict themselves, and Refused for strategies that do not fit.
    """
    _must_configure(actor, contest)
    if contest.rules is not None:
        raise Conflict(N_("The contest has opened: its rules change only by an amendment with a reason."))
    rules = _rules_with(registry, contest, values)
    _refuse_lost_boards(session, contest, rules)
    if problems := check_strategies(registry, rules):
        raise Refused(problems)
    settings = differences(registry.rules(contest.kind), rules)
    changed = sorted(key for key in {*settings, *contest.settings} if settings.get(key) != contest.settings.get(key))
    if not changed:
        return
    contest.settings = settings
    _forget_lost_categories(session, contest, rules)
    record_event(
        session, action="settings-changed", subject="contest", subject_id=contest.id, contest_id=contest.id,
        actor_id=actor.account_id, now=now, details={"changed": changed},
    )  # fmt: skip


def amend_rules(
    session: Session,
    *,
    registry: Registry,
    contest: Contest,
    actor: Actor,
    reason: str,
    now: datetime,
    values: Mapping[str, Plain] | None = None,
) -> Amendment:
    """Change the rules of an open contest and pin them anew; without `values`, confirm what the kind changed.

    The rubric of a round in which sheets are submitted stays as it is: marks were given by it. Raises NotAllowed,
    Conflict before the opening, RulesError, and Refused without a reason or when nothing would change.
    """
    _must_configure(actor, contest)
    if contest.rules is None or contest.rules_digest is None:
        raise Conflict(N_("The contest has not opened yet: its settings can be changed without an amendment."))
    if not reason.strip():
        raise Refused([Problem(code="missing", where="reason", message=N_("An amendment needs a reason."))])
    ensure_log(session, contest, now=now)
    old = contest_rules(registry, contest)
    old_digest, old_kind = contest.rules_digest, contest.kind_digest
    rules = _keeping_scored_rubrics(session, registry, contest, old, dict(values or {}))
    _refuse_lost_boards(session, contest, rules)
    if problems := check_strategies(registry, rules):
        raise Refused(problems)
    contest.settings = differences(registry.rules(contest.kind), rules)
    new_digest = pin_rules(registry, contest)
    if new_digest == old_digest and contest.kind_digest == old_kind:
        raise Refused([Problem(code="same", message=N_("Nothing would change by this amendment."))])
    _forget_lost_categories(session, contest, rules)
    create_rounds(session, contest=contest, rules=rules)
    changed = [*_changed_keys(old, rules), *(["kind"] if contest.kind_digest != old_kind else [])]
    amendment = Amendment(
        contest_id=contest.id, reason=reason.strip(), changed=changed, old_digest=old_digest, new_digest=new_digest,
        by_id=actor.account_id, at=now,
    )  # fmt: skip
    session.add(amendment)
    session.flush()
    record_amendment(session, contest=contest, reason=reason, by_id=actor.account_id, now=now)
    record_event(
        session, action="rules-amended", subject="contest", subject_id=contest.id, contest_id=contest.id,
        actor_id=actor.account_id, now=now,
        details={"changed": changed, "from": old_digest, "to": new_digest, "reason": reason.strip()},
    )  # fmt: skip
    return amendment


def scored_rounds(session: Session, *, contest: Contest) -> frozenset[str]:
    """The rounds in which at least one sheet was submitted."""
    query = (
        select(Assignment.round)
        .join(SheetVersion, SheetVersion.assignment_id == Assignment.id)
        .where(Assignment.contest_id == contest.id)
        .distinct()
    )
    return frozenset(session.scalars(query))


def _must_configure(actor: Actor, contest: Contest) -> None:
    if not can_configure(actor, phase=ContestPhase(contest.phase)):
        raise NotAllowed(N_("Only the organiser changes the settings of a contest, and not after its end."))


def _rules_with(registry: Registry, contest: Contest, values: Mapping[str, Plain]) -> ContestRules:
    settings = dict(contest.settings)
    for key, value in values.items():
        in_part = key.startswith("round-") and isinstance(value, Mapping)
        settings[key] = {**settings.get(key, {}), **value} if in_part else value
    return apply_settings(registry.rules(contest.kind), settings)


def _keeping_scored_rubrics(
    session: Session, registry: Registry, contest: Contest, old: ContestRules, values: dict[str, Plain]
) -> ContestRules:
    for key in sorted(scored_rounds(session, contest=contest)):
        judged = old.find_round(key)
        if judged is None:
            continue
        rubric = to_plain(judged.rubric)
        if values.setdefault(f"rubric-{key}", rubric) != rubric:
            message = N_("Sheets of the round “%(round)s” are submitted, so its rubric can no longer change.")
            raise Refused([Problem(code="scored", message=message, params={"round": judged.label})])
    return _rules_with(registry, contest, values)


def _changed_keys(old: ContestRules, new: ContestRules) -> list[str]:
    before = {setting.key: setting.value for setting in edition_settings(old)}
    after = {setting.key: setting.value for setting in edition_settings(new)}
    return sorted(key for key in {*before, *after} if before.get(key) != after.get(key))


def _refuse_lost_boards(session: Session, contest: Contest, rules: ContestRules) -> None:
    """Refuse to take away a category or division in which entries stand."""
    if problems := tuple(_lost_boards(session, contest, rules)):
        raise Refused(problems)


def _lost_boards(session: Session, contest: Contest, rules: ContestRules) -> Iterator[Problem]:
    for column, kept in ((Entry.category, rules.categories), (Entry.division, rules.divisions)):
        query = select(column, func.count()).where(Entry.contest_id == contest.id, column != "").group_by(column)
        keys = {row.key for row in kept}
        for key, count in session.execute(query):
            if key not in keys:
                yield Problem(
                    code="in-use",
                    message=N_("“%(key)s” cannot be removed: %(count)s entries stand in it."),
                    params={"key": str(key), "count": count},
                )


def _forget_lost_categories(session: Session, contest: Contest, rules: ContestRules) -> None:
    keys = {category.key for category in rules.categories}
    for panel in session.scalars(select(Panel).where(Panel.contest_id == contest.id)):
        kept = [key for key in panel.categories if key in keys]
        if kept != panel.categories:
            panel.categories = kept
