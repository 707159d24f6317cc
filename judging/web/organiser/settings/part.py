"""One form of the settings: single values, or rows that can be added, removed and moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from judging.domain.values import Problem
from judging.web.organiser.settings.fields import SettingField, Texts, read_texts, texts_of
from judging.web.organiser.texts import key_from

Plain = Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A form of settings. With `rows` the value is a list and `fields` are those of one row."""

    key: str
    label: str
    fields: tuple[SettingField, ...]
    value: Plain
    help: str = ""
    rows: bool = False
    spare: str = ""
    add_label: str = ""
    spread: Callable[[Mapping[str, Plain]], Mapping[str, Plain]] = field(default=lambda value: value)
    gather: Callable[[dict[str, Plain]], dict[str, Plain]] = field(default=lambda value: value)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of a row's controls, its hidden key among them."""
        own = tuple(each.name for each in self.fields)
        return own if "key" in own else ("key", *own)

    def row_texts(self) -> list[Texts]:
        """The rows in force as texts."""
        return [self._one(value) for value in self.value]

    def texts(self) -> Texts:
        """The single values in force as texts."""
        return texts_of(self.fields, self.spread(self.value))

    def _one(self, value: Plain) -> Texts:
        if isinstance(value, str):
            return {"key": value}
        return {"key": str(value["key"]), **texts_of(self.fields, self.spread(value))}

    def read(self, texts: Mapping[str, str], known: Mapping[str, str]) -> tuple[Plain, list[Problem]]:
        """The single values as plain JSON, with what could not be read."""
        values, problems = read_texts(self.fields, texts, known)
        return ({}, problems) if problems else (self.gather(values), [])

    def read_rows(self, rows: Sequence[Texts], known: Mapping[str, str]) -> tuple[Plain, list[Problem]]:
        """The rows as plain JSON, with what could not be read; a row without a key gets one from its label."""
        found: list[Plain] = []
        problems: list[Problem] = []
        taken = {row["key"] for row in rows if row["key"]}
        for index, row in enumerate(rows):
            values, wrong = read_texts(self.fields, row, known, prefix=f"row-{index}-")
            problems += wrong
            if wrong:
                continue
            if self.key == "tie-breaks":
                found.append(values["key"])
                continue
            key = row["key"] or key_from(row.get("label", ""), taken, spare=self.spare)
            taken.add(key)
            found.append(self.gather({**values, "key": key}))
        return found, problems
