"""The demo's entries: people, answers, files, consents, and what the secretariat will make of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from judging.db.models import Account, Entry, EntryFile, EntryMember
from judging.demo.answers import MAKERS, Team
from judging.demo.blobs import Blob
from judging.demo.consents import add_consents
from judging.demo.copies import add_copy
from judging.demo.edition import Edition
from judging.demo.plan import Stage
from judging.demo.rows import Rows
from judging.demo.wording import Subject, Subjects
from judging.domain.aliases import ENTRY_PREFIX
from judging.domain.entry_states import EntryState
from judging.domain.fields import DossierItem, FieldKind, ItemKind
from judging.domain.roles import Role
from judging.services.entries.values import name_key

_SHORT = timedelta(minutes=20)
_BEST, _WEAK = 0.78, 0.5
_YOUNG = 2010


class Fate(StrEnum):
    """What becomes of an entry until judging begins."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    WITHDRAWN = "withdrawn"
    RETURNED = "returned"
    REJECTED = "rejected"
    MENDED = "mended"
    LATE = "late"
    ELIGIBLE = "eligible"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """An entry and its fate."""

    entry: Entry
    fate: Fate
    pending: tuple[tuple[EntryFile, Future[Blob]], ...]


def make_entries(edition: Edition) -> list[Made]:
    """Make the contest's entries, numbered in the order in which they were begun."""
    draw = edition.world.draw
    counts = edition.plan.counts(edition.world.size)
    categories = [category for category, count in counts.items() for _ in range(count)]
    draw.random.shuffle(categories)
    last = edition.calendar.closes if edition.stage is not Stage.OPEN else edition.plan.calendar.closes
    begun = sorted(draw.rushed_moment(edition.calendar.opens, last - timedelta(hours=3)) for _ in categories)
    fates = _fates(edition, len(categories))
    subjects = Subjects(edition.plan.kind, draw)
    made = []
    for number, (category, at, fate) in enumerate(zip(categories, begun, fates, strict=True), start=1):
        subject = subjects.take(category)
        one = _make_entry(edition, subjects, subject, number=number, at=at, fate=fate, last=last)
        edition.entries.append(one.entry)
        made.append(one)
    return made


def _fates(edition: Edition, count: int) -> list[Fate]:
    """So many of each fate as the plan says, in an order left to chance."""
    few = max(2, count // 60)
    if edition.stage is Stage.OPEN:
        drafts = count * (edition.plan.drafts or 15) // 100
        wanted = Counter({Fate.DRAFT: drafts, Fate.RETURNED: few, Fate.WITHDRAWN: few})
        rest = Fate.SUBMITTED
    elif edition.stage is Stage.SCREENING:
        # The desk on its first morning: everything came in time, and nothing was looked at.
        wanted, rest = Counter(), Fate.SUBMITTED
    else:
        rejected = round(count * edition.plan.ineligible / 100)
        wanted = Counter({Fate.REJECTED: rejected, Fate.MENDED: 2 * few, Fate.LATE: 1})
        rest = Fate.ELIGIBLE
    fates = list(wanted.elements())
    fates += [rest] * (count - len(fates))
    edition.world.draw.random.shuffle(fates)
    return fates


def _make_entry(
    edition: Edition, subjects: Subjects, subject: Subject, *, number: int, at: datetime, fate: Fate, last: datetime
) -> Made:
    draw, rules = edition.world.draw, edition.rules
    size = edition.world.people.team(rules.team.high)
    team = MAKERS[edition.plan.kind](draw, edition.world.people, size)
    quality = min(0.93, max(0.34, draw.random.gauss(0.61, 0.1)))
    owner = _owner(edition, team, fate, quality)
    submitted = last + timedelta(hours=2) if fate is Fate.LATE else draw.moment(at + _SHORT, last - _SHORT)
    entry = edition.world.rows.add(
        Entry(
            contest_id=edition.contest.id,
            owner_id=owner.id,
            number=number,
            alias=draw.alias(ENTRY_PREFIX),
            title=subject.title,
            category=subject.category,
            division=draw.one_of(rules.divisions).key if rules.divisions else None,
            unit=team.unit,
            state=EntryState.DRAFT.value if fate is Fate.DRAFT else EntryState.SUBMITTED.value,
            round=None,
            answers=_answers(edition, subjects, subject, team, complete=fate is not Fate.DRAFT),
            created_at=at,
            changed_at=submitted,
            submitted_at=None if fate is Fate.DRAFT else submitted,
            version=1,
        )
    )
    _add_members(edition, entry, team, at)
    edition.quality[entry.alias] = quality
    wanted = () if fate is Fate.DRAFT and draw.chance(0.5) else tuple(_wanted_files(edition, entry))
    pending = tuple(_add_file(edition, entry, item, place) for item, place in wanted)
    return Made(entry=entry, fate=fate, pending=pending)


def _owner(edition: Edition, team: Team, fate: Fate, quality: float) -> Account:
    """The demo's contestant has an entry of each fate, one of the best and one of the weakest; a guardian has two."""
    office = edition.world.office
    place = fate.value
    if fate is Fate.ELIGIBLE:
        place = "best" if quality > _BEST else "weak" if quality < _WEAK else ""
    if place and place not in edition.owned:
        edition.owned.add(place)
        return office.accounts[Role.CONTESTANT]
    young = edition.rules.children and team.authors[0].born.year >= _YOUNG
    if young and fate is Fate.ELIGIBLE and len(edition.owned & {"guardian-1", "guardian-2"}) < 2:
        edition.owned.add("guardian-2" if "guardian-1" in edition.owned else "guardian-1")
        return office.accounts[Role.GUARDIAN]
    return office.new_account(edition.world.rows, team.authors[0].name, "tacgia")


def _answers(
    edition: Edition, subjects: Subjects, subject: Subject, team: Team, *, complete: bool
) -> dict[str, object]:
    answers: dict[str, object] = {}
    for field in edition.rules.fields:
        answer = team.answers.get(field.key)
        if answer is None and field.kind in (FieldKind.TEXT, FieldKind.LONG_TEXT):
            answer = subjects.answer(subject, field.key)
        # A draft is still being written: about half of its texts lack.
        unwritten = not complete and field.kind is FieldKind.LONG_TEXT and edition.world.draw.chance(0.5)
        if answer not in (None, "") and not unwritten:
            answers[field.key] = answer
    return answers


def _add_members(edition: Edition, entry: Entry, team: Team, at: datetime) -> None:
    shares = edition.world.people.shares(len(team.authors))
    for position, (author, share) in enumerate(zip(team.authors, shares, strict=True)):
        member = EntryMember(
            entry_id=entry.id, position=position, name=author.name, name_key=name_key(author.name),
            born=author.born if edition.rules.team.births else None, email="", unit=author.unit,
            share=Decimal(share), is_lead=position == 0,
        )  # fmt: skip
        entry.members.append(edition.world.rows.add(member))
        add_consents(edition, entry, member, at)


def _wanted_files(edition: Edition, entry: Entry) -> Iterator[tuple[DossierItem, int]]:
    registered = entry.answers.get("registered") is True
    for item in edition.rules.dossier:
        if item.kind in (ItemKind.VIDEO, ItemKind.PHYSICAL):
            continue
        if item.office_only and not item.required and not registered:
            continue
        if item.required or (registered and item.office_only) or edition.world.draw.chance(0.6):
            times = len(entry.members) if item.key == "proof_of_age" else 1
            yield from ((item, place) for place in range(1, times + 1))


def _add_file(edition: Edition, entry: Entry, item: DossierItem, place: int) -> tuple[EntryFile, Future[Blob]]:
    blobs, image = edition.world.blobs, item.kind is ItemKind.IMAGE
    if item.office_only:
        waiting = blobs.form(pdf=not image)
    elif image:
        waiting = blobs.picture(entry.title, entry.alias)
    else:
        waiting = blobs.paper(entry.title, _paragraphs(edition, entry))
    file = EntryFile(
        entry_id=entry.id, item=item.key, filename=f"{item.key.replace('_', '-')}-{place}", media_type="", size=0,
        sha256="", key="", pages=None, uploaded_at=entry.created_at + timedelta(minutes=5 + place),
    )  # fmt: skip
    return edition.world.rows.add(file), waiting


def _paragraphs(edition: Edition, entry: Entry) -> list[tuple[str, str]]:
    """What the form says in its texts; answers that name people or units stay out, as for blind judges."""
    return [
        (f"Mục {number}", str(entry.answers[field.key]))
        for number, field in enumerate(edition.rules.fields, start=1)
        if field.kind is FieldKind.LONG_TEXT and not field.blind and field.key in entry.answers
    ]


def fill_files(rows: Rows, made: list[Made]) -> None:
    """Write down what was stored for each file. Waits for the bytes; the receipts are made from this."""
    for one in made:
        for file, waiting in one.pending:
            blob = waiting.result()
            file.filename = f"{file.filename}.{blob.extension}"
            file.media_type, file.pages = blob.media_type, blob.pages
            file.size, file.sha256, file.key = blob.stored.size, blob.stored.sha256, blob.stored.key
            add_copy(rows, file, blob)
            one.entry.files.append(file)
