"""What is kept of a person's entries: the entry, the person's own particulars, consents, files, decisions, outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from judging.db.models import AgeCheck, Prize, Receipt, Screening
from judging.errors import N_
from judging.services.contests.editions import contest_rules
from judging.services.privacy.my_data.parts import Part, facts
from judging.services.privacy.my_data.sheets import received_sheet_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sqlalchemy.orm import Session

    from judging.db.models import Entry, EntryFile
    from judging.plugins import Registry
    from judging.services.privacy.my_data.parts import Fact
    from judging.services.privacy.my_data.subjects import Subject

Rows = list["Sequence[Fact]"]


def entry_parts(session: Session, *, registry: Registry, subjects: Sequence[Subject]) -> Iterator[Part]:
    """The parts that tell of entries; each row names its entry by alias."""
    entries = [subject.entry for subject in subjects if subject.whole]
    rules = {subject.entry.id: contest_rules(registry, subject.entry.contest) for subject in subjects}
    yield Part(
        key="entries", title=N_("Your entries"),
        rows=[_entry(one.entry, rules[one.entry.id].prefix, whole=one.whole) for one in subjects],
    )  # fmt: skip
    yield Part(key="particulars", title=N_("Your particulars as an author"), rows=list(_particulars(subjects)))
    yield Part(key="age_checks", title=N_("Your age was verified"), rows=list(_age_checks(session, subjects)))
    yield Part(key="consents", title=N_("Consents"), rows=list(_consents(subjects)))
    yield Part(key="files", title=N_("Files"), rows=[_file(entry, file) for entry in entries for file in entry.files])
    yield Part(key="decisions", title=N_("Decisions of the office"), rows=list(_decisions(session, entries)))
    yield Part(key="receipts", title=N_("Receipts"), rows=list(_receipts(session, entries)))
    yield Part(key="prizes", title=N_("Prizes"), rows=list(_prizes(session, [one.entry for one in subjects])))
    sheets = [row for entry in entries for row in received_sheet_rows(session, entry, rules[entry.id])]
    yield Part(key="sheets_received", title=N_("Score sheets of your entries"), rows=sheets)


def archive_name(entry: Entry, file: EntryFile, place: int) -> str:
    """Where a file lies in the archive: files/<alias>/<place>-<its name>, without a way out of that folder."""
    name = "".join(sign if sign.isalnum() or sign in "-_. " else "_" for sign in file.filename).lstrip(". ")
    return f"files/{entry.alias}/{place}-{name or 'file'}"


def _entry(entry: Entry, prefix: str, *, whole: bool) -> Sequence[Fact]:
    told = facts(
        ("entry", N_("Alias"), entry.alias),
        ("code", N_("Code"), f"{prefix}-{entry.number:03d}"),
        ("contest", N_("Contest"), entry.contest.title),
        ("title", N_("Title"), entry.title),
        ("category", N_("Category"), entry.category),
        ("division", N_("Division"), entry.division),
        ("unit", N_("Unit"), entry.unit),
        ("state", N_("State"), entry.state),
    )
    if not whole:
        return told
    return told + facts(
        ("answers", N_("Answers"), dict(entry.answers)),
        ("authors", N_("Authors"), [member.name for member in entry.members]),
        ("created_at", N_("Begun"), entry.created_at),
        ("submitted_at", N_("Submitted"), entry.submitted_at),
    )


def _particulars(subjects: Sequence[Subject]) -> Iterator[Sequence[Fact]]:
    for subject in subjects:
        for member in subject.entry.members:
            if member.id in subject.members:
                yield facts(
                    ("entry", N_("Entry"), subject.entry.alias), ("name", N_("Name"), member.name),
                    ("born", N_("Born"), member.born), ("email", N_("E-mail address"), member.email),
                    ("unit", N_("Unit"), member.unit), ("share", N_("Share"), member.share),
                    ("is_lead", N_("Lead author"), member.is_lead),
                )  # fmt: skip


def _age_checks(session: Session, subjects: Sequence[Subject]) -> Iterator[Sequence[Fact]]:
    own = {member for subject in subjects for member in subject.members}
    for check in session.scalars(select(AgeCheck).where(AgeCheck.member_id.in_(own)).order_by(AgeCheck.at)):
        yield facts(("at", N_("When"), check.at))


def _consents(subjects: Sequence[Subject]) -> Iterator[Sequence[Fact]]:
    for subject in subjects:
        for member in subject.entry.members:
            for one in member.consents if member.id in subject.members else ():
                yield facts(
                    ("entry", N_("Entry"), subject.entry.alias), ("purpose", N_("Purpose"), one.purpose),
                    ("given_by", N_("Whose word"), one.given_by), ("given_at", N_("Given"), one.given_at),
                    ("withdrawn_at", N_("Withdrawn"), one.withdrawn_at),
                )  # fmt: skip


def _file(entry: Entry, file: EntryFile) -> Sequence[Fact]:
    place = entry.files.index(file) + 1
    return facts(
        ("entry", N_("Entry"), entry.alias),
        ("item", N_("Dossier item"), file.item),
        ("name", N_("Name"), file.filename),
        ("size", N_("Size in bytes"), file.size),
        ("sha256", "SHA-256", file.sha256),
        ("uploaded_at", N_("Sent"), file.uploaded_at),
        ("in_archive", N_("In this archive"), archive_name(entry, file, place)),
    )


def _decisions(session: Session, entries: Sequence[Entry]) -> Iterator[Sequence[Fact]]:
    for entry, one in _of(session, Screening, entries):
        # Who decided is somebody else's data; why is what the contestant was told.
        yield facts(
            ("entry", N_("Entry"), entry.alias), ("verdict", N_("Verdict"), one.verdict),
            ("reason", N_("Reason"), one.reason), ("at", N_("When"), one.at),
        )  # fmt: skip


def _receipts(session: Session, entries: Sequence[Entry]) -> Iterator[Sequence[Fact]]:
    for entry, one in _of(session, Receipt, entries):
        # What was receipted has the particulars of all authors: its hash is enough to show it.
        yield facts(
            ("entry", N_("Entry"), entry.alias), ("number", N_("Number"), one.number), ("at", N_("When"), one.at),
            ("sha256", "SHA-256", one.sha256),
        )  # fmt: skip


def _prizes(session: Session, entries: Sequence[Entry]) -> Iterator[Sequence[Fact]]:
    for entry, one in _of(session, Prize, entries):
        if entry.contest.published_at is not None:
            yield facts(("entry", N_("Entry"), entry.alias), ("level", N_("Prize"), one.level))


def _of(session: Session, model: Any, entries: Sequence[Entry]) -> Iterator[tuple[Entry, Any]]:
    by_id = {entry.id: entry for entry in entries}
    for row in session.scalars(select(model).where(model.entry_id.in_(by_id)).order_by(model.at, model.id)):
        yield by_id[row.entry_id], row
