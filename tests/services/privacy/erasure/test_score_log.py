"""The score log after an erasure: hashes stay and are found sound, and no mark is guessed from them."""

from __future__ import annotations

import itertools
import json
from decimal import Decimal

from sqlalchemy import select

from judging.db.models import Contest, Job, LogLeaf, SheetVersion
from judging.domain.ledger.canonical import canonical_json, to_base64
from judging.domain.ledger.faults import Exit
from judging.domain.ledger.merkle import leaf_hash
from judging.services.contests.editions import contest_rules
from judging.services.platform import Platform
from judging.services.score_log.publishing import BUNDLE_JOB, publish_bundle
from judging.services.upkeep.checks.entries import check_receipts, check_shares
from judging.services.upkeep.checks.erasures import check_erasures
from judging.services.upkeep.checks.results import check_publications
from judging.services.upkeep.checks.score_log import check_recorded_sheets, check_score_logs
from tests.factories import NOW
from tests.services.office import FINAL
from tests.services.privacy.erasures import Stage, erase, leaf_rows, receipts_of, verified


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
