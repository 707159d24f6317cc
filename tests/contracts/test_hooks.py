"""Every hook is documented as it is and exercised by a test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tools.hooks_page import PAGE, hooks, page, signature

ROOT = Path(__file__).resolve().parents[2]


def test_documentation_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "docs/hooks.md is out of date: run `make hooks`"


def test_there_are_eleven_hooks() -> None:
    assert len(hooks()) == 11


@pytest.mark.parametrize("hook", hooks())
def test_documented_signature_is_the_real_one(hook: str) -> None:
    assert f"## {hook}\n\n`{signature(hook)}`" in PAGE.read_text(encoding="utf-8")


@pytest.mark.parametrize("hook", hooks())
def test_hook_is_exercised_by_a_test_of_the_registry(hook: str) -> None:
    tests = (ROOT / "tests" / "test_plugins.py").read_text(encoding="utf-8")

    assert re.search(rf"def {hook}\(\s*self", tests), f"tests/test_plugins.py implements no {hook}"
