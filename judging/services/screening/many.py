"""One decision on many dossiers: first exactly who is told what and who is left out, then the act."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from judging.db.models import Account, Contest, Entry, ScreeningOpinion
from judging.domain.addresses import email_key
from judging.domain.lifecycle import ENTRY_LABELS, EntryState
from judging.domain.permissions import Actor, Role
from judging.domain.rules import ContestRules
from judging.domain.second_look import Opinion, Outcome, weigh
from judging.domain.values import Problem
from judging.errors import N_, Conflict, NotAllowed, Refused
from judging.plugins import Registry
from judging.services.contests.deadlines import intake_settings
from judging.services.contests.editions import rules_in_force
from judging.services.letters import written_letter
from judging.services.messages.texts import Text, own_template
from judging.services.rounds.entries import entry_code
from judging.services.screening.deciding import Verdict, decision_letter, screen_entry, verdicts_for

TAKES_BULK: Mapping[Verdict, frozenset[EntryState]] = {
    Verdict.ELIGIBLE: frozenset({EntryState.SUBMITTED}),
    Verdict.RETURNED: frozenset({EntryState.SUBMITTED}),
    Verdict.REJECTED: frozenset({EntryState.SUBMITTED, EntryState.LATE, EntryState.RETURNED}),
}
"""What may be decided of many at once, and in which states. What was decided before is undone one by one."""

_LEFT_OUT = {
    Outcome.OWN: N_("You have said this of the dossier already: another person confirms it."),
    Outcome.ORGANISERS: N_("Two persons differ about this dossier: the organiser decides."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkDecision:
    """What is decided on all of them: the verdict, the reason that each contestant reads, the date of a return."""

    verdict: Verdict
    reason: str = ""
    until: datetime | None = None

    def problems(self, now: datetime) -> tuple[Problem, ...]:
        """What speaks against the decision itself, whatever the dossiers."""
        found = []
        if self.verdict is not Verdict.ELIGIBLE and not self.reason.strip():
            message = N_("Write the reason: the contestant reads it.")
            found.append(Problem(code="missing", where="reason", message=message))
        if self.until is not None and self.until <= now:
            message = N_("The date for completing the dossier must still be to come.")
            found.append(Problem(code="date-past", where="until", message=message))
        return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """An entry that is left out: `why` is an msgid."""

    entry: Entry
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BulkPlan:
    """Whom the decision would touch, by number, and whom it would not.

    `letters` are what owners would read, by entry; `waiting` the entries of which it is a first word that waits for a
    second person and tells nobody.
    """

    taken: tuple[Entry, ...]
    skipped: tuple[Skipped, ...]
    waiting: frozenset[str] = frozenset()
    letters: Mapping[str, Text] = field(default_factory=dict)


def plan_bulk(
    session: Session, *, registry: Registry, contest: Contest, entry_ids: Collection[str], decision: BulkDecision,
    actor: Actor, now: datetime,
) -> BulkPlan:  # fmt: skip
    """Look what the decision would do. Ids of other contests count as unknown and are left out without a word.

    Raises Refused when the decision lacks its reason, or its date has passed.
    """
    if problems := decision.problems(now):
        raise Refused(problems)
    rules = rules_in_force(registry, contest)
    desk = _Desk.of(session, contest, entry_ids, actor)
    write = _LetterWriter(session=session, contest=contest, rules=rules, decision=decision)
    taken, skipped, waiting, letters = [], [], set(), {}
    for entry in desk.entries:
        outcome = desk.outcome(entry, decision.verdict)
        why = _why_not(contest, entry, decision.verdict, desk) or _LEFT_OUT.get(outcome)
        if why is not None:
            skipped.append(Skipped(entry=entry, why=why))
            continue
        taken.append(entry)
        if outcome is not Outcome.DECIDES:
            waiting.add(entry.id)
        else:
            letters[entry.id] = write.letter(entry)
    return BulkPlan(taken=tuple(taken), skipped=tuple(skipped), waiting=frozenset(waiting), letters=letters)


def screen_bulk(
    session: Session, *, registry: Registry, contest: Contest, entry_ids: Collection[str], decision: BulkDecision,
    actor: Actor, now: datetime,
) -> BulkPlan:  # fmt: skip
    """Decide on all that can be decided, and say which. Asked again, it finds nothing left to do. Raises Refused."""
    plan = plan_bulk(
        session, registry=registry, contest=contest, entry_ids=entry_ids, decision=decision, actor=actor, now=now
    )
    taken, skipped, waiting = [], list(plan.skipped), set()
    for entry in plan.taken:
        try:
            with session.begin_nested():
                made = screen_entry(
                    session, registry=registry, contest=contest, entry=entry, verdict=decision.verdict,
                    reason=decision.reason, until=decision.until, actor=actor, now=now,
                )  # fmt: skip
        except (Conflict, NotAllowed) as refused:
            skipped.append(Skipped(entry=entry, why=refused.message))
        else:
            taken.append(entry)
            if isinstance(made, ScreeningOpinion):
                waiting.add(entry.id)
    return BulkPlan(taken=tuple(taken), skipped=tuple(skipped), waiting=frozenset(waiting), letters=plan.letters)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """The chosen dossiers with what was said of them, read in a few queries however many there are."""

    entries: Sequence[Entry]
    said: Mapping[str, list[Opinion]]
    actor: Actor
    own_key: str | None
    two_persons: bool

    @staticmethod
    def of(session: Session, contest: Contest, entry_ids: Collection[str], actor: Actor) -> _Desk:
        query = (
            select(Entry)
            .where(Entry.contest_id == contest.id, Entry.id.in_(entry_ids))
            .options(joinedload(Entry.owner), joinedload(Entry.contest), selectinload(Entry.members))
            .order_by(Entry.number)
        )
        entries = session.scalars(query).all()
        said: dict[str, list[Opinion]] = {entry.id: [] for entry in entries}
        opinions = (
            select(ScreeningOpinion)
            .where(ScreeningOpinion.entry_id.in_(said), ScreeningOpinion.closed_at.is_(None))
            .order_by(ScreeningOpinion.at, ScreeningOpinion.id)
        )
        for one in session.scalars(opinions):
            said[one.entry_id].append(Opinion(by=one.by_id, verdict=one.verdict))
        return _Desk(
            entries=entries, said=said, actor=actor, two_persons=intake_settings(session, contest).two_persons,
            own_key=session.scalar(select(Account.email_key).where(Account.id == actor.account_id)),
        )  # fmt: skip

    def outcome(self, entry: Entry, verdict: Verdict) -> Outcome:
        """What this person's word on the entry would come to."""
        return weigh(
            self.said[entry.id], Opinion(by=str(self.actor.account_id), verdict=verdict.value),
            two_persons=self.two_persons, organiser=self.actor.has(Role.ORGANISER),
        )  # fmt: skip

    def is_party(self, entry: Entry) -> bool:
        """Whether the person made the entry or stands among its people: see services.screening.dossier_desk."""
        if entry.owner_id == self.actor.account_id:
            return True
        return self.own_key in {email_key(member.email) for member in entry.members if member.email}


def _why_not(contest: Contest, entry: Entry, verdict: Verdict, desk: _Desk) -> str | None:
    state = EntryState(entry.state)
    if desk.is_party(entry):
        return N_("Your own entry: somebody else decides.")
    if state not in TAKES_BULK.get(verdict, ()) or verdict not in verdicts_for(contest, entry, desk.actor):
        return ENTRY_LABELS[state]
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class _LetterWriter:
    """Writes what each owner would read; the organiser's own texts are read once for each language."""

    session: Session
    contest: Contest
    rules: ContestRules
    decision: BulkDecision
    own: dict[str, Text | None] = field(default_factory=dict)

    def letter(self, entry: Entry) -> Text:
        locale, verdict = entry.owner.locale, self.decision.verdict
        if locale not in self.own:
            found = own_template(self.session, contest_id=self.contest.id, kind=verdict.value, locale=locale)
            self.own[locale] = None if found is None else Text(found.subject, found.text)
        told = decision_letter(
            self.contest, entry, verdict=verdict, reason=self.decision.reason, until=self.decision.until,
            code=entry_code(self.rules, entry.number),
        )  # fmt: skip
        return written_letter(
            to=entry.owner, template=self.own[locale], subject=told.subject, text=told.text, params=told.params
        )
