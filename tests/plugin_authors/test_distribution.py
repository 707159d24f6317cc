"""The distribution of the page: whole, passing its own tests, and told what to mend when it is broken on purpose."""

from __future__ import annotations

import ast
import importlib
import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from judging.testing.conformance import ContestPluginConformance
from tests.plugin_authors.stranger import FOLDER, KIND, NAME, files_of_the_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from judging.plugins import Registry

PACKAGE = f"judging_{NAME}"


@pytest.fixture
def copy(stranger_path: Path, tmp_path: Path) -> Path:
    """A copy of the distribution's source, to be broken."""
    return shutil.copytree(stranger_path.parent / FOLDER, tmp_path / FOLDER)


@pytest.fixture
def examine(copy: Path) -> Iterator[Callable[[], Iterator[str]]]:
    """Run the tests of the kit on the copy as it lies there now, one after the other; gives what the kit tells."""
    kept = {name: sys.modules.pop(name) for name in [*sys.modules] if name.partition(".")[0] == PACKAGE}

    def run() -> Iterator[str]:
        sys.path.insert(0, str(copy))
        importlib.invalidate_caches()
        try:
            yield from failures(importlib.import_module(PACKAGE).plugin)
        finally:
            sys.path.remove(str(copy))

    yield run
    for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
        del sys.modules[name]
    sys.modules.update(kept)


def failures(plugin: object) -> Iterator[str]:
    """The messages of the tests that fail, as they are run."""
    kit = type("Kit", (ContestPluginConformance,), {"plugin": plugin})()
    for name in sorted(name for name in dir(kit) if name.startswith("test_")):
        try:
            getattr(kit, name)()
        except pytest.fail.Exception as failure:
            yield str(failure)


def test_page_holds_every_file_that_the_distribution_needs() -> None:
    files = files_of_the_page()

    assert len(files) == 18
    assert {"pyproject.toml", "hatch_build.py", f"{PACKAGE}/plugin.py", "tests/test_conformance.py"} <= set(files)


def test_distribution_imports_of_the_core_only_its_interface() -> None:
    imported = {
        node.module
        for path, text in files_of_the_page().items()
        if path.endswith(".py")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.partition(".")[0] == "judging"
    }

    assert imported == {"judging.api", "judging.testing.conformance"}


def test_conformance_test_of_the_distribution_is_two_lines() -> None:
    text = files_of_the_page()["tests/test_conformance.py"]
    body = [line for line in text.splitlines() if line.strip() and "import" not in line]

    assert body == ["class TestConformance(ContestPluginConformance):", "    plugin = plugin"]


def test_distribution_passes_its_own_tests_where_it_is_installed(stranger_path: Path) -> None:
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join([str(stranger_path), *sys.path])}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"]
    done = subprocess.run(
        command, cwd=stranger_path.parent / FOLDER, env=environ, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout
    assert "failed" not in done.stdout


def test_distribution_is_found_with_all_that_it_brings(stranger: Registry) -> None:
    (info,) = [info for info in stranger.infos if info.name == NAME]

    assert stranger.set_aside == []
    assert (info.version, info.package, info.contests) == ("1.0", PACKAGE, (KIND,))
    assert (info.aggregators, info.tie_breakers) == (("craft-villages-without-lowest",), ("craft-villages-agreement",))
    assert (info.reports, info.commands, info.pages) == (
        ("craft-villages-by-category",),
        ("craft-villages-bands",),
        True,
    )
    assert set(stranger.reports_for(KIND)) == {"craft-villages-by-category"}


def test_sound_distribution_passes_the_kit(examine: Callable[[], Iterator[str]]) -> None:
    assert list(examine()) == []


@pytest.mark.parametrize(
    ("file", "was", "becomes", "told"),
    [
        pytest.param(
            "plugin.py",
            "    judging_api = 1",
            "    judging_api = 2",
            "Plugin craft_villages is set aside, and its contests would be suspended: Plugin craft_villages speaks API"
            " version 2; this program speaks 1.",
            id="other API version",
        ),
        pytest.param(
            "plugin.py",
            "    @hookimpl\n    def judging_check_eligibility",
            "    def judging_check_eligibility",
            "Plugin craft_villages, hook judging_check_eligibility: the method is not marked with @hookimpl, so nobody"
            " asks it.",
            id="hook without its mark",
        ),
        pytest.param(
            "plugin.py",
            "def judging_grant_awards(self, rules, standings)",
            "def judging_grant_awards(self, rules, places, standings=())",
            "Argument(s) {'places'} are declared in the hookimpl but can not be found in the hookspec",
            id="argument that the hook does not have",
        ),
        pytest.param(
            "rules.py",
            'aggregator="craft-villages-without-lowest"',
            'aggregator="without-lowest"',
            "Plugin craft_villages, hook judging_contests: round “stalls” of “craft-villages” names the aggregator"
            " “without-lowest”. Mend: offer it with judging_aggregators, or name one of ['consensus',",
            id="aggregator that nobody offers",
        ),
        pytest.param(
            "rules.py",
            '"craft-villages-agreement", "earlier-round"',
            '"agreement", "earlier-round"',
            "Plugin craft_villages, hook judging_contests: “craft-villages” names the tie-break “agreement”."
            " Mend: offer it with judging_tie_breakers",
            id="tie-break that nobody offers",
        ),
        pytest.param(
            "eligibility.py",
            'entry.answers.get("years")',
            'entry.answers["years"]',
            "Plugin craft_villages, hook judging_check_eligibility: KeyError: 'years'. Mend: answer Problem values;"
            " treat an answer, a person or a file that is not there as missing, and do not raise",
            id="eligibility that raises",
        ),
        pytest.param(
            "scoring.py",
            "value=sum(kept, Fraction(0)) / len(kept)",
            "value=float(sum(kept)) / len(kept)",
            "Plugin craft_villages, hook judging_aggregators “craft-villages-without-lowest”: expected Score with a"
            " Fraction, got float. Mend: answer one Score for each entry that has a ballot, its value a Fraction",
            id="score that is a float",
        ),
        pytest.param(
            "scoring.py",
            "score_of(sorted(totals))",
            "score_of(totals)",
            "Plugin craft_villages, hook judging_aggregators “craft-villages-without-lowest”: another order of the"
            " ballots gives other scores. Mend: look at the marks, never at which ballot came first",
            id="score that depends on the order",
        ),
        pytest.param(
            "awards.py",
            "free.pop(0)",
            "free[0]",
            "Plugin craft_villages, hook judging_grant_awards: prizes that cannot be given in “craft-villages”:"
            " “Gold” is planned 1 times, not",
            id="more prizes than planned",
        ),
        pytest.param(
            "papers.py",
            'return {"points": as_decimal_string(standing.score.value), "sheets": standing.score.used}',
            'return {"points": standing}',
            "Plugin craft_villages, hook judging_document_context: expected texts, numbers, dates, lists and mappings"
            " of them, got Standing. Mend: answer texts",
            id="value that is not plain",
        ),
        pytest.param(
            "papers.py",
            "str(standing.rank)",
            "standing.rank",
            "Plugin craft_villages, hook judging_reports “craft-villages-by-category”: expected str in each cell, got"
            " int. Mend: answer rows of texts",
            id="cell that is no text",
        ),
        pytest.param(
            "pages.py",
            '@policy("public")\n',
            "",
            "Plugin craft_villages, hook judging_pages: The page “craft_villages.about” declares no policy. Add"
            " @policy(…) to its view. Mend: declare who may call each view with @policy(…) of judging.api",
            id="page without a policy",
        ),
        pytest.param(
            "pages.py",
            'static_folder="static")',
            'static_folder="static", template_folder="templates")',
            "Plugin craft_villages, hook judging_pages: the blueprint names a template_folder. Leave it out:"
            " the templates of the package are found as “craft_villages:page.html”.",
            id="templates that all plugins would share",
        ),
        pytest.param(
            "templates/certificate.html",
            "{% endblock %}",
            "",
            "Plugin craft_villages, hook template “craft_villages:certificate.html”: TemplateSyntaxError:",
            id="template that does not compile",
        ),
        pytest.param(
            "rules.py",
            'template="certificate.html"',
            'template="diploma.html"',
            "names the template “diploma.html”",
            id="template that is not there",
        ),
    ],
)
def test_kit_names_plugin_hook_and_remedy(
    copy: Path, examine: Callable[[], Iterator[str]], file: str, was: str, becomes: str, told: str
) -> None:
    path = copy / PACKAGE / file
    text = path.read_text("utf-8")
    assert was in text, "the page has changed: break something else"
    path.write_text(text.replace(was, becomes, 1), "utf-8")

    messages: list[str] = []
    for message in examine():
        messages.append(message)
        if told in message:
            # What the other tests of the kit would say of it takes seconds, and is asked of the sound distribution.
            return
    pytest.fail(f"the kit does not tell it: {messages}")


def test_kit_tells_of_a_catalogue_that_is_not_compiled(copy: Path, examine: Callable[[], Iterator[str]]) -> None:
    (compiled,) = copy.rglob("*.mo")
    compiled.unlink()

    (message,) = examine()

    assert message.startswith(f"Plugin {NAME}, hook translations/vi: {PACKAGE}.po is not compiled")
    assert "Mend: pybabel compile --directory" in message
