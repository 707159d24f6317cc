"""The fields of an edition's settings: how each is shown as text and read back into plain JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from judging.domain.values import Problem
from judging.errors import N_
from judging.web.formats import label
from judging.web.organiser.texts import TypedError, number_text, typed_decimal, typed_integer, typed_text

Kind = Literal["text", "integer", "decimal", "money", "choice", "check", "date"]
Texts = dict[str, str]
Plain = Any

_MONEY_DIGITS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingField:
    """One control of the settings form. `label`, `help` and the labels of `options` are msgids.

    An optional field may stay empty and then holds None. `translated` texts are msgids where they are the kind's own.
    """

    name: str
    label: str
    kind: Kind = "text"
    help: str = ""
    options: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    translated: bool = False
    note: str = ""


def field_text(field: SettingField, value: Plain) -> str:
    """A value of the rules as the control shows it; a ticked box is "1"."""
    if field.kind == "check":
        return "1" if value else ""
    if field.kind in ("integer", "decimal", "money"):
        return number_text(value)
    if value is None:
        return ""
    return label(str(value)) if field.translated else str(value)


def read_field(field: SettingField, text: str, known: Mapping[str, str]) -> Plain:
    """What was typed, as rules hold it. Raises TypedError."""
    if field.kind == "check":
        return bool(text)
    if not text.strip():
        if field.optional:
            return "" if field.kind in ("text", "date") and not field.translated else None
        raise TypedError(N_("Fill this in."))
    return _read_filled(field, text, known)


def _read_filled(field: SettingField, text: str, known: Mapping[str, str]) -> Plain:
    if field.kind == "integer":
        return typed_integer(text)
    if field.kind == "money":
        return typed_integer(text, most_digits=_MONEY_DIGITS)
    if field.kind == "decimal":
        return typed_decimal(text)
    if field.kind == "choice" and text not in {key for key, _ in field.options}:
        raise TypedError(N_("Choose one of the answers."))
    if field.kind == "date":
        try:
            return date.fromisoformat(text.strip()).isoformat()
        except ValueError as wrong:
            raise TypedError(N_("Write a date.")) from wrong
    return typed_text(text, known) if field.translated else text.strip()


def texts_of(fields: tuple[SettingField, ...], values: Mapping[str, Plain]) -> Texts:
    """The texts of all controls for these values."""
    return {field.name: field_text(field, values.get(field.name)) for field in fields}


def read_texts(
    fields: tuple[SettingField, ...], texts: Mapping[str, str], known: Mapping[str, str], *, prefix: str = ""
) -> tuple[dict[str, Plain], list[Problem]]:
    """All controls read back, and a problem for each that could not be; `where` is `prefix` and the field's name."""
    values: dict[str, Plain] = {}
    problems = []
    for field in fields:
        try:
            values[field.name] = read_field(field, texts.get(field.name, ""), known)
        except TypedError as wrong:
            problems.append(Problem(code="typed", where=f"{prefix}{field.name}", message=wrong.message))
    return values, problems
