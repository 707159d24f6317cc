"""What a process works out once, although every test makes an application of its own.

Most of what a small test took was the same templates and the same addresses, compiled again for each of a thousand
applications. Here compiled code is kept by its very source, so that nothing of one application is seen by another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import CodeType
from typing import Any

import pytest
from flask import Flask
from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from werkzeug.routing import Rule

Build = Callable[..., tuple[str, str]]


class CompiledTemplates(BytecodeCache):
    """The code of templates, by the source and by what an environment adds to the compiling of it."""

    def __init__(self) -> None:
        self._kept: dict[object, CodeType] = {}

    def get_bucket(self, environment: Environment, name: str, filename: str | None, source: str) -> Bucket:
        key = (
            name, filename, source, tuple(sorted(environment.extensions)), environment.trim_blocks,
            environment.lstrip_blocks, getattr(environment, "newstyle_gettext", None),
        )  # fmt: skip
        # The key is no text, as it is for caches on a disk; only the two methods below ask for it.
        bucket = Bucket(environment, key, "")  # type: ignore[arg-type]
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._kept.get(bucket.key)

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._kept[bucket.key] = bucket.code


class KnownRule(Rule):
    """A rule whose two builders of addresses are taken from an equal rule of an earlier application."""

    _kept: dict[object, Build] = {}  # noqa: RUF012 - one for all rules is what it is for

    def _compile_builder(self, append_unknown: bool = True) -> Build:
        # The converters, which are the application's own, come by `self` when the builder is called.
        key = (self.rule, tuple(self._trace), repr(self.defaults), append_unknown)
        if key not in self._kept:
            self._kept[key] = super()._compile_builder(append_unknown)
        return self._kept[key]


@contextmanager
def compiled_once() -> Iterator[None]:
    """Let all applications made meanwhile share what is compiled for them."""
    options: dict[str, Any] = {**Flask.jinja_options, "bytecode_cache": CompiledTemplates()}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Flask, "jinja_options", options)
        patch.setattr(Flask, "url_rule_class", KnownRule)
        yield
