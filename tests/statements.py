"""Compiled statements that the databases of a process share: to compile them was a third of what a small test took.

SQLAlchemy keeps what it has compiled with the engine, and by the engine's dialect. Every test has an engine of its own,
and so has none of it. Here the dialects of engines of one kind, with one key for what lies sealed, count as the same.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from sqlalchemy.util import LRUCache

from judging.db.base import Base
from judging.db.sealed import give_key

if TYPE_CHECKING:
    from sqlalchemy import Dialect, Engine

SECRET = secrets.token_urlsafe(48)
"""The key of all installations that tests of this process make by the fixture `settings`."""

_MOST = 2_000
_SHARED = "is_shared_by_tests"


class _Kind:
    """What engines share: a class of dialects each of which is the same as any other, and the statements themselves.

    The first dialect is kept, since what is compiled asks it for the key.
    """

    def __init__(self, dialect: type[Dialect]) -> None:
        alike = {"__eq__": _is_of_the_same, "__hash__": lambda one: hash(type(one)), _SHARED: True}
        # Each class of dialects must say for itself that what it compiles may be kept.
        self.dialect: Any = type(dialect.__name__, (dialect,), {**alike, "supports_statement_cache": True})
        self.statements = LRUCache[Any, Any](_MOST)
        self.first: object = None


def _is_of_the_same(one: object, other: object) -> bool:
    return type(one) is type(other)


_KINDS: dict[tuple[type[Any], str], _Kind] = {}


def share_statements(engine: Engine, *, secret: str) -> Engine:
    """Let a new engine find what others of its kind with this key have compiled."""
    known: tuple[type[Any], str] = (type(engine.dialect), secret)
    if known not in _KINDS:
        _KINDS[known] = _Kind(known[0])
    kind = _KINDS[known]
    engine.dialect.__class__ = kind.dialect
    kind.first = kind.first or engine.dialect
    engine._compiled_cache = kind.statements
    # The key is found by the dialect, which is another one now.
    give_key(engine, secret)
    return engine


def forget_statements() -> None:
    """Let go what SQLAlchemy keeps with each mapper for the dialect of an engine that is no more, and is not shared."""
    for mapper in Base.registry.mappers:
        kept = mapper._compiled_cache
        for key in [key for key in kept if not hasattr(key[0], _SHARED)]:
            del kept[key]
