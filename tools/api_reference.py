"""Write docs/plugin-reference.md from judging.api, so that the page cannot say anything else than the code."""

from __future__ import annotations

import dataclasses
import inspect
import re
import types
import typing
from collections.abc import Callable
from enum import Enum
from pathlib import Path

from judging import api

PAGE = Path(__file__).resolve().parent.parent / "docs" / "plugin-reference.md"

# A name that joins judging.api joins one of these groups as well: the test of this page says so.
GROUPS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "Rules",
        "What a contest kind is, as frozen data that checks itself: a contradiction raises `RulesError` at once.",
        ("ContestRules", "Category", "Division", "Team", "Round", "RoundMode", "GapRule", "Quota", "Board", "Gate",
         "GateScope", "Award", "Document"),
    ),
    (
        "Rubrics",
        "What a judge scores. All numbers are `Decimal`.",
        ("Rubric", "Section", "Criterion", "Part", "Scale", "Band", "CommentRule"),
    ),
    (
        "Entry form and settings",
        "What an entry is asked for, and what an organiser may set for one edition.",
        ("EntryField", "FieldKind", "Choice", "DossierItem", "ItemKind", "Setting", "SettingKind"),
    ),
    (
        "Values of a running contest",
        "What hooks and strategies are given, and what they answer. Entries and judges go by alias (`e-…`, `j-…`).",
        ("Entry", "Member", "Ballot", "Score", "Standing", "TieDecision", "TieContext", "Problem", "Grant"),
    ),
    ("Strategies", "Data with one pure function, chosen by key.", ("Aggregator", "TieBreaker", "Report")),
    (
        "Functions",
        "Pure, but for the marks that the last four leave on what they are put before.",
        ("sheet_total", "criterion_values", "as_decimal_string", "apply_settings", "digest", "N_", "policy", "menu",
         "hookimpl"),
    ),
    ("Errors and constants", "", ("RulesError", "API_VERSION", "PROJECT")),
)  # fmt: skip

_TEXTS = {
    "hookimpl": "`@hookimpl` marks a method as the plugin's answer to the hook of its name."
    " A hook may name fewer parameters than it is given.",
    "API_VERSION": f"`{api.API_VERSION}`. A plugin says `judging_api = {api.API_VERSION}`.",
    "PROJECT": f"`{api.PROJECT!r}`, the name under which pluggy knows the hooks.",
}


def grouped() -> list[str]:
    """Every name on the page, in its order."""
    return [name for _, _, names in GROUPS for name in names]


def page() -> str:
    """The whole page."""
    head = (
        "# Reference of the plugin interface\n\n"
        f"API version {api.API_VERSION}. Made by `make hooks` from `judging.api`.\n\n"
        "All classes take their fields by name and cannot be changed once they are made.\n"
        "[Writing a plugin](writing-a-plugin.md) shows them at work, [hooks](hooks.md) says who is asked what."
    )
    sections = [
        f"## {title}\n\n{text}".rstrip() + "\n\n" + "\n\n".join(map(_entry, names)) for title, text, names in GROUPS
    ]
    return "\n\n".join([head, *sections]) + "\n"


def _entry(name: str) -> str:
    thing = getattr(api, name)
    parts = [f"### {name}"]
    if name in _TEXTS:
        return f"{parts[0]}\n\n{_TEXTS[name]}"
    if isinstance(thing, type) and issubclass(thing, Enum):
        return "\n\n".join([*parts, _text(thing), _members(thing)])
    if isinstance(thing, type) and dataclasses.is_dataclass(thing):
        return "\n\n".join([*parts, _text(thing), _fields(thing), *_methods(thing)])
    if isinstance(thing, type):
        return "\n\n".join([*parts, _text(thing)])
    return "\n\n".join([*parts, f"`{name}{_signature(thing)}`", _text(thing)])


def _text(thing: object) -> str:
    """A docstring as Markdown: an example in it becomes a block of code."""
    text = inspect.getdoc(thing) or ""
    return re.sub(r"(?:^>>> .*(?:\n(?!\n).*)*)", lambda found: f"```python\n{found[0]}\n```", text, flags=re.MULTILINE)


def _members(enum: type[Enum]) -> str:
    return "Members: " + ", ".join(f"`{member.name}` (`{member.value}`)" for member in enum) + "."


def _fields(shape: type) -> str:
    rows = [
        f"| `{field.name}` | `{_annotation(field.type)}` | {_default(field)} |" for field in dataclasses.fields(shape)
    ]
    return "\n".join(["| field | type | default |", "|---|---|---|", *rows])


def _default(field: dataclasses.Field[typing.Any]) -> str:
    if field.default_factory is not dataclasses.MISSING:
        return f"`{field.default_factory()!r}`"
    if field.default is dataclasses.MISSING:
        return "–"
    value = field.default
    shown = f"{type(value).__name__}.{value.name}" if isinstance(value, Enum) else repr(value)
    return f"`{shown}`"


def _methods(shape: type) -> list[str]:
    """The public methods and properties that a class of the interface has of its own."""
    told = []
    for name, member in vars(shape).items():
        if name.startswith("_"):
            continue
        if isinstance(member, property):
            told.append(f"* `{name}`: {_line(member.fget)}")
        elif isinstance(member, types.FunctionType):
            signature = _signature(member).replace("(self, ", "(").replace("(self)", "()")
            told.append(f"* `{name}{signature}`: {_line(member)}")
    return ["\n".join(told)] if told else []


def _line(function: Callable[..., object] | None) -> str:
    return " ".join((inspect.getdoc(function) or "").split())


def _signature(function: Callable[..., object]) -> str:
    return re.sub(r"'([^']*)'", r"\1", str(inspect.signature(function)))


def _annotation(kind: object) -> str:
    return str(kind if isinstance(kind, str) else getattr(kind, "__name__", kind)).replace("|", "or")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
