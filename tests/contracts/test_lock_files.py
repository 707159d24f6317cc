"""Lock files hold every release with its hashes, agree with each other and with pyproject.toml, and name no address."""

from __future__ import annotations

import re
import tomllib

import pytest

from tests.contracts.source_tree import ROOT

LOCKS = sorted(path.name for path in ROOT.glob("requirements*.txt"))
REQUIREMENT = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([^ ;\\]+)", re.MULTILINE)
FORBIDDEN = (":" + "//", "index" + "-url", "find" + "-links", "trusted" + "-host")


def blocks(name: str) -> dict[str, str]:
    """Map each package of a lock to its version and hashes."""
    text = (ROOT / name).read_text("utf-8")
    pieces = re.split(r"\n(?=[a-z0-9])", text)
    return {match[1]: piece for piece in pieces if (match := REQUIREMENT.match(piece))}


def versions(name: str) -> dict[str, str]:
    return dict(REQUIREMENT.findall((ROOT / name).read_text("utf-8")))


def declared(*, groups: tuple[str, ...] = (), extras: tuple[str, ...] = ()) -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    lines = list(project["project"]["dependencies"])
    for group in groups:
        lines += project["dependency-groups"][group]
    for extra in extras:
        lines += project["project"]["optional-dependencies"][extra]
    return {re.split(r"[\[<>=!~; ]", line, maxsplit=1)[0].lower() for line in lines}


def test_lock_files_are_the_four_that_make_reads() -> None:
    assert LOCKS == ["requirements-dev.txt", "requirements-postgres.txt", "requirements-uv.txt", "requirements.txt"]


@pytest.mark.parametrize("name", LOCKS)
def test_lock_file_names_no_address(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    assert [needle for needle in FORBIDDEN if needle in text] == []


@pytest.mark.parametrize("name", LOCKS)
def test_lock_file_hashes_every_release(name: str) -> None:
    assert blocks(name), "nothing was read from the lock"
    assert [package for package, block in blocks(name).items() if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("name", [name for name in LOCKS if name != "requirements-dev.txt"])
def test_lock_file_agrees_with_the_largest(name: str) -> None:
    largest = versions("requirements-dev.txt")
    assert {package: largest.get(package) for package in versions(name)} == versions(name)


@pytest.mark.parametrize(
    ("name", "groups", "extras"),
    [
        ("requirements.txt", ("build",), ()),
        ("requirements-postgres.txt", ("build",), ("postgres",)),
        ("requirements-dev.txt", ("build", "dev"), ("postgres",)),
    ],
)
def test_lock_file_holds_what_the_project_declares(name: str, groups: tuple[str, ...], extras: tuple[str, ...]) -> None:
    assert declared(groups=groups, extras=extras) - set(versions(name)) == set()
