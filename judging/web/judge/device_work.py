"""What a judge's device may keep: the entries to be judged now, their sheets' versions and rubrics, and their files.

Nothing in it is more than the judge's own pages show: blind copies under names that tell nothing, one's own sheets.
The answer has a tag and is not sent again to a device that has it.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from flask import Response, jsonify, request, url_for
from flask_wtf.csrf import generate_csrf

from judging import __version__
from judging.db.models import Assignment
from judging.db.queries.judge_work import (
    copied_files,
    count_open_readings,
    drawn_pictures,
    open_readings,
    own_notes,
)
from judging.db.queries.repeats import hiding_rounds, open_repeats
from judging.db.queries.round_end import later_ends
from judging.domain.draft_merge import version_of
from judging.domain.policy import policy
from judging.domain.structure import digest, frozen_digest, to_plain
from judging.errors import JudgingError
from judging.services.contests.editions import contest_rules, why_suspended
from judging.services.sheets.readings import round_deadline
from judging.services.sheets.writes import sheet_revision
from judging.web.context import account, platform
from judging.web.i18n import locale, show_kind
from judging.web.judge.blueprint import blueprint
from judging.web.judge.repeat_work import reading_of, repeat_notes, with_repeats
from judging.web.reading_names import name_row
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from judging.db.models import BlindRepeat, ContestRound
    from judging.db.queries.judge_work import CopiedFile
    from judging.domain.rules import ContestRules, Round

MOST = 300
_TAG_LENGTH = 32


@blueprint.get("/offline/work")
@policy("signed-in")
def work() -> Response:
    """What there is to judge now, in the order in which it is due, with the addresses of all that is needed for it."""
    found = _work()
    text = json.dumps(found, ensure_ascii=False, sort_keys=True)
    tag = hashlib.sha256(text.encode()).hexdigest()[:_TAG_LENGTH]
    if request.if_none_match.contains_weak(tag):
        response = Response(status=304)
    else:
        response = Response(text, content_type="application/json")
    response.set_etag(tag)
    return response


@blueprint.get("/offline/token")
@policy("signed-in")
def device_token() -> Response:
    """A token for what the device sends next: a page that was kept for hours holds one that is no longer good."""
    return jsonify({"csrf_token": generate_csrf()})


def _work() -> dict[str, Any]:
    repeats = open_repeats(db(), account_id=account().id)
    found = with_repeats(open_readings(db(), account_id=account().id, limit=MOST), repeats)
    rows = [row for row in found if _is_judged(reading_of(row[0]))]
    ids = {reading_of(row).entry_id for row, _ in rows}
    hiding = hiding_rounds(db(), contest_ids={reading_of(row).contest_id for row, _ in rows})
    files: defaultdict[str, list[CopiedFile]] = defaultdict(list)
    pictures: defaultdict[str, list[CopiedFile]] = defaultdict(list)
    for one in copied_files(db(), entry_ids=ids):
        files[one.entry_id].append(one)
    for one in drawn_pictures(db(), entry_ids=ids):
        pictures[one.entry_id].append(one)
    rubrics: dict[str, Any] = {}
    later = later_ends(db(), judge_ids={reading_of(row).judge_id for row, _ in rows})
    entries = [
        _entry(
            row, stage, files[reading_of(row).entry_id], pictures[reading_of(row).entry_id], rubrics,
            hidden=(stage.contest_id, stage.key) in hiding, own=later.get((reading_of(row).judge_id, stage.key)),
        )
        for row, stage in rows
    ]  # fmt: skip
    notes = own_notes(db(), assignment_ids=[row.id for row, _ in rows if isinstance(row, Assignment)])
    notes |= repeat_notes(rows)
    return {
        "room": platform().settings.offline_room,
        "total": max(len(entries), count_open_readings(db(), account_id=account().id) + len(repeats)),
        "pages": _pages(rows),
        "entries": entries,
        "rubrics": rubrics,
        # The device keeps these encrypted: the copies of pages that lie beside them hold none.
        "notes": {reading: {"text": text, "version": version_of(text)} for reading, text in notes.items()},
    }


def _is_judged(row: Assignment) -> bool:
    """Whether the contest's rules are in force and know the round: else nothing can be written on its sheets."""
    contest = row.entry.contest
    if why_suspended(platform().registry, contest) is not None:
        return False
    try:
        return contest_rules(platform().registry, contest).find_round(row.round) is not None
    except JudgingError:
        return False


def _pages(rows: Sequence[tuple[Assignment | BlindRepeat, ContestRound]]) -> list[str]:
    """The lists from which the sheets are reached."""
    rounds = {(row.entry.contest.slug, stage.key) for row, stage in rows}
    lists = [url_for("judge.contest", slug=slug, round=key) for slug, key in sorted(rounds)]
    return [url_for("judge.home"), *sorted({url_for("judge.contest", slug=slug) for slug, _ in rounds}), *lists]


def _entry(
    row: Assignment | BlindRepeat,
    stage: ContestRound,
    files: Sequence[CopiedFile],
    pictures: Sequence[CopiedFile],
    rubrics: dict[str, Any],
    *,
    hidden: bool,
    own: datetime | None,
) -> dict[str, Any]:
    entry, contest = row.entry, row.entry.contest
    show_kind(contest.kind)
    rules = contest_rules(platform().registry, contest)
    judged = rules.find_round(stage.key)
    assert judged is not None  # noqa: S101 - whoever calls has left the others out
    rubric = frozen_digest(judged.rubric)
    rubrics[rubric] = to_plain(judged.rubric)
    deadline = round_deadline(contest, stage, own=own)
    name = name_row(row.id, entry, number=entry.number, prefix=rules.prefix, hidden=hidden)
    shown = {
        "assignment": row.id,
        "contest": contest.slug,
        "round": stage.key,
        "code": name.code,
        "title": name.title,
        "deadline": deadline.isoformat() if deadline is not None else None,
        "page": url_for("judge.sheet", assignment_id=row.id),
        "sheet": {"state": row.state, "revision": sheet_revision(row), "rubric": rubric},
        "files": _files(entry.id, rules, files, pictures),
    }
    return {**shown, "version": _version(row, rules, judged, shown)}


def _files(
    entry_id: str, rules: ContestRules, files: Sequence[CopiedFile], pictures: Sequence[CopiedFile]
) -> list[dict[str, Any]]:
    """Pictures first: they are what the page shows, and small. Files that only the office has are left out."""
    items = {item.key for item in rules.dossier if not item.office_only}
    addresses = [
        *((url_for("entrant.picture", entry_id=entry_id, picture_id=one.id), one) for one in pictures),
        *((url_for("entrant.file", entry_id=entry_id, file_id=one.id), one) for one in files),
    ]
    return [{"url": address, "size": one.size, "sha256": one.sha256} for address, one in addresses if one.item in items]


def _version(
    row: Assignment | BlindRepeat, rules: ContestRules, judged: Round, shown: Mapping[str, Any]
) -> str:  # fmt: skip
    """Changes whenever the page of the sheet would: the device fetches it again then, and only then.

    Nothing goes in that the page does not show: a name or a school could be guessed, and the guess tried against it.
    """
    entry, blind = row.entry, judged.blind
    reason = row.reason if isinstance(row, Assignment) else ""
    answers = {one.key: entry.answers.get(one.key) for one in rules.fields if not (blind and one.blind)}
    said = {
        "program": __version__, "language": locale(), "shown": shown, "answers": answers,
        "category": entry.category, "division": entry.division or "", "links": [link.url for link in entry.links],
        "entry": None if blind else entry.version, "reason": reason or "", "items": len(rules.dossier),
    }  # fmt: skip
    return digest(json.dumps(said, sort_keys=True, default=str))[:_TAG_LENGTH]
