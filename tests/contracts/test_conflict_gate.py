"""One place says whether a conflict bars: no other module of the core names the table of conflicts."""

from __future__ import annotations

import ast
import re

from tests.contracts.source_tree import ROOT

GATE = "judging/db/queries/conflict_gate.py"
GATES = re.compile(
    r"^from judging\.(?:db\.queries\.conflict_gate|services\.judges\.conflicts\.gate) import", re.MULTILINE
)
MAY = {
    # Where the tables are gathered, and the gate.
    "judging/db/models/__init__.py", GATE,
    # What the office's pages list.
    "judging/db/queries/conflicts.py",
    # Whatever makes, sets aside and lifts conflicts.
    *(
        f"judging/services/judges/conflicts/{name}.py"
        for name in ("finding", "forcing", "office", "statements", "words")
    ),
    # Made-up people.
    "judging/demo/readings.py",
}  # fmt: skip


def _names_it(tree: ast.Module) -> bool:
    typed = {id(each) for node in ast.walk(tree) if _is_typing_only(node) for each in ast.walk(node)}
    return any(id(node) not in typed and (_imports_it(node) or _is_table_name(tree, node)) for node in ast.walk(tree))


def _imports_it(node: ast.AST) -> bool:
    if isinstance(node, ast.ImportFrom):
        of_models = (node.module or "").startswith("judging.db.models")
        return of_models and any(name.name in ("Conflict", "*") for name in node.names)
    return isinstance(node, ast.Attribute) and node.attr == "Conflict" and ast.unparse(node.value).endswith("models")


def _is_typing_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"


def _is_table_name(tree: ast.Module, name: ast.AST) -> bool:
    """Whether the word looks the table up: `metadata.tables["conflict"]`, or names it in a query made by hand."""
    if not isinstance(name, ast.Constant) or name.value != "conflict":
        return False
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and node.slice is name and ast.unparse(node.value).endswith("tables"):
            return True
        if isinstance(node, ast.Call) and ast.unparse(node.func) in ("table", "sa.table") and name in node.args:
            return True
    return False


def test_only_the_gate_and_its_keepers_name_the_table_of_conflicts() -> None:
    sources = [path for path in (ROOT / "judging").rglob("*.py") if "migrations" not in path.parts]
    named = {
        path.relative_to(ROOT).as_posix() for path in sources if _names_it(ast.parse(path.read_text(encoding="utf-8")))
    }

    assert named == MAY


def test_whatever_leads_a_judge_to_an_entry_asks_the_gate() -> None:
    """Where readings or files are looked up for a judge, the condition of the gate is in the query."""
    asks = {
        "judging/db/queries/judge.py", "judging/db/queries/panel.py", "judging/db/queries/api.py",
        "judging/services/sheets/readings.py", "judging/services/entries/relations.py",
        "judging/services/files/access.py", "judging/services/judges/assigning/assignments.py",
        "judging/services/upkeep/checks/sheets.py", "judging/web/api/own_readings.py",
        "judging/db/queries/repeats.py",
    }  # fmt: skip
    asking = {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "judging").rglob("*.py")
        if GATES.search(path.read_text(encoding="utf-8"))
    }

    assert asks <= asking
