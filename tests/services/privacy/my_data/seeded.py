"""A published contest with an author who has everything: what the tests of archives begin with."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from judging.db.models import Account, ApiToken, Consent, Contest, EntryFile, LoginSession, Prize, Screening
from judging.domain.privacy_requests import RequestKind
from judging.domain.structure import digest, to_plain
from judging.services.contests.editions import contest_rules
from judging.services.entries.receipts import give_receipt
from judging.services.letters import send_letter
from judging.services.privacy.my_data.exports import ask_export, find_export, make_export
from judging.services.privacy.request_desk.receiving import Asked, receive_own
from tests.factories import NOW, make_account, make_assignment, make_entry, make_judge, make_sheet
from tests.services.office import FINAL
from tests.services.privacy.erasures import publish_canaries

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
