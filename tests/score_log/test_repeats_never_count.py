"""Whatever judges write on blind repeats, everything that results are made of stays the same, byte for byte."""

from __future__ import annotations

import ast
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import delete, select

from judging.db.dump import dump_rows, read_tables
from judging.db.models import AuditEvent, BlindRepeat, Entry, Prize, RepeatPlan
from judging.db.queries.results import count_figures
from judging.domain.permissions import Actor, Role
from judging.services.contests.editions import contest_rules
from judging.services.judges.repeats.giving import set_repeats
from judging.services.judges.repeats.sheets import keep_repeat_note, save_repeat, submit_repeat
from judging.services.results.standings import all_standings
from judging.services.rounds.entries import unlocked_entries
from judging.services.rounds.progress import round_progress
from judging.services.score_log.heads import newest_log
from tests.contracts.source_tree import ROOT
from tests.factories import NOW, even_marks
from tests.score_log.contest import COMMENT, Played
from tests.services.office import FINAL, PRELIMINARY

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from judging.db.models import Contest
    from judging.db.session import Database
    from judging.plugins import Registry

OWN_TABLES = ("blind_repeat", "repeat_plan")
MAY_NAME_THEM = {
    "judging/db/models/__init__.py",
    # The one module of queries, and what gives, shows and locks them.
    "judging/db/queries/repeats.py", "judging/services/judges/repeats/giving.py", "judging/web/judge/repeat_work.py",
    # Whose people are erased loses them.
    "judging/services/privacy/erasure/judge_words.py", "judging/services/privacy/erasure/rows.py",
}  # fmt: skip
# Of the modules that may ask db.queries.repeats none makes a result, a count of progress, a log or an export of marks.
MAY_ASK = {
    "judging/services/privacy/my_data/repeats.py", "judging/services/sheets/readings.py",
    "judging/services/judges/repeats/giving.py", "judging/services/judges/repeats/order.py",
    "judging/services/judges/repeats/report.py", "judging/web/judge/device_work.py",
    "judging/web/judge/list_rows.py", "judging/web/organiser/judges/repeats.py", "judging/web/policing.py",
    "judging/web/reading_names.py",
}  # fmt: skip


@pytest.fixture
def played(database: Database, registry: Registry) -> Played:
    """A contest whose every judge reads all eight entries, and has one of them twice; the round is open."""
    made = Played(database=database, registry=registry)
    made.shares = {number: f"0.{96 - 3 * number}" for number in range(1, 9)}
    made.open(entries=8, judges=3)
    made.assign(PRELIMINARY)
    made.start(PRELIMINARY)
    assert made.order(set_repeats, round_key=PRELIMINARY, per_judge=1) == 3
    return made


def all_rows(database: Database) -> dict[str, list[bytes]]:
    """Every row of every table but those of repeats."""
    with database.engine.connect() as connection:
        return {
            table.name: list(dump_rows(connection, table))
            for table in read_tables(connection)
            if table.name not in OWN_TABLES
        }


def write_repeats(played: Played, *, share: str) -> int:
    """Let every judge fill in and submit their repeats, far from what they gave first; returns how many."""

    def work(session: Session, _contest: Contest) -> int:
        rows = session.scalars(select(BlindRepeat)).all()
        for repeat in rows:
            judged = contest_rules(played.registry, repeat.entry.contest).find_round(repeat.first.round)
            assert judged is not None
            judge = Actor(account_id=repeat.judge.account_id, roles=frozenset({Role.JUDGE}))
            values: dict[str, Any] = {"registry": played.registry, "repeat": repeat, "actor": judge}
            marks = {key: str(mark) for key, mark in even_marks(judged, Decimal(share)).items()}
            comments = {one.key: "Lần hai." for one in judged.rubric.criteria}
            keep_repeat_note(session, **values, text="Ghi chú.", base=None)
            save_repeat(
                session, **values, marks=marks, bands={}, comments=comments, comment=COMMENT, locale="en",
                now=played.now,
            )  # fmt: skip
            submit_repeat(session, **values, now=played.now)
        return len(rows)

    return int(played.act(work))


def outcome(played: Played) -> str:
    """What is told of the results and the progress of both rounds, and the log's length and root, as one text."""

    def work(session: Session, contest: Contest) -> str:
        rules = contest_rules(played.registry, contest)
        told: list[object] = [all_standings(session, registry=played.registry, contest=contest)]
        for judged in rules.rounds:
            progress = round_progress(session, contest=contest, judged=judged, open_since=None, now=NOW)
            waiting = unlocked_entries(session, contest=contest, rules=rules, round_key=judged.key)
            told += [progress.done, progress.total, [one.total for one in progress.judges], progress.gaps]
            told += [[one.alias for one in waiting], count_figures(session, contest)]
        log = newest_log(session, contest)
        assert log is not None
        return repr((told, log.size, log.root))

    return str(played.look(work))


def test_no_row_of_any_other_table_changes_when_repeats_are_written(played: Played) -> None:
    played.submit_some(PRELIMINARY, 10)
    before, said = all_rows(played.database), outcome(played)
    assert before["sheet_version"]
    assert before["log_leaf"]

    assert write_repeats(played, share="0.1") == 3

    assert all_rows(played.database) == before
    assert outcome(played) == said


def test_results_prizes_and_recount_are_the_same_with_and_without_them(played: Played) -> None:
    played.submit_all(PRELIMINARY, at_once=True)
    write_repeats(played, share="0.1")
    played.close(PRELIMINARY)
    played.advance(PRELIMINARY)
    played.assign(FINAL)
    played.start(FINAL)
    played.submit_all(FINAL, at_once=True)
    played.close(FINAL)
    everything, with_repeats, ranking = all_rows(played.database), outcome(played), played.ranking()

    def forget(session: Session, _contest: Contest) -> None:
        session.execute(delete(BlindRepeat))
        session.execute(delete(RepeatPlan))

    played.act(forget)

    assert all_rows(played.database) == everything
    assert outcome(played) == with_repeats
    assert played.ranking() == ranking
    played.publish()
    query = select(Prize.level, Entry.number).join(Entry, Entry.id == Prize.entry_id)
    with played.database.reading() as session:
        # Every repeat was of an entry of the best and a tenth of its marks: one that counted would have moved somebody.
        prizes = session.execute(query).all()
    first, second = ({number for level, number in prizes if level == key} for key in ("first", "second"))
    assert first == {1}
    assert second == {2, 3}


def test_round_is_closed_while_a_repeat_is_still_open(played: Played) -> None:
    played.submit_all(PRELIMINARY, at_once=True)

    played.close(PRELIMINARY)

    with played.database.reading() as session:
        assert {one.state for one in session.scalars(select(BlindRepeat))} == {"assigned"}


def test_record_of_acts_holds_nothing_by_which_a_repeat_is_known(played: Played) -> None:
    write_repeats(played, share="0.5")

    with played.database.reading() as session:
        ids = {one.id for one in session.scalars(select(BlindRepeat))}
        told = [repr((one.subject_id, one.details)) for one in session.scalars(select(AuditEvent))]
    assert ids
    assert not [one for one in told if any(each in one for each in ids)]


def test_only_modules_of_the_judges_desk_and_of_the_report_reach_repeats() -> None:
    """A test of all code: whoever makes results would have to name the tables, or the module that queries them."""
    naming, asking = set(), set()
    for path in (ROOT / "judging").rglob("*.py"):
        name = path.relative_to(ROOT).as_posix()
        if "migrations" in path.parts or name == "judging/db/models/repeats.py":
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for module, words in _imports(tree):
            if module.startswith("judging.db.models") and words & {"BlindRepeat", "RepeatPlan", "*"}:
                naming.add(name)
            if module == "judging.db.queries.repeats":
                asking.add(name)

    assert naming == MAY_NAME_THEM
    assert asking == MAY_ASK


def _imports(tree: ast.Module) -> list[tuple[str, set[str]]]:
    """What is imported at run time; what types alone name reaches no row."""
    typed = {
        id(each)
        for node in ast.walk(tree)
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"
        for each in ast.walk(node)
    }
    return [
        (node.module or "", {one.name for one in node.names})
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and id(node) not in typed
    ]
