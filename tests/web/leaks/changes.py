"""Other pasts: what is changed in a copy of the world. Whoever may not know of a change must not notice it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from judging.domain.contest_phases import ContestPhase
from tests.web.leaks.canaries import DESK, FAMILY, OFFICE, PANEL, READERS
from tests.web.leaks.facts import Secret
from tests.web.leaks.facts_of_judges import JUDGES_FACTS
from tests.web.leaks.facts_of_people import PEOPLE_FACTS

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable

    from tests.web.leaks.facts import Change
    from tests.web.leaks.world import World


def marks_of(sheet: str) -> Change:
    """Another judge's marks: lower by half a point in every criterion, and so the total."""

    def change(copy: sqlite3.Connection, world: World) -> None:
        row = world.sheets[sheet]
        (text,) = copy.execute("SELECT marks FROM sheet_version WHERE id = ?", (row,)).fetchone()
        marks = {key: str(float(mark) - 6.5) for key, mark in json.loads(text).items()}
        total = f"{sum(map(float, marks.values())):.6f}"
        copy.execute("UPDATE sheet_version SET marks = ?, total = ? WHERE id = ?", (json.dumps(marks), total, row))
        copy.execute("UPDATE assignment SET marks = ? WHERE id = ?", (json.dumps(marks), world.assignments[sheet]))

    return change


def _sheet_draft(copy: sqlite3.Connection, world: World) -> None:
    copy.execute(
        "UPDATE assignment SET marks = ?, comment = 'Khác.' WHERE id = ?",
        (json.dumps({"novelty": "3"}), world.assignments["a-judge_3"]),
    )


def _sheet_state(copy: sqlite3.Connection, world: World) -> None:
    """Judge 3 has not begun yet."""
    copy.execute(
        "UPDATE assignment SET state = 'assigned', draft_version = 0 WHERE id = ?", (world.assignments["a-judge_3"],)
    )


def _comment(copy: sqlite3.Connection, world: World) -> None:
    row = world.sheets["a-judge_1"]
    copy.execute("UPDATE sheet_version SET comment = 'Khác hẳn. Dài hơn nhiều.' WHERE id = ?", (row,))


def _author(copy: sqlite3.Connection, world: World) -> None:
    """Somebody else made entry A, at another school: in its people and in the answers that blind judges do not get."""
    copy.execute(
        "UPDATE entry_member SET name = 'Người Khác', name_key = 'nguoi khac', unit = 'Trường khác' WHERE entry_id = ?",
        (world.entries["a"],),
    )
    (text,) = copy.execute("SELECT answers FROM entry WHERE id = ?", (world.entries["a"],)).fetchone()
    answers = {**json.loads(text), "school": "Trường khác", "mentor": "Cô Khác", "adult_help": "Cô Khác giúp khoan."}
    copy.execute(
        "UPDATE entry SET unit = 'Trường khác', version = version + 1, answers = ? WHERE id = ?",
        (json.dumps(answers), world.entries["a"]),
    )


def _draft(copy: sqlite3.Connection, world: World) -> None:
    copy.execute(
        "UPDATE entry SET title = 'Nháp khác', category = 'environment', answers = '{}' WHERE id = ?",
        (world.entries["c"],),
    )


def _screening(copy: sqlite3.Connection, world: World) -> None:
    copy.execute("UPDATE screening SET reason = 'Vì lẽ khác' WHERE entry_id = ?", (world.entries["d"],))


def _paper(copy: sqlite3.Connection, world: World) -> None:
    copy.execute("UPDATE entry_file SET filename = 'khac.png', size = 7 WHERE id = ?", (world.files[1],))


def _judge_name(copy: sqlite3.Connection, world: World) -> None:
    copy.execute(
        "UPDATE account SET name = 'Giám khảo hoàn toàn khác', email = 'khac@example.vn', email_key = 'khac@example.vn'"
        " WHERE email = ?",
        (world.emails["judge_1"],),
    )


def _recusal(copy: sqlite3.Connection, world: World) -> None:
    row = world.assignments["a-judge_recused"]
    copy.execute("UPDATE assignment SET reason = 'Lý do khác hẳn' WHERE id = ?", (row,))
    copy.execute("UPDATE conflict SET kind = 'in-law', reason = 'Lý do khác hẳn'")


def _invitation(copy: sqlite3.Connection, world: World) -> None:
    """The judge whose invitation still waits has accepted it and come in."""
    (taken,) = copy.execute("SELECT password_hash FROM account WHERE email = ?", (world.emails["judge_2"],)).fetchone()
    copy.execute("UPDATE account SET password_hash = ? WHERE password_hash = ''", (taken,))


def _seat(copy: sqlite3.Connection, world: World) -> None:
    """The judge who was let go never was."""
    copy.execute("DELETE FROM assignment WHERE id = ?", (world.assignments["a-judge_dismissed"],))
    copy.execute("UPDATE judge SET is_active = 1, capacity = 7 WHERE is_active = 0")


def winner(copy: sqlite3.Connection, world: World) -> None:
    """Entry B has won in place of entry E, in the prizes, in the ranking that lies ready and in the states."""
    won, lost = world.entries["b"], world.entries["e"]
    copy.execute("UPDATE prize SET entry_id = ? WHERE id = ?", (won, world.prize))
    alias = dict(copy.execute("SELECT id, alias FROM entry"))
    _edit_ranking(copy, lambda prize: {**prize, "entry": alias[won]}, lambda standing: standing)
    if copy.execute("SELECT 1 FROM entry WHERE state = 'awarded'").fetchone():
        copy.execute("UPDATE entry SET state = 'awarded' WHERE id = ?", (won,))
        copy.execute("UPDATE entry SET state = 'not-awarded' WHERE id = ?", (lost,))


def scores(copy: sqlite3.Connection, world: World) -> None:
    """All scores are others, in the sheets and in the ranking that lies ready; who won stays."""
    for sheet in ("e-judge_1", "e-judge_2", "b-judge_other_panel"):
        marks_of(sheet)(copy, world)
    _edit_ranking(copy, lambda prize: prize, lambda standing: {**standing, "score": "41.250000"})


def phase(name: str, *, withdrawn: bool = False, settled: bool = False) -> Change:
    """The contest is in this phase; `settled` gives entries their outcome, `withdrawn` takes the publication back."""

    def change(copy: sqlite3.Connection, world: World) -> None:
        copy.execute(
            "UPDATE contest SET phase = ?, resume_phase = ? WHERE id = ?",
            (name, ContestPhase.JUDGING.value if name == ContestPhase.SUSPENDED else None, world.contest),
        )
        if name in (ContestPhase.PUBLISHED, ContestPhase.ARCHIVED):
            copy.execute(
                "UPDATE contest SET published_at = opens_at, decision = '12/QĐ' WHERE id = ?", (world.contest,)
            )
        if settled:
            copy.execute("UPDATE entry SET state = 'not-awarded' WHERE state = 'in-round'")
            copy.execute("UPDATE entry SET state = 'awarded' WHERE id = ?", (world.entries["e"],))
        if withdrawn:
            copy.execute("UPDATE publication SET withdrawn_at = at, withdrawn_reason = 'Sai sót'")
            copy.execute("UPDATE contest SET published_at = NULL WHERE id = ?", (world.contest,))

    return change


def _edit_ranking(copy: sqlite3.Connection, prize: Callable[[Any], Any], standing: Callable[[Any], Any]) -> None:
    (text,) = copy.execute("SELECT ranking FROM publication").fetchone()
    ranking = json.loads(text)
    ranking["prizes"] = [prize(one) for one in ranking["prizes"]]
    for held in ranking["rounds"]:
        held["standings"] = [standing(one) for one in held["standings"]]
    copy.execute("UPDATE publication SET ranking = ?", (json.dumps(ranking),))


FACTS = (
    # Entry A waits for a sheet, so that the office does not see its marks either.
    Secret(key="mark-unlocked", change=marks_of("a-judge_1"), known_to=frozenset({"judge_1", "auditor"}),
           witness="judge_1", told_at="judge.receipt"),
    Secret(key="mark-locked", change=marks_of("e-judge_1"), known_to=OFFICE | PANEL,
           witness="organiser", told_at="organiser.standings"),
    Secret(key="draft-sheet", change=_sheet_draft, known_to=frozenset({"judge_3", "auditor"}),
           witness="judge_3", told_at="judge.sheet"),
    Secret(key="sheet-state", change=_sheet_state, known_to=OFFICE | {"judge_3", "chair"},
           witness="chair", told_at="judge.panel"),
    Secret(key="comment", change=_comment, known_to=frozenset({"judge_1", "auditor"}),
           witness="judge_1", told_at="judge.receipt"),
    Secret(key="author", change=_author, known_to=READERS | FAMILY,
           witness="organiser", told_at="organiser.entry"),
    Secret(key="draft-entry", change=_draft, known_to=READERS | {"contestant_b"},
           witness="contestant_b", told_at="entrant.show"),
    Secret(key="screening-reason", change=_screening, known_to=READERS | {"contestant_b"},
           witness="contestant_b", told_at="entrant.show"),
    Secret(key="office-paper", change=_paper, known_to=DESK | {"contestant_a", "auditor"},
           witness="secretary", told_at="organiser.entry"),
    Secret(key="winner", change=winner, known_to=OFFICE,
           witness="organiser", told_at="organiser.prizes"),
    Secret(key="judge-name", change=_judge_name, known_to=READERS | {"judge_1", "chair", "administrator"},
           witness="chair", told_at="judge.panel"),
    Secret(key="recusal", change=_recusal, known_to=READERS | {"judge_recused"},
           witness="organiser", told_at="organiser.entry"),
    Secret(key="invitation", change=_invitation, known_to=READERS | {"administrator"},
           witness="organiser", told_at="organiser.judge"),
    Secret(key="seat", change=_seat, known_to=READERS | {"judge_dismissed", "administrator"},
           witness="secretary", told_at="organiser.people"),
    *PEOPLE_FACTS,
    *JUDGES_FACTS,
)  # fmt: skip
"""Facts of the world in judging. The administrator runs the installation and is told none of them."""
