"""The reference of the plugin interface is what the code says, and leaves out nothing of it."""

from __future__ import annotations

import inspect

import pytest

from judging import api
from tools.api_reference import PAGE, grouped, page


def test_reference_is_what_the_code_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "docs/plugin-reference.md is out of date: run `make hooks`"


def test_reference_holds_every_name_of_the_interface_once() -> None:
    assert sorted(grouped()) == sorted(api.__all__)


@pytest.mark.parametrize("name", [name for name in api.__all__ if inspect.isclass(getattr(api, name))])
def test_every_class_of_the_interface_is_described(name: str) -> None:
    described = inspect.getdoc(getattr(api, name)) or ""

    # What dataclasses write by themselves is the bare signature.
    assert described, name
    assert not described.startswith(f"{name}("), name
