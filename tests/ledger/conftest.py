"""A log that has begun, the contest kinds' own rules, and Go's transparency log code as a second opinion."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from judging.cli.found_plugins import find_plugins
from judging.domain.rules import ContestRules
from tests.ledger.cases import ONE, TWO, A, B, C, rules
from tests.ledger.log_maker import LogMaker

HERE = Path(__file__).parent
VECTORS = HERE / "vectors"
# Where Debian's packages of Go libraries lie: with them nothing is fetched.
GO_PATH = Path("/usr/share/gocode")
GO_MODULE = GO_PATH / "src/golang.org/x/mod/sumdb/tlog"
KINDS = ("youth-creativity", "technical-innovation", "startup")


@cache
def kind_rules(kind: str) -> ContestRules:
    return find_plugins().rules(kind)


@pytest.fixture
def log() -> LogMaker:
    made = LogMaker(rules=rules(), boards={A: ("a", None), B: ("a", None), C: ("b", None)})
    made.open([ONE, TWO])
    made.assign("first", [(judge, entry) for judge in (ONE, TWO) for entry in (A, B, C)])
    return made


class Oracle:
    """A running Go program: `ask` sends one request and gives its answer."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, op: str, **more: Any) -> dict[str, Any]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"Op": op, **more}) + "\n")
        self._process.stdin.flush()
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def accepts(self, op: str, **more: Any) -> bool:
        return not self.ask(op, **more)["Why"]


@pytest.fixture(scope="session")
def oracle(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Oracle]:
    go = shutil.which("go")
    if go is None or not GO_MODULE.is_dir():
        reason = "no Go with golang.org/x/mod: install the system packages golang-go and golang-golang-x-mod-dev"
        if os.environ.get("CI", "").lower() in {"1", "true", "yes"}:
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("oracle")
    program = folder / "oracle"
    environment = {
        "CGO_ENABLED": "0", "GO111MODULE": "off", "GOCACHE": str(folder / "cache"), "GOFLAGS": "",
        "GOPATH": str(GO_PATH), "HOME": str(folder), "PATH": os.environ["PATH"],
    }  # fmt: skip
    subprocess.run([go, "build", "-o", program, HERE / "oracle/oracle.go"], check=True, env=environment, cwd=folder)
    with subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Oracle(process)
        assert process.stdin is not None
        process.stdin.close()
