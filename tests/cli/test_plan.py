"""`judging plan`: any table, no installation; what is wrong is told by row, in the reader's language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from openpyxl import Workbook

from judging.domain.planned import Wishes
from judging.domain.planning.task import make_task
from tests.cli.conftest import Run
from tools.bench.judge_tables import make_table
from tools.bench.optimum import best_total

ENTRIES = "entry,category\nM01,Tin học\nM02,Tin học\nM03,Môi trường\n"
JUDGES = "judge,capacity,categories\nAn,2,Tin học\nBình,3,Tin học; Môi trường\nChi,,\n"


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")


def write(name: str, text: str) -> Path:
    # The command runs in a folder of its own.
    path = Path(name)
    path.write_text(text, "utf-8")
    return path


def tables(entries: str = ENTRIES, judges: str = JUDGES) -> tuple[Path, Path]:
    return write("entries.csv", entries), write("judges.csv", judges)


def test_plan_answers_with_the_keys_of_the_contract_and_leaves_nothing_behind(run: Run) -> None:
    done = run("plan", *tables(), "--per-entry", "2", "--json")

    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert {tuple(pair) for pair in told["pairs"]} >= {("Bình", "M03"), ("Chi", "M03")}
    assert sum(told["load"].values()) == len(told["pairs"]) == 6
    assert (told["total"], told["unfilled"]) == (0.0, [])
    assert sorted(path.name for path in Path().iterdir()) == ["entries.csv", "judges.csv"]


def test_conflicts_are_kept_and_affinities_decide(run: Run) -> None:
    conflicts = write("conflicts.csv", "judge,entry\nAn,M01\n")
    affinity = write("affinity.csv", "\ufeffjudge;entry;value\nAn;M02;0,75\nChi;M01;0,5\nBình;M03;1\nBình;M01;0,25\n")

    told = json.loads(
        run(
            "plan", *tables(), "--conflicts", conflicts, "--affinity", affinity, "--per-entry", "1", "--json"
        ).stdout
    )  # fmt: skip

    assert told["pairs"] == [["An", "M02"], ["Bình", "M03"], ["Chi", "M01"]]
    assert told["total"] == told["optimum"] == 2.25


def test_the_total_of_a_province_equals_the_optimum_of_linear_programming(run: Run) -> None:
    table = make_table(231, 40, 5, panels=1)
    task = make_task(
        table.entries, table.judges, per_entry=5, forbidden=table.forbidden, wishes=Wishes(score=table.tastes.score)
    )
    rows = zip(task.judge.tolist(), task.entry.tolist(), task.value.tolist(), strict=True)
    entries, judges = tables(
        "entry,category\n" + "".join(f"{alias},{panel}\n" for alias, panel in table.entries),
        "judge,capacity,categories\n"
        + "".join(f"{slot.alias},{slot.capacity},{';'.join(sorted(slot.panels))}\n" for slot in table.judges),
    )
    affinity = write(
        "affinity.csv",
        "judge,entry,value\n" + "".join(f"{task.judges[j]},{task.entries[e]},{value:.6f}\n" for j, e, value in rows),
    )
    conflicts = write("conflicts.csv", "judge,entry\n" + "".join(f"{j},{e}\n" for j, e in sorted(table.forbidden)))

    arguments = ("--conflicts", conflicts, "--affinity", affinity, "--per-entry", "5", "--json")
    told = json.loads(run("plan", entries, judges, *arguments).stdout)
    fair = json.loads(run("plan", entries, judges, *arguments, "--fair").stdout)

    best = best_total(task, places=231 * 5)
    assert told["total"] == pytest.approx(best, abs=1e-6)
    assert told["linked"] is True
    assert not {tuple(pair) for pair in told["pairs"]} & table.forbidden
    assert 0.999 * best <= fair["total"] <= best
    assert fair["worst"] >= told["worst"]


def test_a_workbook_is_read_as_well(run: Run, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (("Danh sách giám khảo", None, None), ("Giám khảo", "Số bài tối đa", "Lĩnh vực"), ("An", 5, "Tin học")):
        sheet.append(row)
    book.save("judges.xlsx")

    told = json.loads(run("plan", tables()[0], "judges.xlsx", "--per-entry", "1", "--json").stdout)

    assert told["pairs"] == [["An", "M01"], ["An", "M02"]]
    assert [one["entry"] for one in told["unfilled"]] == ["M03"]


def test_what_is_wrong_is_told_by_row_and_ends_with_1(run: Run) -> None:
    conflicts = write("conflicts.csv", "judge,entry\nDũng,M01\nAn,M09\n")
    affinity = write("affinity.csv", "judge,entry,value\nAn,M01,good\nAn,M02,1\nAn,M02,2\n")

    done = run(
        "plan", *tables(ENTRIES + "M01,Khác\n,Khác\n", JUDGES + "An,1,\nEm,many,\n"),
        "--conflicts", conflicts, "--affinity", affinity, "--json",
    )  # fmt: skip

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.splitlines() == [
        "entries.csv, row 5: “M01” stands in an earlier row too. Keep one of them.",
        "entries.csv, row 6: write the entry.",
        "judges.csv, row 5: “An” stands in an earlier row too. Keep one of them.",
        "judges.csv, row 6: “many” is no number of entries. Write 0, 1, 2 …, or nothing for no limit.",
        "conflicts.csv, row 2: there is no judge “Dũng”. Correct the name, or add the judge.",
        "conflicts.csv, row 3: there is no entry “M09”. Correct the name, or add the entry.",
        "affinity.csv, row 2: “good” is no number. Write one like 0.75.",
        "affinity.csv, row 4: “An – M02” stands in an earlier row too. Keep one of them.",
    ]


def test_a_column_that_is_missing_is_named(run: Run) -> None:
    done = run("plan", *tables(judges="name,capacity\nAn,3\n"))

    assert done.exit_code == 1
    assert "judges.csv has no column “judge”." in done.stderr


@pytest.mark.parametrize(
    "arguments", [("nowhere.csv", "judges.csv"), ("entries.csv", "judges.csv", "--per-entry", "0"), ()]
)
def test_wrong_usage_ends_with_2(run: Run, arguments: tuple[str, ...]) -> None:
    tables()

    assert run("plan", *arguments).exit_code == 2


def test_a_reader_gets_a_table_in_their_language(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    english = run("plan", *tables(), "--per-entry", "3").stdout
    monkeypatch.setenv("LC_ALL", "vi_VN.UTF-8")
    vietnamese = run("plan", *tables(), "--per-entry", "3").stdout

    assert english.startswith("JUDGE ")
    assert "Entry M03: panel Môi trường has 2 of the 3 judges wanted. Add 1 to that panel." in english
    assert vietnamese.startswith("GIÁM KHẢO ")
    assert "Bài M03: tiểu ban Môi trường mới có 2 trên 3 giám khảo cần thiết." in vietnamese
    assert [line.split()[:2] for line in english.splitlines()[1:4]] == [["An", "2"], ["Bình", "3"], ["Chi", "3"]]


def test_more_rows_than_a_page_takes_are_read(run: Run) -> None:
    many = "entry,category\n" + "".join(f"e-{number:05}\n" for number in range(6_000))

    told = json.loads(run("plan", *tables(many, "judge\nAn\nBình\n"), "--per-entry", "1", "--json").stdout)

    assert told["load"] == {"An": 3_000, "Bình": 3_000}
