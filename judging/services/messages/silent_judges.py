"""Reminders to silent judges: sent by a person, each letter seen before, one a judge and day at most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from judging.db.queries.round_end import later_ends
from judging.db.queries.silent_judges import has_stirred, kept_keys
from judging.domain.message_kinds import SILENT_JUDGE, find_kind
from judging.domain.permissions import Role, can_see_progress
from judging.domain.quiet_hours import next_moment
from judging.domain.values import Problem
from judging.errors import N_, NotAllowed, Refused
from judging.services.audit import record_event
from judging.services.letters import send_letter, written_letter
from judging.services.links import page_link
from judging.services.messages.rules import sending_rules
from judging.services.messages.texts import Text, catalogue, contest_title, own_template
from judging.services.messages.words import sentence_writer
from judging.services.rounds.entries import judged_round, round_row
from judging.services.rounds.view import progress_now
from judging.services.sheets.readings import round_deadline

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy.orm import Session

    from judging.db.models import Contest, ContestRound, SentMessage
    from judging.domain.permissions import Actor
    from judging.domain.rules import ContestRules
    from judging.plugins import Registry
    from judging.services.rounds.progress import JudgeProgress
    from judging.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminder:
    """A silent judge with the letter as they would read it. `told` says that one of that day is in the log."""

    progress: JudgeProgress
    letter: Text
    values: Mapping[str, str]
    key: str
    told: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Round:
    """What every reminder about a round says alike."""

    registry: Registry
    settings: Settings
    contest: Contest
    rules: ContestRules
    stage: ContestRound
    day: str


def list_reminders(
    session: Session,
    *,
    registry: Registry,
    settings: Settings,
    contest: Contest,
    rules: ContestRules,
    round_key: str,
    now: datetime,
) -> list[Reminder]:
    """The judges who have been silent in the round, with what each would get now. Raises NotFound."""
    stage = round_row(session, contest=contest, round_key=round_key)
    silent = progress_now(session, contest=contest, rules=rules, round_key=round_key, now=now).silent
    quiet = sending_rules(session, contest_id=contest.id).quiet
    # By the day on which it leaves: one of late evening and one of the next morning would come together.
    leaves = next_moment(quiet, zone=contest.zone, now=now).astimezone(ZoneInfo(contest.zone))
    round_ = _Round(
        registry=registry, settings=settings, contest=contest, rules=rules, stage=stage, day=f"{leaves:%Y-%m-%d}"
    )  # fmt: skip
    ends = later_ends(session, judge_ids=[one.judge.id for one in silent])
    own = {one.judge.account.locale for one in silent}
    texts = {locale: own_template(session, contest_id=contest.id, kind=SILENT_JUDGE, locale=locale) for locale in own}
    templates = {locale: Text(found.subject, found.text) for locale, found in texts.items() if found is not None}
    keys = kept_keys(
        session, contest_id=contest.id, keys=[f"{SILENT_JUDGE}:{_key(round_, one)}" for one in silent]
    )  # fmt: skip
    return [
        _reminder(round_, one, own=ends.get((one.judge.id, round_key)), templates=templates, kept=keys)
        for one in silent
    ]


def remind_silent(
    session: Session,
    *,
    registry: Registry,
    settings: Settings,
    contest: Contest,
    rules: ContestRules,
    round_key: str,
    chosen: Collection[str],
    actor: Actor,
    now: datetime,
) -> Sequence[Reminder]:
    """Queue the letters to those chosen, by alias, who are silent still; returns those to whom one goes now.

    Whoever has one of that day in the log gets no other. Raises NotAllowed, NotFound, and Refused where nobody is left.
    """
    if not actor.has(Role.ORGANISER, Role.SECRETARY) or not can_see_progress(actor):
        raise NotAllowed(N_("Silent judges are reminded by the office, and by nobody who judges here."))
    found = list_reminders(
        session, registry=registry, settings=settings, contest=contest, rules=rules, round_key=round_key, now=now
    )
    wanted = [one for one in found if one.progress.judge.alias in chosen]
    if not wanted:
        message = N_("Choose at least one judge. Whoever has stirred in the meantime is not listed any more.")
        raise Refused([Problem(code="nobody", where="judges", message=message)])
    kind = find_kind(SILENT_JUDGE)
    sent = [
        one
        for one in wanted
        if send_letter(
            session, to=one.progress.judge.account, subject=kind.subject, text=kind.text, params=one.values, now=now,
            about=contest, kind=kind.key, key=one.key,
        ) is not None
    ]  # fmt: skip
    if sent:
        aliases = sorted(one.progress.judge.alias for one in sent)
        record_event(
            session, action="silent-judges-reminded", subject="round", subject_id=round_key, contest_id=contest.id,
            actor_id=actor.account_id, now=now, details={"round": round_key, "judges": aliases},
        )  # fmt: skip
    return sent


def is_needless(session: Session, letter: SentMessage) -> bool:
    """Whether a reminder that waits has been overtaken: the judge has stirred, or has nothing left to do."""
    _kind, judge_id, round_key, _day = letter.key.split(":")
    return has_stirred(session, judge_id=judge_id, round_key=round_key, since=letter.created_at)


def _reminder(
    round_: _Round,
    one: JudgeProgress,
    *,
    own: datetime | None,
    templates: Mapping[str, Text],
    kept: Collection[str],
) -> Reminder:
    person, kind = one.judge.account, find_kind(SILENT_JUDGE)
    values = _values(round_, one, until=round_deadline(round_.contest, round_.stage, own=own))
    key = _key(round_, one)
    letter = written_letter(
        to=person, template=templates.get(person.locale), subject=kind.subject, text=kind.text, params=values
    )
    return Reminder(progress=one, letter=letter, values=values, key=key, told=f"{SILENT_JUDGE}:{key}" in kept)


def _values(round_: _Round, one: JudgeProgress, *, until: datetime | None) -> dict[str, str]:
    contest, person = round_.contest, one.judge.account
    label = judged_round(round_.rules, round_.stage.key).label
    count = catalogue(person.locale).ngettext("%(num)s sheet", "%(num)s sheets", one.left) % {"num": one.left}
    moments = [moment for moment in (one.last, round_.stage.opened_at) if moment is not None]
    return {
        "name": person.name, "contest": contest_title(contest, person.locale), "count": count,
        "round": sentence_writer(round_.registry, contest.kind, person.locale)(Problem(code="label", message=label)),
        "since": _moment(max(moments, default=None), contest), "deadline": _moment(until, contest),
        "link": page_link(round_.settings, f"/judge/{contest.slug}/"),
    }  # fmt: skip


def _key(round_: _Round, one: JudgeProgress) -> str:
    return f"{one.judge.id}:{round_.stage.key}:{round_.day}"


def _moment(at: datetime | None, contest: Contest) -> str:
    if at is None:
        return "–"
    local = at.astimezone(ZoneInfo(contest.zone))
    return f"{local:%H:%M %d/%m/%Y} ({contest.zone}, UTC{local:%z})"
