"""Rules to plain JSON and back, and the digest that a contest pins.

The plain form holds nothing but objects, arrays, strings, integers, booleans and null: decimals and dates are strings,
so that the digest does not depend on how a program prints numbers.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import types
import typing
from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from functools import cache

from judging.domain.memory import ByIdentity
from judging.errors import N_, RulesError

Plain = typing.Any
"""JSON: dict, list, str, int, bool or None. Python 3.11 has no checked spelling of a recursive alias."""

Shape = typing.TypeVar("Shape")

_AT_DEFAULT = "left-out-at-default"
LEFT_OUT_AT_DEFAULT: Mapping[str, bool] = types.MappingProxyType({_AT_DEFAULT: True})
"""Metadata of a field that rules got after contests had pinned theirs: at its default it stands in no plain form, so
that rules which do not use it keep their digest."""


def to_plain(value: object) -> Plain:
    """Turn rules, or any part of them, into plain JSON. Raises RulesError for a value that rules cannot hold."""
    if isinstance(value, StrEnum):
        return value.value
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Decimal | date):
        return _write_text(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {
            field.name: to_plain(getattr(value, field.name))
            for field in dataclasses.fields(value)
            if not _is_left_out(field, value)
        }
    if isinstance(value, tuple | list):
        return [to_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): to_plain(item) for key, item in value.items()}
    raise RulesError(N_("Rules cannot hold a value of type %(type)s."), type=type(value).__name__)


def _is_left_out(field: dataclasses.Field[typing.Any], value: object) -> bool:
    return _AT_DEFAULT in field.metadata and bool(getattr(value, field.name) == field.default)


def from_plain(shape: type[Shape], plain: Plain) -> Shape:
    """Build a `shape` from plain JSON; every check of the shape runs.

    Unknown keys are refused, missing ones take the default. Raises RulesError that names the place.
    """
    return typing.cast(Shape, _build(shape, plain, shape.__name__))


def canonical_bytes(value: object) -> bytes:
    """The one JSON text of a value: sorted keys, no spaces, UTF-8 (RFC 8785 for what the plain form can hold)."""
    return json.dumps(to_plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest(value: object) -> str:
    """SHA-256 of the canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


frozen_digest: ByIdentity[object, str] = ByIdentity(digest)
"""As `digest`, worked out once for each thing: for rules and rubrics, which never change."""


@cache
def _hints(shape: type) -> dict[str, typing.Any]:
    return typing.get_type_hints(shape)


def _build(shape: typing.Any, plain: Plain, place: str) -> object:
    origin = typing.get_origin(shape)
    if origin is tuple:
        item = typing.get_args(shape)[0]
        return tuple(_build(item, each, f"{place}[{index}]") for index, each in enumerate(_expect(list, plain, place)))
    if origin in (types.UnionType, typing.Union):
        return _build_union(typing.get_args(shape), plain, place)
    if dataclasses.is_dataclass(shape):
        return _build_dataclass(typing.cast(type, shape), _expect(dict, plain, place), place)
    if shape is Decimal or shape is date or issubclass(shape, StrEnum):
        return _read_text(shape, _expect(str, plain, place), place)
    return _expect(shape, plain, place)


def _build_union(members: tuple[typing.Any, ...], plain: Plain, place: str) -> object:
    if plain is None and type(None) in members:
        return None
    rest = [member for member in members if member is not type(None)]
    if len(rest) == 1:
        return _build(rest[0], plain, place)
    if type(plain) in rest:
        return plain
    raise RulesError(N_("%(place)s has a value of the wrong type."), place=place)


def _build_dataclass(shape: type, plain: dict[str, Plain], place: str) -> object:
    hints = _hints(shape)
    unknown = set(plain) - set(hints)
    if unknown:
        raise RulesError(N_("%(place)s has an unknown entry: %(key)s."), place=place, key=min(unknown))
    required = {
        field.name
        for field in dataclasses.fields(shape)
        if field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING
    }
    missing = required - set(plain)
    if missing:
        raise RulesError(N_("%(place)s lacks %(key)s."), place=place, key=min(missing))
    return shape(**{key: _build(hints[key], each, f"{place}.{key}") for key, each in plain.items()})


def _read_text(shape: typing.Any, text: str, place: str) -> object:
    try:
        return date.fromisoformat(text) if shape is date else shape(text)
    except (InvalidOperation, ValueError) as wrong:
        raise RulesError(N_("%(place)s cannot be read: “%(text)s”."), place=place, text=text) from wrong


def _write_text(value: Decimal | date) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return format(value.normalize(), "f") if value else "0"


def _expect(kind: type, plain: Plain, place: str) -> typing.Any:
    # `bool` is an `int` to isinstance, and True is no number of places.
    if type(plain) is not kind:
        raise RulesError(N_("%(place)s has a value of the wrong type."), place=place)
    return plain
