"""Which fields programs are told, by address, person and phase: key paths of the JSON, never values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from tests.web.matrix.people import WHO

FIELDS = "api-fields"
Told = Mapping[str, Mapping[tuple[str, ...], list[tuple[str, str]]]]
"""By address and set of key paths: the scenes and people that are told just these."""

_FREE = frozenset({"answers", "marks", "comments", "bands", "load", "settings", "paths", "components"})
"""Objects whose keys are data: a kind's own, or aliases of judges. The document of the interface describes itself."""


def key_paths(value: Any, prefix: str = "") -> Iterator[str]:
    """Every key in the document, with where it stands: `items[].title`."""
    if isinstance(value, dict):
        for key, held in value.items():
            path = f"{prefix}.{key}" if prefix else key
            yield path
            if key not in _FREE:
                yield from key_paths(held, path)
    elif isinstance(value, list):
        for held in value:
            yield from key_paths(held, f"{prefix}[]")


def write_fields(told: Told) -> str:
    """The key paths with who is told them when, so that a reviewer sees a new field and its readers."""
    lines = ["# The fields of the interface for programs: who is told which, and in which phase of the contest."]
    order = {who: place for place, who in enumerate(WHO)}
    for rule in sorted(told):
        lines += ["", f"GET    {rule}"]
        for keys, readers in sorted(told[rule].items()):
            people: dict[tuple[str, ...], list[str]] = {}
            for who in sorted({who for _scene, who in readers}, key=order.__getitem__):
                people.setdefault(tuple(scene for scene, one in readers if one == who), []).append(who)
            for scenes, names in people.items():
                lines.append(f"    {' '.join(names)} | {' '.join(scenes)}")
            lines += [f"        {key}" for key in keys]
    return "\n".join(lines) + "\n"
