"""A published contest in which one entry holds canaries: texts that are found again wherever they are left."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from judging.db.base import Base
from judging.db.dump import dump_rows, read_tables
from judging.db.jobs import enqueue_job
from judging.db.models import (
    Account,
    ApiToken,
    Conflict,
    Consent,
    Contest,
    Entry,
    EntryFile,
    ExternalIdentity,
    IdempotentAnswer,
    LoginFailure,
    LoginSession,
    LogLeaf,
    OneTimeSecret,
    Passkey,
    Prize,
    RecoveryCode,
    Screening,
    SheetOverride,
    TotpFactor,
)
from judging.db.sealed import sealed_columns
from judging.domain.permissions import Actor, Role
from judging.services.entries.receipts import give_receipt
from judging.services.letters import LETTER_JOB, send_letter
from judging.services.privacy.erasure.erasing import erase_entry
from judging.services.results.prizes import settle_prizes
from judging.services.results.publication import publish_results
from judging.services.score_log.heads import newest_log
from judging.services.score_log.keeper import keeper_of
from judging.services.score_log.publishing import make_bundle, publish_bundle
from judging.services.score_log.receipts import find_sheet_leaf, make_receipt
from judging.verify import Outcome, Request, verify_bundle
from tests.factories import NOW, even_marks, make_account, make_assignment, make_sheet
from tests.services.office import FINAL, PRELIMINARY, hold_contest, set_round

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sqlalchemy.orm import Session

    from judging.services.platform import Platform
    from tests.services.office import Office

MARK = "qxzcanary"
SHARES = ("0.9", "0.85", "0.8", "0.75")
TARGET = 1
BYTES = f"%PDF-1.7 {MARK}-file-bytes".encode() * 50


@dataclass(slots=True, kw_only=True)
class Stage:
    """What `publish_canaries` made. `sheets` are the versions of the entry's own sheets, `others` of all others."""

    contest: str
    entry: str
    alias: str
    owner: str
    desk: str
    key: str
    sheets: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)

    @property
    def organiser(self) -> Actor:
        return Actor(account_id=self.desk, roles=frozenset({Role.ORGANISER}))


def publish_canaries(platform: Platform) -> Stage:
    """Hold, judge and publish a contest; the entry at TARGET is full of canaries."""
    stored = platform.files.put(BYTES)
    with platform.database.writing() as session:
        held = hold_contest(session, platform.registry, entries=len(SHARES))
        entry = held.entries[TARGET]
        stage = Stage(
            contest=held.contest.id, entry=entry.id, alias=entry.alias, owner=entry.owner_id, desk=held.desk.id,
            key=stored.key,
        )  # fmt: skip
        _fill_entry(session, platform, held, entry, stored.key)
        _fill_account(session, entry.owner)
        _judge(session, held, stage)
        settle_prizes(session, registry=platform.registry, contest=held.contest, actor=held.organiser, now=NOW)
        for prize in session.query(Prize).filter_by(entry_id=entry.id):
            prize.reason = f"{MARK}-prize"
        session.flush()
        publish_results(
            session, registry=platform.registry, contest=held.contest, decision="12/QĐ", actor=held.organiser, now=NOW
        )
    publish_bundle(platform.database, contest_id=stage.contest, now=NOW)
    return stage


def _fill_entry(session: Session, platform: Platform, held: Office, entry: Entry, key: str) -> None:
    entry.title, entry.unit = f"{MARK} title", f"{MARK}-unit"
    entry.answers = {"summary": f"{MARK}-answer"}
    lead = entry.members[0]
    lead.name, lead.name_key, lead.email = f"{MARK} Name", f"{MARK} name", f"{MARK}-member@example.vn"
    lead.unit = f"{MARK}-school"
    session.add(Consent(member_id=lead.id, purpose="publish-name", given_by="self", given_at=NOW))
    session.add(
        EntryFile(
            entry_id=entry.id, item="summary", filename=f"{MARK}.pdf", media_type="application/pdf", size=len(BYTES),
            sha256="0" * 64, key=key, uploaded_at=NOW,
        )
    )  # fmt: skip
    session.add(
        Screening(entry_id=entry.id, verdict="eligible", reason=f"{MARK}-screening", by_id=held.desk.id, at=NOW)
    )
    session.add(
        Conflict(
            contest_id=held.contest.id, judge_id=held.judges[0].id, entry_id=entry.id, kind="teacher", source="judge",
            reason=f"{MARK}-conflict", at=NOW, withdrawn_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    session.refresh(entry)
    give_receipt(session, contest=held.contest, entry=entry, rules=held.rules, now=NOW)


def _fill_account(session: Session, owner: Account) -> None:
    owner.email = owner.email_key = f"{MARK}-owner@example.vn"
    owner.name = f"{MARK} Owner"
    send_letter(session, to=owner, subject="s", text="%(name)s", params={"name": owner.name}, now=NOW)
    params = {"title": f"about {MARK} title"}
    payload = {"to": "judge@example.vn", "locale": "vi", "subject": "s", "text": "t", "params": params}
    enqueue_job(session, name=LETTER_JOB, payload=payload, now=NOW)
    common = {"account_id": owner.id, "created_at": NOW}
    session.add_all(
        [
            LoginSession(**common, token_sha256="1" * 64, device=f"{MARK}-device", seen_at=NOW, expires_at=NOW),
            Passkey(**common, name=f"{MARK}-key", credential_id=f"{MARK}c", public_key=f"{MARK}p", transports=[]),
            ApiToken(**common, name=f"{MARK}-token", hint="h", token_sha256="2" * 64, scopes=[], expires_at=NOW),
            ExternalIdentity(**common, issuer="https://id.example", subject=f"{MARK}-subject"),
            RecoveryCode(**common, code_hash=f"{MARK}-code"),
            TotpFactor(**common, sealed_secret=f"{MARK}-totp"),
            OneTimeSecret(
                **common, purpose="reset", email_key=owner.email_key, token_sha256="3" * 64, payload={}, expires_at=NOW
            ),
            LoginFailure(email_key=owner.email_key, source="192.0.2.1", at=NOW),
            IdempotentAnswer(
                **common, key="k", request_sha256="4" * 64, status=201, headers={}, body=f'"{MARK}-answer"'
            ),
        ]
    )
    session.flush()


def _judge(session: Session, held: Office, stage: Stage) -> None:
    set_round(session, held, PRELIMINARY, "advanced")
    set_round(session, held, FINAL, "closed")
    judged = held.rules.find_round(FINAL)
    assert judged is not None
    for entry, share in zip(held.entries, SHARES, strict=True):
        entry.round = FINAL
        mine = entry.id == stage.entry
        for judge in held.judges:
            reading = make_assignment(session, entry, judge, round_key=FINAL)
            comment = f"{MARK}-comment" if mine else "Rõ ràng."
            sheet = make_sheet(
                session, reading, judged, marks=even_marks(judged, Decimal(share)), comment=comment,
                comments={"idea": comment},
            )  # fmt: skip
            if mine:
                reading.comment, reading.comments, reading.reason = comment, {"idea": comment}, f"{MARK}-reason"
            (stage.sheets if mine else stage.others).append(sheet.id)
    session.flush()


def erase(platform: Platform, stage: Stage, *, with_sheets: bool = False, reason: str = "Theo đơn.") -> None:
    with platform.database.writing() as session:
        erase_entry(
            session, entry=session.get_one(Entry, stage.entry), actor=stage.organiser, reason=reason,
            with_sheets=with_sheets, now=NOW,
        )  # fmt: skip


def everything(platform: Platform) -> bytes:
    """All that is stored, and what of it lies sealed as whoever has the key reads it."""
    return b"\n".join([stored(platform), *opened(platform)])


def stored(platform: Platform) -> bytes:
    """Every row, every byte of the database's own files, of stored files, of the score log's folder."""
    settings = platform.settings
    kept = [path.read_bytes() for path in settings.data.rglob("*") if path.is_file()]
    kept += [path.read_bytes() for path in settings.score_log.rglob("*") if path.is_file()]
    kept += [b"".join(platform.files.stream(key)) for key in list(platform.files.keys())]
    return b"\n".join([*kept, *_rows(platform)])


def opened(platform: Platform) -> Iterator[bytes]:
    """What lies sealed, as whoever has the key reads it."""
    with platform.database.reading() as session:
        for column in sealed_columns(Base.metadata):
            yield from (str(value).encode() for value in session.scalars(select(column)))


def _rows(platform: Platform) -> Iterator[bytes]:
    with platform.database.engine.connect() as connection:
        for table in read_tables(connection):
            yield from dump_rows(connection, table)


def receipts_of(platform: Platform, versions: list[str]) -> Mapping[str, bytes]:
    with platform.database.reading() as session:
        found = {version: find_sheet_leaf(session, version) for version in versions}
        return {version: bytes(make_receipt(session, leaf)) for version, leaf in found.items() if leaf is not None}


def verified(platform: Platform, stage: Stage, receipts: Mapping[str, bytes]) -> Outcome:
    """The bundle as the public gets it now, checked with the key and these receipts."""
    with platform.database.reading() as session:
        contest = session.get_one(Contest, stage.contest)
        log = newest_log(session, contest)
        assert log is not None
        bundle = make_bundle(session, contest)
        key = keeper_of(session).notary.verifier(log.origin)
    return verify_bundle(Request(bundle=bundle.path, keys=[key], receipts=receipts))


def leaf_rows(platform: Platform, versions: list[str]) -> list[tuple[bytes, bytes | None, bytes | None]]:
    """Hash, bytes and text salt of the leaves of these versions."""
    with platform.database.reading() as session:
        rows = session.query(LogLeaf).filter(LogLeaf.subject_id.in_(versions)).order_by(LogLeaf.idx)
        return [(bytes(one.hash), one.entry, one.text_salt) for one in rows]


def overrule(session: Session, stage: Stage) -> SheetOverride:
    """A decision over the entry's first sheet, with a reason that names somebody."""
    made = SheetOverride(
        contest_id=stage.contest, sheet_id=stage.sheets[0], marks={"idea": "1"}, reason=f"{MARK}-override",
        by_id=make_account(session).id, at=NOW,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made
