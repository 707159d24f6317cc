"""Every act that a service writes down has a text in the audit log's page."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from typing import TYPE_CHECKING

from judging.web.organiser.record import texts as record_texts

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVICES = Path(__file__).resolve().parents[2] / "judging" / "services"
_ACT = re.compile(r"[a-z]+(?:-[a-z]+)+")


def acts() -> Iterator[str]:
    """Each act named where something is recorded: as `action=…`, or handed to a module's own `_record`."""
    for module in SERVICES.rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            given = [keyword.value for keyword in node.keywords if keyword.arg == "action"]
            if isinstance(node.func, ast.Name) and node.func.id in {"_record", "record_act"}:
                given += node.args
            for value in given:
                yield from (
                    one.value
                    for one in ast.walk(value)
                    if isinstance(one, ast.Constant) and isinstance(one.value, str) and _ACT.fullmatch(one.value)
                )


def test_every_recorded_act_has_a_text() -> None:
    found = set(acts())

    assert len(found) > 30
    assert sorted(act for act in found if record_texts.action_text_of(act) is None) == []
