"""The layers and walls that pyproject.toml declares for imports hold, and none of them was emptied."""

from __future__ import annotations

import subprocess
import sys
import tomllib

from tests.contracts.source_tree import PACKAGES, ROOT


def test_import_contracts_are_kept() -> None:
    run = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-logo",
            "--no-cache",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_import_contracts_cover_every_package() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    assert sorted(settings["root_packages"]) == sorted(PACKAGES)


def test_plugin_contract_forbids_every_module_but_the_interface() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]
    (contract,) = [each for each in settings["contracts"] if each["name"].startswith("Plugins import")]
    core = ROOT / "judging"
    modules = {
        f"judging.{path.stem}"
        for path in core.iterdir()
        if (path.suffix == ".py" or (path / "__init__.py").exists()) and path.stem not in {"__init__", "api", "testing"}
    }
    assert modules - set(contract["forbidden_modules"]) == set()


def test_every_plugin_has_an_entry_point_and_a_place_in_the_wheel() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    plugins = {name: path for name, path in PACKAGES.items() if name != "judging"}
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert sorted(project["project"]["entry-points"]["judging.plugins"].values()) == sorted(
        f"{name}:plugin" for name in plugins
    )
    for path in plugins.values():
        assert path.relative_to(ROOT).as_posix() in wheel["only-include"]
        assert wheel["sources"][path.parent.relative_to(ROOT).as_posix()] == ""


def test_plugin_tests_are_no_package() -> None:
    """Two plugins' `tests` packages would hide each other, since both their folders lie on the import path."""
    assert list(ROOT.glob("plugins/*/tests/__init__.py")) == []
