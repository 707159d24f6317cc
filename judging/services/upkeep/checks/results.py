"""Results: prizes within what is planned, publications that recomputing confirms."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from judging.db.models import Assignment, Contest, Entry, Prize, Publication, SheetVersion
from judging.domain.rules import ContestRules
from judging.domain.structure import canonical_bytes, digest
from judging.errors import JudgingError
from judging.services.contests.editions import contest_rules
from judging.services.results.prizes import list_prizes, living_publication
from judging.services.results.tallies import count_tally, stored_tally
from judging.services.upkeep.checks.finding import Finding, look

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.plugins import Registry


def check_prizes(session: Session, registry: Registry) -> Finding:
    """Prizes are of known levels, no more than planned, and no entry has two ranked ones."""
    return look("prizes", _look_at_prizes(session, registry))


def _look_at_prizes(session: Session, registry: Registry) -> Iterator[str | None]:
    given = select(Prize.contest_id).distinct()
    for contest in session.scalars(select(Contest).where(Contest.id.in_(given)).order_by(Contest.slug)).all():
        try:
            rules = contest_rules(registry, contest)
        except JudgingError as error:
            yield f"contest {contest.slug}: {error}"
            continue
        query = (
            select(Entry.alias, Prize.level, Prize.board)
            .join(Entry, Entry.id == Prize.entry_id)
            .where(Prize.contest_id == contest.id)
        )
        prizes = [(entry, level, board) for entry, level, board in session.execute(query)]
        wrong = [f"contest {contest.slug}: {sentence}" for sentence in _wrong_prizes(rules, prizes)]
        yield from wrong
        yield from (None for _ in range(max(0, len(prizes) - len(wrong))))


def _wrong_prizes(rules: ContestRules, prizes: list[tuple[str, str, str]]) -> Iterator[str]:
    awards = {award.key: award for award in rules.awards}
    yield from (f"there is no prize {level}" for _, level, _ in prizes if level not in awards)
    for (level, board), count in Counter((level, board) for _, level, board in prizes).items():
        if level in awards and count > awards[level].planned:
            where = f" in {board}" if board else ""
            yield f"{level} is given {count} times{where}, {awards[level].planned} are planned"
    ranked = Counter(entry for entry, level, _ in prizes if level in awards and not awards[level].special)
    yield from (f"entry {entry} has {count} ranked prizes" for entry, count in ranked.items() if count > 1)


def check_publications(session: Session, registry: Registry) -> Finding:
    """Each publication is as it was hashed, and the one the public sees is what the sheets give now."""
    return look("publications", _look_at_publications(session, registry))


def _look_at_publications(session: Session, registry: Registry) -> Iterator[str | None]:
    query = select(Publication, Contest).join(Contest, Contest.id == Publication.contest_id).order_by(Publication.at)
    for publication, contest in session.execute(query).all():
        living = living_publication(session, contest=contest)
        if digest(publication.ranking) != publication.sha256:
            yield f"contest {contest.slug}: the published ranking has changed since it was hashed"
        elif living is not None and living.id == publication.id:
            yield _recomputed(session, registry, contest, publication)
        else:
            yield None


def _marks_were_erased(session: Session, contest: Contest) -> bool:
    erased = (
        exists()
        .where(SheetVersion.assignment_id == Assignment.id, Assignment.entry_id == Entry.id)
        .where(Entry.contest_id == contest.id, Entry.erased_at.is_not(None), SheetVersion.total == "")
    )
    return bool(session.scalar(select(erased)))


def _recomputed(session: Session, registry: Registry, contest: Contest, publication: Publication) -> str | None:
    if _marks_were_erased(session, contest):
        # Nothing can be recounted then; the check of recorded sheets still holds every other sheet against its leaf.
        return None
    try:
        prizes = list_prizes(session, contest=contest)
        tally = stored_tally(session, registry=registry, contest=contest, prizes=prizes)
        now = json.loads(count_tally(registry, contest, tally).ranking)
    except JudgingError as error:
        return f"contest {contest.slug}: the standings cannot be recomputed ({error})"
    if canonical_bytes(now) == canonical_bytes(publication.ranking):
        return None
    parts = [key for key in ("contest", "rounds", "prizes") if now[key] != publication.ranking.get(key)]
    return f"contest {contest.slug}: recomputing gives other {' and '.join(parts)} than were published"
