"""The wheel and the new virtual environment that the packaging tests look at, each made once."""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "Scripts" if sys.platform == "win32" else "bin"


def bare_environment() -> dict[str, str]:
    """Give this process's environment without what would point a program at the checkout."""
    pointers = ("JUDGING_", "PYTHON", "VIRTUAL")
    return {key: value for key, value in os.environ.items() if not key.startswith(pointers)}


def run(*command: str | Path, cwd: Path) -> str:
    """Run a command as a newcomer's shell would, without this process's settings; return its standard output."""
    done = subprocess.run(
        command, cwd=cwd, env=bare_environment(), capture_output=True, text=True, check=False, timeout=300
    )
    if done.returncode:
        pytest.fail(f"{' '.join(map(str, command))} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done.stdout


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the wheel as a release does, with the build backend of the lock."""
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, ROOT, cwd=ROOT)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def wheel_names(wheel: Path) -> frozenset[str]:
    """Give the paths of all files inside the wheel."""
    with ZipFile(wheel) as archive:
        return frozenset(archive.namelist())


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the runtime lock and the wheel into a new virtual environment; return its folder of programs."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=False)
    programs = folder / FOLDER
    uv = Path(sys.executable).parent / "uv"
    install = (uv, "pip", "install", "--quiet", "--python", programs / "python")
    run(*install, "--require-hashes", "-r", ROOT / "requirements.txt", cwd=folder)
    run(*install, "--no-deps", "--no-index", wheel, cwd=folder)
    return programs


@pytest.fixture(scope="session")
def demo_year(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Make the demo year with the installed program; return its folder and what was told on standard output."""
    data = tmp_path_factory.mktemp("demo") / "data"
    return data, run(installed / "judging", "demo", "--no-serve", "--json", "--data", data, cwd=data.parent)
