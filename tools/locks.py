"""Write the lock files from pyproject.toml: every release with its hashes, for all platforms, naming no registry.

Run by `make locks`. Each lock is cut from the largest one, so that a package has one version in all of them.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LARGEST = "requirements-dev.txt"
# What each file is for stands in CONTRIBUTING.md.
LOCKS: dict[str, tuple[str, ...]] = {
    LARGEST: (
        "pyproject.toml",
        "--extra",
        "clamd",
        "--extra",
        "oidc",
        "--extra",
        "postgres",
        "--group",
        "build",
        "--group",
        "dev",
    ),
    "requirements.txt": ("pyproject.toml", "--group", "build"),
    "requirements-postgres.txt": ("pyproject.toml", "--extra", "postgres", "--group", "build"),
}
BOOTSTRAP = "requirements-uv.txt"
OPTIONS = (
    "--universal",
    "--generate-hashes",
    "--no-emit-index-url",
    "--no-header",
    "--quiet",
    "--python-version",
    tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"].removeprefix(">="),
)


def resolve(uv: str, source: tuple[str, ...], target: str, *extra: str, stdin: str | None = None) -> None:
    """Let `uv` resolve `source` into the lock file `target`; raises `CalledProcessError` where it cannot."""
    subprocess.run(
        [uv, "pip", "compile", *source, *OPTIONS, *extra, "--output-file", target],
        cwd=ROOT,
        check=True,
        input=stdin,
        text=True,
        stdout=subprocess.DEVNULL,
    )


def main(uv: str, *options: str) -> None:
    """Write all lock files. `options` (such as `--upgrade`) go to the resolution of the largest one."""
    for target, source in LOCKS.items():
        # What lies in a file already is kept by uv unless told otherwise; the smaller files follow the largest.
        narrowing = options if target == LARGEST else ("--constraint", LARGEST, "--upgrade")
        resolve(uv, source, target, *narrowing)
        print(target)
    resolve(uv, ("-",), BOOTSTRAP, "--constraint", LARGEST, "--upgrade", stdin="uv\n")
    print(BOOTSTRAP)


if __name__ == "__main__":
    main(str(Path(sys.argv[1]).resolve()), *sys.argv[2:])
