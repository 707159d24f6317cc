"""Every column that can hold a text about an entry holds a canary, and after the erasure none does."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import String, cast, func, select

from judging.db.base import Base
from judging.db.models import (
    AgeCheck,
    Announcement,
    Assignment,
    BlindRepeat,
    Booth,
    BoothLease,
    ChairVote,
    Conflict,
    Consent,
    DossierHold,
    DossierTick,
    DraftText,
    EligibleList,
    Entry,
    EntryLink,
    FileCopy,
    FilePicture,
    ForcedAssignment,
    Handover,
    ImportedEntry,
    ImportSheet,
    LegalHold,
    PaperTyping,
    PeopleLink,
    PrivacyRequest,
    PrivacyStep,
    ReturnTerm,
    RoundExtension,
    Screening,
    ScreeningOpinion,
    SentMessage,
    SheetAside,
    SheetNote,
    SimilarDecision,
    SimilarDocument,
    SimilarPair,
    Upload,
    UploadPart,
)
from judging.db.sealed import Sealed, SealedText
from judging.db.types import new_id
from tests.factories import NOW
from tests.services.privacy.erasures import MARK, Stage, erase, everything, overrule, publish_canaries

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sqlalchemy import Column
    from sqlalchemy.orm import Session

    from judging.services.platform import Platform

# Keys of the platform's own vocabulary, and words of the rules of the contest: nobody types them about an entry.
VOCABULARY = frozenset(
    {
        "kind", "source", "state", "role", "method", "withdrawn_method", "purpose", "given_by", "verdict", "answer",
        "channel", "profile", "step", "level", "board", "round", "category", "division", "item", "field", "media_type",
        "locale", "reasons", "page", "findings", "kinds", "aside_kind",
    }
)  # fmt: skip
# Numbers and hashes that the platform makes up, and references to what is not there any more.
MADE_UP = frozenset(
    {
        "sha256", "text_sha256", "token_sha256", "lasting_sha256", "person_sha256", "rubric_digest", "number", "alias",
        "by_account_id", "file_id", "code", "total", "marks", "evidence", "looks",
    }
)  # fmt: skip
KEPT = frozenset(
    {
        "dossier_tick.key", "entry_file.key", "file_copy.key", "file_picture.key", "upload_part.key",
        "sent_message.key", "handover.place",
    }
)  # fmt: skip


def _reachable() -> set[str]:
    """The tables whose rows hang on an entry, or on what hangs on one."""
    tables, found = Base.metadata.tables.values(), {"entry"}
    while True:
        more = {one.name for one in tables if any(key.column.table.name in found for key in one.foreign_keys)} - found
        if not more:
            return found
        found |= more


def _text_columns() -> Iterator[Column[object]]:
    for name in sorted(_reachable()):
        for column in Base.metadata.tables[name].columns:
            is_text = isinstance(column.type, String | SealedText) or "JSON" in type(column.type).__name__.upper()
            is_free = not column.foreign_keys and not column.primary_key
            if is_text and is_free and column.name not in VOCABULARY | MADE_UP and str(column) not in KEPT:
                yield column


@pytest.fixture
def stage(platform: Platform) -> Stage:
    found = publish_canaries(platform)
    key = platform.files.put(f"{MARK}-copy".encode()).key
    other = platform.files.put(f"{MARK}-picture".encode()).key
    part = platform.files.put(f"{MARK}-part".encode()).key
    with platform.database.writing() as session:
        overrule(session, found)
        entry = session.get_one(Entry, found.entry)
        _fill_dossier(session, entry, copy=key, picture=other, part=part)
        _fill_people(session, entry, found.desk)
        _fill_desk(session, entry, found.desk)
        _fill_neighbourhood(session, entry, found.desk)
        _fill_judge(session, entry, found.desk)
    return found


def _fill_dossier(session: Session, entry: Entry, *, copy: str, picture: str, part: str) -> None:
    (file,) = entry.files
    session.add_all(
        [
            EntryLink(entry_id=entry.id, item="video", url=f"https://{MARK}.example.vn/", added_at=NOW),
            FileCopy(file_id=file.id, state="ready", scan=f"{MARK}-scan", findings=[], key=copy, size=1, sha256="5"),
            FilePicture(
                file_id=file.id, place=1, width=1, height=1, media_type="image/webp", size=1, sha256="6", key=picture
            ),
            Upload(
                account_id=entry.owner_id, contest_id=entry.contest_id, entry_id=entry.id, item="summary", length=9,
                filename=f"{MARK}-half.pdf", begun_at=NOW, expires_at=NOW,
                parts=[UploadPart(start=0, size=9, sha256="7", key=part)],
            ),
            DraftText(
                entry_id=entry.id, field="title", number=1, state="version", text=f"{MARK}-typed", at=NOW
            ),
            SimilarDocument(
                entry_id=entry.id, organisation_id=entry.contest.organisation_id, title=f"{MARK}-similar",
                text=f"{MARK}-text", prints=0, files=[["f", f"{MARK}-hash"]], indexed_at=NOW,
            ),
        ]
    )  # fmt: skip
    session.flush()


def _fill_people(session: Session, entry: Entry, desk: str) -> None:
    lead = entry.members[0]
    session.add_all(
        [
            AgeCheck(entry_id=entry.id, member_id=lead.id, person_sha256="8", by_id=desk, at=NOW),
            Consent(
                member_id=lead.id, purpose="take-part", given_by="guardian", given_at=NOW, by_name=f"{MARK}-mother",
                withdrawn_at=NOW, withdrawn_by=f"{MARK}-father",
            ),
            PeopleLink(
                entry_id=entry.id, member_id=lead.id, role="guardian", name=f"{MARK} Guardian", asked_at=NOW,
                email=f"{MARK}-guardian@example.vn", answered_name=f"{MARK} Answered",
            ),
            SentMessage(
                contest_id=entry.contest_id, entry_id=entry.id, address=f"{MARK}-told@example.vn", kind="other",
                key="k", locale="vi", subject=f"{MARK}-subject", text=f"{MARK}-letter", sha256="9",
                answer=f"{MARK}-bounced", created_at=NOW, leaves_at=NOW,
            ),
            PrivacyRequest(
                number="1", kind="erase", channel="paper", profile="vn", entry_id=entry.id, person=f"{MARK}-person",
                contact=f"{MARK}-contact", text=f"{MARK}-request", identity_note=f"{MARK}-id", received_at=NOW,
                answer_due=NOW, act_due=NOW, steps=[PrivacyStep(at=NOW, step="received", note=f"{MARK}-step")],
            ),
        ]
    )  # fmt: skip
    session.flush()


def _fill_desk(session: Session, entry: Entry, desk: str) -> None:
    returned = Screening(entry_id=entry.id, verdict="returned", reason=f"{MARK}-returned", by_id=desk, at=NOW)
    session.add(returned)
    session.flush()
    items = [{"where": "title", "text": f"{MARK}-to-mend"}]
    session.add_all(
        [
            ReturnTerm(screening_id=returned.id, entry_id=entry.id, until=NOW, items=items),
            ScreeningOpinion(entry_id=entry.id, verdict="rejected", reason=f"{MARK}-opinion", by_id=desk, at=NOW),
            DossierTick(entry_id=entry.id, key="a" * 64, by_id=desk, at=NOW),
            DossierHold(entry_id=entry.id, by_id=desk, until=NOW + timedelta(hours=1)),
            LegalHold(contest_id=entry.contest_id, entry_id=entry.id, reason=f"{MARK}-hold", by_id=desk, at=NOW),
            Handover(
                entry_id=entry.id, item="model", received_at=NOW, received_by_id=desk, place="Kệ 3",
                note=f"{MARK}-scratched", undone_reason=f"{MARK}-undone",
            ),
            ImportedEntry(entry_id=entry.id, contest_id=entry.contest_id, key=f"{MARK}-079012003456", at=NOW),
            ChairVote(contest_id=entry.contest_id, entry_id=entry.id, round="final", reason=f"{MARK}-vote",
                      number=1, by_id=desk, at=NOW),
        ]
    )  # fmt: skip
    session.flush()


def _fill_judge(session: Session, entry: Entry, desk: str) -> None:
    reading, judge = session.execute(
        select(Assignment.id, Assignment.judge_id).where(Assignment.entry_id == entry.id)
    ).first() or ("", "")
    session.add_all(
        [
            Conflict(
                contest_id=entry.contest_id, judge_id=judge, entry_id=entry.id, kind="other", source="set",
                reason=f"{MARK}-tie", at=NOW, withdrawn_at=NOW, withdrawn_by_id=desk, withdrawn_reason=f"{MARK}-none",
            ),
            ForcedAssignment(
                contest_id=entry.contest_id, round="preliminary", entry_id=entry.id, judge_id=judge, kinds=["other"],
                reason=f"{MARK}-forced", by_id=desk, at=NOW,
            ),
            PaperTyping(
                contest_id=entry.contest_id, round="preliminary", assignment_id=str(reading), account_id=desk,
                version=1, marks={"novelty": "1"}, comments={"novelty": f"{MARK}-paper"}, comment=f"{MARK}-typed",
                at=NOW,
            ),
            BlindRepeat(
                id=new_id(), assignment_id=str(reading), after=9, state="draft",
                marks={"novelty:typed": f"{MARK}-twice"},
                comments={"novelty": f"{MARK}-again"}, comment=f"{MARK}-second", note=f"{MARK}-beside",
                aside_kind="other", aside_words=f"{MARK}-later", aside_at=NOW, given_at=NOW, changed_at=NOW,
            ),
            Booth(entry_id=entry.id, round="preliminary", name=f"{MARK}-booth"),
            BoothLease(
                contest_id=entry.contest_id, round="preliminary", entry_id=entry.id, judge_id=judge,
                assignment_id=str(reading), minutes=15, began_at=NOW, until=NOW,
            ),
            SheetNote(assignment_id=str(reading), text=f"{MARK}-own-note", changed_at=NOW),
            RoundExtension(
                contest_id=entry.contest_id, round="preliminary", judge_id=judge, assignment_id=str(reading),
                reason=f"{MARK}-late", by_id=desk, at=NOW,
            ),
            SheetAside(
                assignment_id=str(reading), kind="other", words=f"{MARK}-waits", answer=f"{MARK}-found", at=NOW,
                ended_at=NOW,
            ),
        ]
    )  # fmt: skip
    session.flush()


def _fill_neighbourhood(session: Session, entry: Entry, desk: str) -> None:
    """What hangs on the contest and not on the entry, and still tells of it."""
    other = session.scalars(select(Entry.id).where(Entry.contest_id == entry.contest_id, Entry.id != entry.id)).first()
    first, second = sorted([entry.id, str(other)])
    rows = [[2, f"{MARK} Title", "Toán"]]
    listed = {"entries": [{"entry": entry.alias, "receipt": f"{MARK}-hash"}, {"entry": "SP-other", "receipt": "b"}]}
    session.add_all(
        [
            SimilarPair(first_id=first, second_id=second, score=1, reasons="text", evidence={}, found_at=NOW),
            SimilarDecision(first_id=first, second_id=second, is_same=False, note=f"{MARK}-said", by_id=desk, at=NOW),
            ImportSheet(
                contest_id=entry.contest_id, account_id=desk, filename="nhap.csv", sha256="c", head=["Tên"], rows=rows,
                columns=["title"], created_at=NOW,
            ),
            Announcement(
                contest_id=entry.contest_id, by_id=desk, key="one", recipients=1, at=NOW,
                texts={"vi": ["Về hồ sơ", f"Gửi em {MARK} Guardian"]},
            ),
            Announcement(
                contest_id=entry.contest_id, by_id=desk, key="all", recipients=9, at=NOW,
                texts={"vi": ["Chung", "Lịch"]},
            ),
            EligibleList(contest_id=entry.contest_id, version=1, sha256="d" * 64, content=listed, by_id=desk, at=NOW),
        ]
    )  # fmt: skip
    session.flush()


def test_every_text_about_an_entry_is_seeded_so_that_a_new_column_is_noticed(platform: Platform, stage: Stage) -> None:
    with platform.database.reading() as session:
        empty = [str(column) for column in _text_columns() if not _is_seeded(session, column)]

    assert empty == []


def _is_seeded(session: Session, column: Column[object]) -> bool:
    if isinstance(column.type, Sealed):
        return any(MARK in str(value) for value in session.scalars(select(column)))
    seeded = select(func.count()).select_from(column.table).where(cast(column, String).contains(MARK))
    return bool(session.scalar(seeded))


@pytest.mark.parametrize("with_sheets", [False, True])
def test_nothing_seeded_is_left(platform: Platform, stage: Stage, *, with_sheets: bool) -> None:
    assert everything(platform).count(MARK.encode()) > 60

    erase(platform, stage, with_sheets=with_sheets)

    assert everything(platform).find(MARK.encode()) == -1


def test_what_the_office_decided_and_signed_stays(platform: Platform, stage: Stage) -> None:
    erase(platform, stage)

    with platform.database.reading() as session:
        (opinion,) = session.scalars(select(ScreeningOpinion)).all()
        (listed,) = session.scalars(select(EligibleList)).all()
        texts = {one.key: one.texts for one in session.scalars(select(Announcement))}
        assert (opinion.verdict, opinion.reason) == ("rejected", "")
        assert session.scalars(select(DossierTick)).one().by_id == stage.desk
        assert listed.sha256 == "d" * 64
        assert listed.content["entries"] == [
            {"entry": stage.alias, "receipt": None}, {"entry": "SP-other", "receipt": "b"}
        ]  # fmt: skip
        assert texts == {"one": {}, "all": {"vi": ["Chung", "Lịch"]}}


def test_table_that_does_not_name_the_entry_still_waits(platform: Platform, stage: Stage) -> None:
    with platform.database.writing() as session:
        session.scalars(select(ImportSheet)).one().rows = [[2, "Sản phẩm khác", "Toán"]]

    erase(platform, stage)

    with platform.database.reading() as session:
        assert session.scalars(select(ImportSheet)).one().filename == "nhap.csv"
