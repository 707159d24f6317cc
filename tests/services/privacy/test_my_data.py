"""The archive of one's own data: complete, nothing of anybody else, for one account only, gone after a day."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from judging.db.models import (
    Account,
    ApiToken,
    Consent,
    Contest,
    DataExport,
    Entry,
    EntryFile,
    Job,
    LoginSession,
    PeopleLink,
    Prize,
    Screening,
    Upload,
)
from judging.domain.permissions import Actor, Role
from judging.domain.privacy_requests import RequestKind
from judging.domain.structure import digest, to_plain
from judging.errors import Conflict, NotFound
from judging.services.contests.editions import contest_rules
from judging.services.entries.receipts import give_receipt
from judging.services.entries.values import name_key
from judging.services.letters import send_letter
from judging.services.privacy.erasure.erasing import erase_entry
from judging.services.privacy.my_data.exports import (
    DROP_JOB,
    MAKE_JOB,
    ask_export,
    drop_export,
    find_export,
    list_exports,
    make_export,
)
from judging.services.privacy.my_data.subjects import subjects_of
from judging.services.privacy.request_desk.receiving import Asked, receive_own
from tests.factories import NOW, make_account, make_assignment, make_entry, make_judge, make_sheet
from tests.services.office import FINAL, hold_contest
from tests.services.privacy.erasures import everything, publish_canaries

if TYPE_CHECKING:
    from judging.domain.rules import ContestRules
    from judging.services.platform import Platform

OWN = (
    "own-name", "own-mail@example.vn", "own-title", "own-unit", "own-answer", "own-device", "own-token", "own-reason",
    "own-letter", "own-file.pdf", "own-request", "2008-05-04",
)  # fmt: skip
OTHERS = (
    "zq-judge", "zq-judge-mail@example.vn", "zq-desk", "zq-author-mail@example.vn", "2009-06-07", "zq-foreign-title",
    "zq-foreign-comment", "zq-comment-of-judge",
)  # fmt: skip
FILE = b"%PDF-1.7 own-file-bytes " * 1000


class Seeded:
    """A published contest with an author who has everything, a co-author, a judge, and somebody else's entry."""

    def __init__(self, platform: Platform, *, released: bool = False) -> None:
        self.platform = platform
        stage = publish_canaries(platform)
        stored = platform.files.put(FILE)
        with platform.database.writing() as session:
            account = make_account(session, name="own-name", email="own-mail@example.vn")
            self.account, self.desk = account.id, stage.desk
            session.get_one(Account, stage.desk).name = "zq-desk"
            contest = session.get_one(Contest, stage.contest)
            rules = _released(contest, platform) if released else None
            entry = make_entry(
                session, contest, owner=account, title="own-title", unit="own-unit", answers={"summary": "own-answer"},
                number=91, state="awarded",
                members=(
                    {"name": "own-name", "born": date(2008, 5, 4), "email": "own-mail@example.vn"},
                    {"name": "Đồng tác giả", "born": date(2009, 6, 7), "email": "zq-author-mail@example.vn"},
                ),
            )  # fmt: skip
            self.entry, self.contest = entry.id, contest.id
            make_entry(session, contest, title="zq-foreign-title", number=92)
            session.add_all([
                EntryFile(
                    entry_id=entry.id, item="summary", filename="../own-file.pdf", media_type="application/pdf",
                    size=len(FILE), sha256=stored.sha256, key=stored.key, uploaded_at=NOW,
                ),
                Screening(entry_id=entry.id, verdict="eligible", reason="own-reason", by_id=stage.desk, at=NOW),
                Prize(contest_id=contest.id, entry_id=entry.id, level="first", by_id=stage.desk, at=NOW),
                LoginSession(
                    account_id=account.id, token_sha256="7" * 64, device="own-device", created_at=NOW, seen_at=NOW,
                    expires_at=NOW,
                ),
                ApiToken(
                    account_id=account.id, name="own-token", hint="h", token_sha256="8" * 64, scopes=[],
                    created_at=NOW, expires_at=NOW,
                ),
            ])  # fmt: skip
            for member in entry.members:
                session.add(Consent(member_id=member.id, purpose="publish-name", given_by="self", given_at=NOW))
            send_letter(session, to=account, subject="own-letter", text="x", params={}, now=NOW)
            judge = make_judge(
                session, contest, account=make_account(session, name="zq-judge", email="zq-judge-mail@example.vn")
            )
            judged = (rules or _rules(contest, platform)).find_round(FINAL)
            assert judged is not None
            reading = make_assignment(session, entry, judge, round_key=FINAL)
            make_sheet(session, reading, judged, comment="zq-comment-of-judge")
            give_receipt(session, contest=contest, entry=entry, rules=_rules(contest, platform), now=NOW)
            receive_own(session, account=account, asked=Asked(kind=RequestKind.SEE, text="own-request"), now=NOW)

    def archive(self, *, locale: str = "vi") -> tuple[zipfile.ZipFile, bytes]:
        """Ask for the archive, have it made, and open it."""
        with self.platform.database.writing() as session:
            account = session.get_one(Account, self.account)
            account.locale = locale
            export = ask_export(session, account=account, now=NOW)
        self.make(export.id)
        with self.platform.database.reading() as session:
            row = find_export(session, account=session.get_one(Account, self.account), export_id=export.id, now=NOW)
            data = b"".join(self.platform.files.stream(str(row.key)))
        return zipfile.ZipFile(io.BytesIO(data)), data

    def make(self, export_id: str) -> None:
        make_export(
            self.platform.database, registry=self.platform.registry, files=self.platform.files,
            settings=self.platform.settings, export_id=export_id, now=NOW,
        )  # fmt: skip


def _rules(contest: Contest, platform: Platform) -> ContestRules:
    return contest_rules(platform.registry, contest)


def _released(contest: Contest, platform: Platform) -> ContestRules:
    rules = replace(_rules(contest, platform), sheets_to_authors=True)
    contest.rules, contest.rules_digest = to_plain(rules), digest(rules)
    return rules


def text_of(archive: zipfile.ZipFile) -> str:
    return "\n".join(archive.read(name).decode(errors="replace") for name in archive.namelist()) + str(
        archive.namelist()
    )


def test_archive_is_complete_and_has_nothing_of_others(platform: Platform) -> None:
    archive, _ = Seeded(platform).archive()

    found = text_of(archive)
    assert [one for one in OWN if one not in found] == []
    assert [one for one in OTHERS if one in found] == []
    (name,) = [one for one in archive.namelist() if one.startswith("files/")]
    assert ".." not in name
    assert archive.read(name) == FILE
    told = json.loads(archive.read("data.json"))
    assert {"account", "entries", "particulars", "consents", "files", "receipts", "decisions", "prizes"} <= set(told)
    assert [one["name"] for one in told["particulars"]] == ["own-name"]
    assert "sheets_received" not in told


@pytest.mark.parametrize(("locale", "words"), [("vi", "Tài khoản</h2>"), ("en", "Your account</h2>")])
def test_page_is_in_the_persons_language_and_runs_nothing(platform: Platform, locale: str, words: str) -> None:
    seeded = Seeded(platform)
    with platform.database.writing() as session:
        session.get_one(Account, seeded.account).name = "<script>alert(1)</script>"

    archive, _ = seeded.archive(locale=locale)

    page = archive.read("index.html").decode()
    assert words in page
    assert f'<html lang="{locale}">' in page
    assert "<script" not in page
    assert "http" not in page.replace("https://", "http").partition("<body>")[0]


def test_sheets_come_along_only_when_the_rules_release_them(platform: Platform) -> None:
    archive, _ = Seeded(platform, released=True).archive()

    (sheet,) = json.loads(archive.read("data.json"))["sheets_received"]
    assert sheet["comment"] == "zq-comment-of-judge"
    found = text_of(archive)
    assert [one for one in OTHERS if one in found] == ["zq-comment-of-judge"]


def test_another_account_gets_nothing_and_after_a_day_nobody_does(platform: Platform) -> None:
    seeded = Seeded(platform)
    seeded.archive()
    with platform.database.writing() as session:
        own, other = session.get_one(Account, seeded.account), make_account(session)
        (row,) = list_exports(session, account=own, now=NOW)
        key = str(row.key)
        with pytest.raises(NotFound):
            find_export(session, account=other, export_id=row.id, now=NOW)
        assert list_exports(session, account=other, now=NOW) == []
        with pytest.raises(NotFound):
            find_export(session, account=own, export_id=row.id, now=NOW + timedelta(hours=24))
        (drop,) = session.query(Job).filter_by(name=DROP_JOB)
        assert drop.run_after == NOW + timedelta(hours=24)
        export_id = row.id
    for _ in range(2):
        with platform.database.writing() as session:
            drop_export(session, export_id=export_id)
    assert not platform.files.exists(key)


def test_one_archive_at_a_time_and_made_once(platform: Platform) -> None:
    seeded = Seeded(platform)
    with platform.database.writing() as session:
        account = session.get_one(Account, seeded.account)
        export_id = ask_export(session, account=account, now=NOW).id
        with pytest.raises(Conflict):
            ask_export(session, account=account, now=NOW)
        assert session.query(Job).filter_by(name=MAKE_JOB).count() == 1
    seeded.make(export_id)
    before = set(platform.files.keys())

    seeded.make(export_id)

    assert set(platform.files.keys()) == before


def test_archive_made_before_an_erasure_goes_with_it(platform: Platform) -> None:
    seeded = Seeded(platform)
    seeded.archive()
    with platform.database.writing() as session:
        entry = session.get_one(Entry, seeded.entry)
        actor = Actor(account_id=seeded.desk, roles=frozenset({Role.ORGANISER}))
        erase_entry(session, entry=entry, actor=actor, reason="Theo đơn.", with_sheets=False, now=NOW)

    with platform.database.reading() as session:
        assert session.query(DataExport).count() == 0
    left = everything(platform)
    assert [one for one in OWN if one.encode() in left and one != "2008-05-04"] == []


def test_archive_asked_for_and_erased_meanwhile_leaves_no_bytes(platform: Platform) -> None:
    seeded = Seeded(platform)
    before = set(platform.files.keys())
    with platform.database.writing() as session:
        account = session.get_one(Account, seeded.account)
        export_id = ask_export(session, account=account, now=NOW).id
        drop_export(session, export_id=export_id)

    seeded.make(export_id)

    assert set(platform.files.keys()) == before


def test_large_files_are_passed_on_in_pieces(platform: Platform) -> None:
    seeded = Seeded(platform)
    stored = platform.files.put(io.BytesIO(b"\x00" * 30_000_000))
    with platform.database.writing() as session:
        session.add(
            EntryFile(
                entry_id=seeded.entry, item="video", filename="v.mp4", media_type="video/mp4", size=stored.size,
                sha256=stored.sha256, key=stored.key, uploaded_at=NOW,
            )
        )  # fmt: skip
        export_id = ask_export(session, account=session.get_one(Account, seeded.account), now=NOW).id
    tracemalloc.start()
    try:
        seeded.make(export_id)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 15_000_000


def test_own_person_is_found_by_address_name_or_being_alone(platform: Platform) -> None:
    with platform.database.writing() as session:
        held = hold_contest(session, platform.registry, entries=0)
        account = make_account(session, name="Nông Mẫu Bình")
        alone = make_entry(session, held.contest, owner=account, members=({"name": "Con Mẫu"},))
        named = make_entry(
            session, held.contest, owner=account,
            members=({"name": "Ai Khác"}, {"name": "Nông Mẫu Bình", "name_key": name_key("Nông Mẫu Bình")}),
        )  # fmt: skip
        neither = make_entry(session, held.contest, owner=account, members=({"name": "A Mẫu"}, {"name": "B Mẫu"}))
        found = {one.entry.id: len(one.members) for one in subjects_of(session, account)}
        assert found == {alone.id: 1, named.id: 1, neither.id: 0}


def _link(platform: Platform, seeded: Seeded, *, name: str, role: str, at: int) -> str:
    """An account that has said yes about one of the people of the entry; its id."""
    with platform.database.writing() as session:
        account = make_account(session, name=name, email=f"{role}@example.vn")
        entry = session.get_one(Entry, seeded.entry)
        session.add(
            PeopleLink(
                entry_id=entry.id, member_id=entry.members[at].id, role=role, email=account.email, asked_at=NOW,
                answer="accepted", answered_at=NOW, answered_name=f"signed-{role}", account_id=account.id,
            )
        )  # fmt: skip
        return account.id


@pytest.mark.parametrize("role", ["coauthor", "guardian"])
def test_coauthor_and_guardian_get_what_tells_of_their_person_and_nothing_else(platform: Platform, role: str) -> None:
    seeded = Seeded(platform)
    seeded.account = _link(platform, seeded, name="Người Khác", role=role, at=1)

    archive, _ = seeded.archive()

    told = json.loads(archive.read("data.json"))
    assert [(one["name"], one["born"]) for one in told["particulars"]] == [("Đồng tác giả", "2009-06-07")]
    assert [one["purpose"] for one in told["consents"]] == ["publish-name"]
    assert [(one["role"], one["name"]) for one in told["asked"]] == [(role, f"signed-{role}")]
    assert [one["title"] for one in told["entries"]] == ["own-title"]
    assert [one for one in archive.namelist() if one.startswith("files/")] == []
    found = text_of(archive)
    theirs = ("own-name", "own-mail", "own-answer", "own-reason", "own-file.pdf", "own-letter", "2008-05-04", "zq-desk")
    assert [one for one in theirs if one in found] == []


def test_whoever_said_no_gets_no_more_than_what_they_were_asked(platform: Platform) -> None:
    seeded = Seeded(platform)
    seeded.account = _link(platform, seeded, name="Người Khác", role="guardian", at=1)
    with platform.database.writing() as session:
        session.query(PeopleLink).one().answer = "declined"

    told = json.loads(seeded.archive()[0].read("data.json"))

    assert [one["answer"] for one in told["asked"]] == ["declined"]
    assert not {"entries", "particulars", "consents", "prizes"} & set(told)


def test_archive_of_a_coauthor_goes_with_the_entry(platform: Platform) -> None:
    seeded = Seeded(platform)
    seeded.account = _link(platform, seeded, name="Người Khác", role="coauthor", at=1)
    seeded.archive()
    with platform.database.writing() as session:
        entry = session.get_one(Entry, seeded.entry)
        actor = Actor(account_id=seeded.desk, roles=frozenset({Role.ORGANISER}))
        erase_entry(session, entry=entry, actor=actor, reason="Theo đơn.", with_sheets=False, now=NOW)

    with platform.database.reading() as session:
        assert session.query(DataExport).count() == 0
    assert b"own-title" not in everything(platform)


def test_names_of_uploads_under_way_are_in_the_archive(platform: Platform) -> None:
    seeded = Seeded(platform)
    with platform.database.writing() as session:
        session.add(
            Upload(
                account_id=seeded.account, contest_id=seeded.contest, entry_id=seeded.entry, item="video",
                filename="own-half.mp4", length=9, begun_at=NOW, expires_at=NOW,
            )
        )  # fmt: skip

    told = json.loads(seeded.archive()[0].read("data.json"))

    assert [(one["name"], one["state"]) for one in told["uploads"]] == [("own-half.mp4", "open")]
