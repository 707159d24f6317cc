"""What the documentation names is there: files, headings, commands, settings, targets; and its examples work."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from judging.api import Entry
from judging.cli.program import program
from judging.plugins import Registry
from judging.services.core_plugin import CorePlugin
from judging.testing.conformance import ContestPluginConformance
from tests.contracts.source_tree import ROOT, source_files

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ +(.+?) *$", re.MULTILINE)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PAGES = [path for path in source_files(".md") if path.parent.name != "typings"]
ADRS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def anchor(heading: str) -> str:
    """The name under which a heading can be linked to, as code hosts make it."""
    kept = [sign for sign in heading.lower() if sign in " -_" or unicodedata.category(sign)[0] in "LN"]
    return "".join(kept).replace(" ", "-")


def anchors(page: Path) -> set[str]:
    return {anchor(heading) for heading in HEADING.findall(FENCE.sub("", page.read_text("utf-8")))}


def lost_links(page: Path, root: Path = ROOT) -> Iterator[str]:
    """The relative links of a page that lead nowhere, or out of the project."""
    for target in LINK.findall(FENCE.sub("", page.read_text("utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        name, _, part = target.partition("#")
        file = (page.parent / name).resolve() if name else page
        if not file.is_relative_to(root) or not file.exists() or (part and part not in anchors(file)):
            yield target


def examples(name: str, language: str = "python") -> list[str]:
    return [code for written, code in FENCE.findall(read(name)) if written == language]


def commands_named_in(text: str) -> set[str]:
    """What follows `judging` in code: `judging serve`, or a line of a block that begins with it."""
    return set(re.findall(r"(?:`|^)judging ([a-z][a-z-]*)", text, re.MULTILINE))


@pytest.mark.parametrize("written", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_relative_links_lead_to_files_and_headings(written: Path) -> None:
    assert list(lost_links(written)) == []


def test_lost_links_finds_files_headings_and_ways_out(tmp_path: Path) -> None:
    page = ROOT / "docs" / "architecture.md"

    assert anchor("What a request goes through") in anchors(page)
    assert anchor("Cuộc thi: lần thứ 7, `judging`") == "cuộc-thi-lần-thứ-7-judging"
    written = tmp_path / "page.md"
    written.write_text("# One\n[a](#one) [b](#two) [c](no.md) [d](../../etc) [e](https://example.vn)", "utf-8")
    assert list(lost_links(written, tmp_path)) == ["#two", "no.md", "../../etc"]


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/development.md", "docs/hooks.md"])
def test_make_targets_that_are_named_exist(name: str) -> None:
    named = set(re.findall(r"(?:`|^)make ([a-z][a-z-]*)", read(name), re.MULTILINE))
    targets = set(re.findall(r"^([a-z][a-z-]*):", MAKEFILE, re.MULTILINE))

    assert named - targets == set()


@pytest.mark.parametrize("written", PAGES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_commands_that_are_named_exist(written: Path) -> None:
    assert commands_named_in(written.read_text("utf-8")) - set(program.commands) == set()


def test_operations_name_every_command() -> None:
    assert set(program.commands) - commands_named_in(read("docs/operations.md")) == set()


def test_operations_list_every_setting_and_no_other() -> None:
    known = set(re.findall(r'"(JUDGING_[A-Z_]+)"', read("judging/settings.py")))
    listed = {
        name
        for line in read("docs/operations.md").splitlines()
        if line.startswith("| `JUDGING_")
        for name in re.findall(r"JUDGING_[A-Z_]+", line.split("|")[1])
    }

    assert listed == known


def test_readme_shows_the_four_pictures() -> None:
    pictures = {"results-1280-vi", "judge-sheet-360-vi", "board-1280-vi", "entry-360-vi"}

    assert set(re.findall(r"\(docs/images/([\w-]+)\.png\)", read("README.md"))) == pictures


def test_decisions_are_numbered_without_gaps_and_listed_in_order() -> None:
    listed = re.findall(r"\]\((\d{4}-[a-z0-9-]+\.md)\)", read("docs/adr/README.md"))

    assert listed == [path.name for path in ADRS]
    assert [path.name[:4] for path in ADRS] == [f"{number:04d}" for number in range(1, len(ADRS) + 1)]


@pytest.mark.parametrize("written", ADRS, ids=lambda path: path.stem)
def test_decision_has_context_decision_and_consequences(written: Path) -> None:
    text = written.read_text("utf-8")

    assert re.findall(r"^\*\*(\w+)\.\*\*", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
    assert f"[{text.splitlines()[0].removeprefix('# ')}]({written.name})" in read("docs/adr/README.md")


def example_plugin() -> Any:
    names: dict[str, Any] = {}
    exec(compile(examples("docs/writing-a-plugin.md")[0], "writing-a-plugin.md", "exec"), names)  # noqa: S102 - our own page
    return names["plugin"]


class TestPluginOfThePage(ContestPluginConformance):
    """The complete plugin of docs/writing-a-plugin.md is one."""

    plugin = example_plugin()


def test_example_of_a_hook_answers_with_its_problem() -> None:
    names: dict[str, Any] = {}
    code = examples("docs/writing-a-plugin.md")[2]
    exec(compile(code, "writing-a-plugin.md", "exec"), names)  # noqa: S102 - our own page
    whole = type("Whole", (type(example_plugin()), names["WithEligibility"]), {})
    registry = Registry()
    registry.register(CorePlugin(), name="core")
    assert registry.register(whole(), name="garden"), registry.set_aside

    entry = Entry(id="0", alias="e-000000", title="", category="flowers")
    problems = registry.check_eligibility(registry.rules("school-garden"), entry, date(2026, 6, 1))

    assert [str(problem) for problem in problems] == ["Somebody must care for the garden."]


def test_readme_shows_the_plugin_of_the_page() -> None:
    (shown,) = examples("README.md")

    assert shown.strip() in examples("docs/writing-a-plugin.md")[0]
