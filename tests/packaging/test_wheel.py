"""The wheel holds everything that the program needs, nothing else, and works where nothing but it and its lock is."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import subprocess
import time
import tomllib
from http import HTTPStatus
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urljoin
from urllib.request import Request, urlopen
from zipfile import ZipFile

import pytest

import judging
from tests.packaging.conftest import ROOT, bare_environment, run

if TYPE_CHECKING:
    from collections.abc import Iterator

# One worker builds the wheel and the environment for all of these.
pytestmark = [pytest.mark.packaging, pytest.mark.xdist_group("packaging")]

PLUGINS = ("judging_startup", "judging_technical_innovation", "judging_youth_creativity")
LEFT_OUT = {"__pycache__"}
LEFT_OUT_SUFFIXES = {".po", ".pot", ".pyc", ".mo"}


def shipped(folder: Path, prefix: str) -> set[str]:
    """Say where in the wheel each file below `folder` must lie."""
    return {
        f"{prefix}/{path.relative_to(folder).as_posix()}"
        for path in folder.rglob("*")
        if path.is_file() and path.suffix not in LEFT_OUT_SUFFIXES and not LEFT_OUT & set(path.parts)
    }


def test_wheel_holds_the_core_with_its_static_files(wheel_names: frozenset[str]) -> None:
    wanted = shipped(ROOT / "judging", "judging")
    assert any(name.startswith("judging/static/") for name in wanted)
    assert wanted - wheel_names == set()


def test_wheel_holds_the_templates_inside_the_core(wheel_names: frozenset[str]) -> None:
    wanted = shipped(ROOT / "templates", "judging/templates")
    assert "judging/templates/base.html" in wanted
    assert wanted - wheel_names == set()


@pytest.mark.parametrize("package", PLUGINS)
def test_wheel_holds_each_plugin_at_the_top(wheel_names: frozenset[str], package: str) -> None:
    folder = ROOT / "plugins" / package.removeprefix("judging_") / package
    assert shipped(folder, package) - wheel_names == set()


def test_wheel_holds_a_compiled_catalogue_for_each_source(wheel_names: frozenset[str]) -> None:
    sources = [path.relative_to(ROOT) for path in (ROOT / "judging").rglob("*.po")]
    for plugin in ROOT.glob("plugins/*"):
        sources += [path.relative_to(plugin) for path in plugin.glob("judging_*/translations/*/LC_MESSAGES/*.po")]
    compiled = {PurePosixPath(path.as_posix()).with_suffix(".mo").as_posix() for path in sources}
    # Two languages for the core and for each plugin.
    assert len(compiled) == 2 * (1 + len(PLUGINS))
    assert compiled - wheel_names == set()
    assert [name for name in wheel_names if name.endswith((".po", ".pot"))] == []


def test_wheel_puts_only_its_own_packages_at_the_top(wheel_names: frozenset[str]) -> None:
    tops = {name.split("/")[0] for name in wheel_names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"judging", *PLUGINS}


def test_wheel_holds_no_tests_and_no_caches(wheel_names: frozenset[str]) -> None:
    assert [name for name in wheel_names if "/tests/" in name or "__pycache__" in name] == []


def test_wheel_carries_licence_and_entry_points(wheel: Path, wheel_names: frozenset[str]) -> None:
    (entry_points,) = [name for name in wheel_names if name.endswith(".dist-info/entry_points.txt")]
    with ZipFile(wheel) as archive:
        text = archive.read(entry_points).decode()
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in wheel_names)
    assert "judging = judging.cli:main" in text
    assert [package for package in PLUGINS if f"{package}:plugin" not in text] == []


def test_wheel_version_is_the_one_the_program_tells() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["version"] == judging.__version__


def test_installed_wheel_runs_from_its_own_files(installed: Path, tmp_path: Path) -> None:
    where = run(installed / "python", "-c", "import judging; print(judging.__file__)", cwd=tmp_path)
    assert Path(where.strip()).is_relative_to(installed.parent)


def test_installed_wheel_makes_the_demo_year(demo_year: tuple[Path, str]) -> None:
    told = json.loads(demo_year[1])
    assert {contest["slug"]: contest["entries"] for contest in told["contests"]} == {
        "youth-creativity-2021": 128,
        "technical-innovation-2021": 47,
        "startup-2021": 56,
    }


@pytest.fixture
def address(installed: Path, demo_year: tuple[Path, str], tmp_path: Path) -> Iterator[str]:
    """Serve the demo year with the installed program until the test is over; give the address."""
    port = free_port()
    command = [str(installed / "judging"), "serve", "--data", str(demo_year[0]), "--port", str(port)]
    log = tmp_path / "server.log"
    with (
        log.open("wb") as output,
        subprocess.Popen(
            command, cwd=tmp_path, env=bare_environment(), stdout=output, stderr=subprocess.STDOUT
        ) as server,
    ):
        try:
            wait_until_alive(port, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_alive(port: int, log: Path, seconds: float = 30) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            if answer.status == HTTPStatus.OK:
                return
        time.sleep(0.1)
    pytest.fail(f"the server did not answer within {seconds} s\n{log.read_text('utf-8')}")


def fetch(url: str, language: str) -> str:
    with urlopen(Request(url, headers={"Accept-Language": language}), timeout=10) as answer:
        text: str = answer.read().decode()
        return text


def test_installed_wheel_serves_its_pages_in_both_languages(address: str) -> None:
    """Templates and compiled catalogues are found where the wheel put them."""
    english = fetch(f"{address}/", "en")
    vietnamese = fetch(f"{address}/", "vi")
    assert '<html lang="en"' in english
    assert '<html lang="vi"' in vietnamese
    assert "Kết quả" in vietnamese or "Cuộc thi" in vietnamese


def test_installed_wheel_serves_its_style_sheets(address: str) -> None:
    links = re.findall(r'<link[^>]+href="([^"]+\.css[^"]*)"', fetch(f"{address}/", "en"))
    assert links
    assert [link for link in links if not fetch(urljoin(address, link), "en").strip()] == []
