from __future__ import annotations

import itertools
import json
from decimal import Decimal

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from judging.db.models import (
    Account,
    Assignment,
    AuditEvent,
    Contest,
    Entry,
    Job,
    LogLeaf,
    Prize,
    Receipt,
    SheetOverride,
    SheetVersion,
)
from judging.db.session import Database
from judging.domain.ledger.canonical import canonical_json, to_base64
from judging.domain.ledger.faults import Exit
from judging.domain.ledger.merkle import leaf_hash
from judging.domain.permissions import Actor, Role
from judging.errors import Conflict, NotAllowed, Refused
from judging.services.contests.editions import contest_rules
from judging.services.letters import LETTER_JOB
from judging.services.platform import Platform
from judging.services.privacy.erasure.afterwards import tombstone_file
from judging.services.privacy.erasure.erasing import erase_entry
from judging.services.privacy.erasure.replaying import replay_tombstones
from judging.services.privacy.erasure.tombstones import add_tombstone, read_tombstones
from judging.services.results.standings import round_standings
from judging.services.score_log.publishing import BUNDLE_JOB, publish_bundle
from judging.services.upkeep.checks.entries import check_receipts, check_shares
from judging.services.upkeep.checks.erasures import check_erasures
from judging.services.upkeep.checks.results import check_publications
from judging.services.upkeep.checks.score_log import check_recorded_sheets, check_score_logs
from tests.factories import NOW, make_account, make_contest, make_entry
from tests.services.office import FINAL
from tests.services.privacy.erasures import (
    MARK,
    Stage,
    erase,
    everything,
    leaf_rows,
    overrule,
    publish_canaries,
    receipts_of,
    verified,
)


@pytest.fixture
def stage(platform: Platform) -> Stage:
    return publish_canaries(platform)


@pytest.mark.parametrize("with_sheets", [False, True])
def test_erasure_leaves_no_canary_anywhere(platform: Platform, stage: Stage, *, with_sheets: bool) -> None:
    with platform.database.writing() as session:
        overrule(session, stage)
    assert everything(platform).count(MARK.encode()) > 30

    erase(platform, stage, with_sheets=with_sheets)

    assert everything(platform).find(MARK.encode()) == -1
    assert not platform.files.exists(stage.key)


@pytest.mark.postgres
def test_erasure_leaves_no_sample_of_names_in_postgres(platform: Platform, stage: Stage, database: Database) -> None:
    if database.engine.dialect.name != "postgresql":
        return
    samples = text("SELECT count(*) FROM pg_stats WHERE CAST(most_common_vals AS text) LIKE :mark"
                   " OR CAST(histogram_bounds AS text) LIKE :mark")  # fmt: skip
    with database.engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        connection.commit()
        assert connection.execute(samples, {"mark": f"%{MARK}%"}).scalar_one() > 0

    erase(platform, stage)

    with database.engine.connect() as connection:
        assert connection.execute(samples, {"mark": f"%{MARK}%"}).scalar_one() == 0


def test_erasure_keeps_what_the_published_ranking_goes_by(platform: Platform, stage: Stage) -> None:
    with platform.database.reading() as session:
        before = session.get_one(Entry, stage.entry)
        standings = round_standings(session, registry=platform.registry, contest=before.contest, round_key=FINAL)
        levels = session.scalars(select(Prize.level).where(Prize.entry_id == stage.entry)).all()

    erase(platform, stage)

    with platform.database.reading() as session:
        entry = session.get_one(Entry, stage.entry)
        assert (entry.alias, entry.number, entry.category, entry.state) == (
            before.alias, before.number, before.category, before.state,
        )  # fmt: skip
        assert entry.erased_at == NOW
        assert standings == round_standings(session, registry=platform.registry, contest=entry.contest, round_key=FINAL)
        assert levels == session.scalars(select(Prize.level).where(Prize.entry_id == stage.entry)).all()


def test_erasure_without_sheets_ends_with_0_and_every_receipt_holds(platform: Platform, stage: Stage) -> None:
    receipts = receipts_of(platform, [*stage.sheets, *stage.others])
    assert len(receipts) == 12
    before = leaf_rows(platform, stage.sheets)

    erase(platform, stage)
    publish_bundle(platform.database, contest_id=stage.contest, now=NOW)

    assert verified(platform, stage, receipts).code == Exit.OK
    assert [(hashed, entry, None) for hashed, entry, _ in before] == leaf_rows(platform, stage.sheets)


def test_erasure_with_sheets_ends_with_10_and_hashes_stay(platform: Platform, stage: Stage) -> None:
    receipts = receipts_of(platform, stage.others)
    before = leaf_rows(platform, stage.sheets)
    assert verified(platform, stage, receipts).code == Exit.OK

    erase(platform, stage, with_sheets=True)
    publish_bundle(platform.database, contest_id=stage.contest, now=NOW)

    outcome = verified(platform, stage, receipts)
    assert outcome.code == Exit.NOT_RECOUNTED
    assert [one for one in outcome.steps if one.code not in (Exit.OK, Exit.NOT_RECOUNTED)] == []
    assert [(hashed, None, None) for hashed, _, _ in before] == leaf_rows(platform, stage.sheets)
    with platform.database.reading() as session:
        assert {sheet.total for sheet in session.query(SheetVersion).filter(SheetVersion.id.in_(stage.sheets))} == {""}


def test_new_bundle_is_recorded_after_marks_were_erased(platform: Platform, stage: Stage) -> None:
    def published() -> int:
        with platform.database.reading() as session:
            found = session.scalars(select(LogLeaf.entry).where(LogLeaf.entry.is_not(None))).all()
            return sum(json.loads(one)["type"] == "publish" for one in found if one is not None)

    bundles = platform.settings.score_log / "bundles"
    (old,) = bundles.iterdir()
    assert published() == 1

    erase(platform, stage, with_sheets=True)

    assert not old.exists()
    with platform.database.reading() as session:
        assert len(session.scalars(select(Job).where(Job.name == BUNDLE_JOB)).all()) == 2
    publish_bundle(platform.database, contest_id=stage.contest, now=NOW)
    assert published() == 2
    assert len(list(bundles.iterdir())) == 1


def _guesses(platform: Platform, stage: Stage) -> tuple[dict[str, object], list[tuple[str, list[str]]]]:
    """All that anybody knows of the entry's first sheet but two of its marks, and every mark that these may be."""
    (_, entry, _), *_ = leaf_rows(platform, stage.sheets)
    assert entry is not None
    known = json.loads(entry)
    with platform.database.reading() as session:
        judged = contest_rules(platform.registry, session.get_one(Contest, stage.contest)).find_round(FINAL)
    assert judged is not None
    unknown = []
    for criterion in judged.rubric.criteria:
        for key, _, scale in criterion.scales:
            steps = int((Decimal(30) if scale.high < 30 else scale.high) / Decimal("0.5"))
            unknown.append((key, [f"{Decimal(step) / 2:.1f}" for step in range(steps + 1)]))
    return known, unknown[:2]


def _find(leaf: dict[str, object], unknown: list[tuple[str, list[str]]], hashed: bytes, salts: list[str]) -> int:
    found = 0
    keys, choices = [key for key, _ in unknown], [values for _, values in unknown]
    scores = dict(leaf["scores"])  # type: ignore[call-overload] # a leaf's scores are a mapping
    for salt, values in itertools.product(salts, itertools.product(*choices)):
        guess = {**leaf, "scores": {**scores, **dict(zip(keys, values, strict=True))}, "salt": salt}
        found += leaf_hash(canonical_json(guess)) == hashed
    return found


def test_marks_cannot_be_guessed_from_the_hash_without_the_salt(platform: Platform, stage: Stage) -> None:
    leaf, unknown = _guesses(platform, stage)
    salt = str(leaf.pop("salt"))
    assert min(len(values) for _, values in unknown) >= 61

    erase(platform, stage, with_sheets=True)

    ((hashed, entry, text_salt), *_) = leaf_rows(platform, stage.sheets)
    assert (entry, text_salt) == (None, None)
    with platform.database.reading() as session:
        rows = session.execute(select(LogLeaf.hash, LogLeaf.entry).limit(3)).all()
    others = [json.loads(one)["salt"] for _, one in rows if one is not None]
    public = ["", to_base64(bytes(32)), to_base64(hashed), *others]
    assert _find(leaf, unknown, hashed, public) == 0
    # Whoever kept the salt finds the marks: so it is the salt that was in the way, and nothing else.
    assert _find(leaf, unknown, hashed, [salt]) == 1


def test_checks_find_an_erased_contest_sound(platform: Platform, stage: Stage) -> None:
    for with_sheets in (False, True):
        erase(platform, stage, with_sheets=with_sheets)
        with platform.database.reading() as session:
            findings = [
                check_shares(session), check_receipts(session), check_score_logs(session),
                check_recorded_sheets(session), check_publications(session, platform.registry),
                check_erasures(session, platform.settings.score_log),
            ]  # fmt: skip
        assert [problem for finding in findings for problem in finding.problems] == []


def test_account_with_other_business_stays_and_owns_the_entry_no_more(platform: Platform, stage: Stage) -> None:
    with platform.database.writing() as session:
        owner = session.get_one(Account, stage.owner)
        make_entry(session, session.get_one(Contest, stage.contest), owner=owner, state="draft")

    erase(platform, stage)

    with platform.database.reading() as session:
        entry, owner = session.get_one(Entry, stage.entry), session.get_one(Account, stage.owner)
        assert (owner.name, owner.disabled_at) == (f"{MARK} Owner", None)
        assert entry.owner_id != owner.id
        assert (entry.owner.name, entry.owner.email.split("@")[1]) == ("", "erased.invalid")
        assert entry.owner.disabled_at is not None


def test_letters_to_others_and_about_others_stay(platform: Platform, stage: Stage) -> None:
    payload = {"to": "judge@example.vn", "params": {"title": "Một sản phẩm khác"}}
    with platform.database.writing() as session:
        session.add(Job(name=LETTER_JOB, payload=payload, run_after=NOW, created_at=NOW))

    erase(platform, stage)

    with platform.database.reading() as session:
        assert [one.payload for one in session.scalars(select(Job).where(Job.name == LETTER_JOB))] == [payload]


def test_record_of_the_erasure_names_nobody(platform: Platform, stage: Stage) -> None:
    erase(platform, stage, reason="Theo đơn số 7.")

    with platform.database.reading() as session:
        event = session.scalars(select(AuditEvent).where(AuditEvent.action == "entry-erased")).one()
        assert event.details == {
            "entry": stage.alias, "files": 1, "letters": 2, "with_sheets": False, "reason": "Theo đơn số 7.",
        }  # fmt: skip


@pytest.mark.parametrize("reason", ["", "  ", f"Em {MARK} Name đề nghị", f"{MARK.upper()} TITLE", f"{MARK}-unit"])
def test_reason_is_needed_and_may_not_name_what_goes(platform: Platform, stage: Stage, reason: str) -> None:
    with pytest.raises(Refused):
        erase(platform, stage, reason=reason)


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.COMMITTEE, Role.AUDITOR, Role.JUDGE, Role.CONTESTANT])
def test_erasure_is_for_organisers_and_administrators(platform: Platform, stage: Stage, role: Role) -> None:
    actor = Actor(account_id=stage.desk, roles=frozenset({role}))
    with platform.database.writing() as session:
        entry = session.get_one(Entry, stage.entry)
        with pytest.raises(NotAllowed):
            erase_entry(session, entry=entry, actor=actor, reason="x", with_sheets=False, now=NOW)


@pytest.mark.parametrize(
    ("phase", "state"), [("judging", "in-round"), ("screening", "eligible"), ("open", "submitted")]
)
def test_entry_that_is_still_judged_is_not_erased(platform: Platform, stage: Stage, phase: str, state: str) -> None:
    with platform.database.writing() as session:
        entry = session.get_one(Entry, stage.entry)
        entry.state, entry.contest.phase = state, phase

    with pytest.raises(Conflict, match="still in the contest"):
        erase(platform, stage)


def test_erasure_happens_once_and_marks_may_follow(platform: Platform, stage: Stage) -> None:
    erase(platform, stage)
    with pytest.raises(Conflict, match="already"):
        erase(platform, stage)

    erase(platform, stage, with_sheets=True)

    with pytest.raises(Conflict, match="already"):
        erase(platform, stage, with_sheets=True)
    (stone,) = read_tombstones(tombstone_file(platform.settings.score_log)).stones
    assert (stone.entry, stone.with_sheets, stone.at) == (stage.entry, True, NOW)


def test_marks_stay_while_the_publication_is_withdrawn(platform: Platform, stage: Stage) -> None:
    with platform.database.writing() as session:
        session.execute(text("UPDATE publication SET withdrawn_at = at"))

    with pytest.raises(Conflict, match="withdrawn"):
        erase(platform, stage, with_sheets=True)
    erase(platform, stage)


def _erase_and_fail(platform: Platform, stage: Stage) -> None:
    with platform.database.writing() as session:
        entry = session.get_one(Entry, stage.entry)
        erase_entry(session, entry=entry, actor=stage.organiser, reason="x", with_sheets=True, now=NOW)
        raise ZeroDivisionError


def test_refused_erasure_leaves_no_tombstone_and_no_file_is_lost(platform: Platform, stage: Stage) -> None:
    with pytest.raises(ZeroDivisionError):
        _erase_and_fail(platform, stage)

    assert not tombstone_file(platform.settings.score_log).exists()
    assert platform.files.exists(stage.key)
    with platform.database.reading() as session:
        assert session.get_one(Entry, stage.entry).title == f"{MARK} title"


def test_tombstone_names_ids_only(platform: Platform, stage: Stage) -> None:
    erase(platform, stage)

    path = tombstone_file(platform.settings.score_log)
    (line,) = path.read_text("utf-8").splitlines()
    with platform.database.reading() as session:
        slug = session.get_one(Contest, stage.contest).slug
    assert json.loads(line) == {
        "entry": stage.entry, "contest": slug, "at": NOW.isoformat(), "with_sheets": False,
    }  # fmt: skip
    assert path.stat().st_mode & 0o077 == 0


def test_line_cut_short_by_a_crash_is_told_and_spoils_no_other(platform: Platform, stage: Stage) -> None:
    path = tombstone_file(platform.settings.score_log)
    path.write_text('{"entry": "0000')

    erase(platform, stage)

    read = read_tombstones(path)
    assert ([one.entry for one in read.stones], read.unreadable) == ([stage.entry], 1)
    with platform.database.reading() as session:
        assert "1 lines" in check_erasures(session, platform.settings.score_log).problems[0]


def test_erasure_without_a_tombstone_gets_one(platform: Platform, stage: Stage) -> None:
    erase(platform, stage, with_sheets=True)
    path = tombstone_file(platform.settings.score_log)
    before = read_tombstones(path).stones
    path.unlink()
    with platform.database.reading() as session:
        finding = check_erasures(session, platform.settings.score_log)
    assert (finding.ok, len(finding.notes)) == (True, 1)

    assert replay_tombstones(platform, now=NOW) == 0

    assert read_tombstones(path).stones == before


def test_entry_that_came_back_is_told_and_erased_again_once(platform: Platform, stage: Stage) -> None:
    path = tombstone_file(platform.settings.score_log)
    erase(platform, stage)
    stones = read_tombstones(path).stones
    path.unlink()
    back = publish_canaries(platform)
    add_tombstone(path, type(stones[0])(entry=back.entry, contest="c", at=NOW, with_sheets=True))
    add_tombstone(path, type(stones[0])(entry="not-in-this-database", contest="c", at=NOW, with_sheets=True))
    with platform.database.reading() as session:
        (problem,) = check_erasures(session, platform.settings.score_log).problems
        assert back.entry in problem

    assert replay_tombstones(platform, now=NOW) == 1
    assert replay_tombstones(platform, now=NOW) == 0

    assert everything(platform).find(MARK.encode()) == -1
    with platform.database.reading() as session:
        assert check_erasures(session, platform.settings.score_log).ok
        acts = session.scalars(select(AuditEvent).where(AuditEvent.action == "entry-erased")).all()
        assert sorted((act.subject_id, act.details.get("restored", False)) for act in acts) == sorted(
            [(stage.entry, False), (back.entry, True)]
        )


@pytest.mark.parametrize(
    "change",
    [
        "comment = 'another'",
        'comments = \'{"idea": "x"}\'',
        "marks = '{}'",
        "total = ''",
        "marks = '{\"idea\": \"1\"}', total = ''",
        "marks = '{}', total = '0.000000'",
        "comment = '', number = 7",
        "submitted_by_id = 'nobody'",
        "code = ''",
    ],
)
def test_sheet_loses_comments_or_marks_and_changes_in_no_other_way(
    platform: Platform, stage: Stage, change: str
) -> None:
    with pytest.raises(IntegrityError, match="never changed"), platform.database.writing() as session:
        session.execute(text(f"UPDATE sheet_version SET {change}"))  # noqa: S608 - one of the texts above


def test_what_was_emptied_is_not_filled_anew(platform: Platform, stage: Stage) -> None:
    erase(platform, stage, with_sheets=True)

    for change in ("comment = 'x'", "total = '1.000000'", "marks = '{\"idea\": \"1\"}', total = ''"):
        with pytest.raises(IntegrityError, match="never changed"), platform.database.writing() as session:
            session.execute(
                text(f"UPDATE sheet_version SET {change} WHERE id = :id"), {"id": stage.sheets[0]}  # noqa: S608
            )  # fmt: skip


def test_other_sheets_keep_all_they_have(platform: Platform, stage: Stage) -> None:
    def others() -> list[tuple[object, ...]]:
        with platform.database.reading() as session:
            sheets = session.query(SheetVersion).filter(SheetVersion.id.in_(stage.others)).order_by(SheetVersion.id)
            return [(one.marks, one.comments, one.comment, one.total) for one in sheets]

    before = others()
    erase(platform, stage, with_sheets=True)

    assert others() == before
    assert leaf_rows(platform, stage.others)[0][2] is not None


def test_receipts_keep_number_and_time(platform: Platform, stage: Stage) -> None:
    erase(platform, stage)

    with platform.database.reading() as session:
        receipt = session.scalars(select(Receipt).where(Receipt.entry_id == stage.entry)).one()
        assert (receipt.content, receipt.sha256, receipt.at) == ({}, "", NOW)
        assert receipt.number


def test_drafts_and_overrides_lose_marks_only_with_the_sheets(platform: Platform, stage: Stage) -> None:
    with platform.database.writing() as session:
        overrule(session, stage)
    erase(platform, stage)
    with platform.database.reading() as session:
        override = session.scalars(select(SheetOverride)).one()
        assert (override.marks, override.reason) == ({"idea": "1"}, "")
        drafts = session.scalars(select(Assignment).where(Assignment.entry_id == stage.entry)).all()
        assert all(draft.marks and not draft.comment and not draft.reason for draft in drafts)

    erase(platform, stage, with_sheets=True)

    with platform.database.reading() as session:
        assert session.scalars(select(SheetOverride)).one().marks == {}
        drafts = session.scalars(select(Assignment).where(Assignment.entry_id == stage.entry)).all()
        assert all(not draft.marks for draft in drafts)


def test_administrator_erases_a_draft_of_a_contest_without_a_log(platform: Platform) -> None:
    with platform.database.writing() as session:
        entry = make_entry(session, make_contest(session, platform.registry), state="draft")
        admin = Actor(account_id=make_account(session).id, roles=frozenset({Role.ADMINISTRATOR}))
        erase_entry(session, entry=entry, actor=admin, reason="x", with_sheets=False, now=NOW)

        assert (entry.title, entry.members) == ("", [])
