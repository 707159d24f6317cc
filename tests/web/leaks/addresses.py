"""Every address that can be asked for, made of the routes of the application and the things of the world."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

from flask import url_for

from judging.db.models import Contest
from judging.domain.fields import ItemKind
from judging.domain.policy import ATTRIBUTE, PUBLIC, SIGNED_IN
from judging.services.contests.editions import contest_rules
from judging.web.entrant.step_list import stops
from judging.web.organiser.settings.parts import list_parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flask import Flask

    from judging.domain.policy import Policy
    from judging.services.platform import Platform
    from tests.web.leaks.world import World

MISSING = {
    "slug": "no-such-contest",
    "round_key": "no-such-round",
    "step": "no-such-step",
    "part_key": "no-such-part",
    "document_key": "no-such-document",
    "item_key": "no-such-item",
    "report_key": "no-such-report",
    "message_id": "00000000-0000-7000-8000-0000000000ff",
    "kind_key": "no-such-kind",
    "language": "xx",
    "epoch": "999",
    "number": "999",
    "place": "no/such/tile",
    **{
        name: f"00000000-0000-7000-8000-{number:012d}"
        for number, name in enumerate(
            (
                "entry_id",
                "assignment_id",
                "file_id",
                "judge_id",
                "organisation_id",
                "override_id",
                "room_id",
                "upload_id",
                "picture_id",
                "request_id",
                "export_id",
                "breach_id",
            )
        )
    },
}
"""What does not exist, by the name of the argument."""

WITH_QUERY = {
    "organiser.announcement": ("silent=1",),
    "organiser.entries": ("state=draft", "sort=title&q=M"),
    "organiser.entries_csv": ("state=draft",),
    "organiser.audit": ("page=2",),
    "organiser.messages": ("state=failed", "kind=receipt&person=a&entry=1"),
    "organiser.receiving": ("show=all", "show=received", "code=ST-001-1-AAAA"),
    "public.home": ("lang=vi",),
    "public.log": ("code=ABCDEFGHIJ", "lang=vi"),
    "public.results": ("q=M", "category=software", "lang=vi"),
    "judge.contest": ("round=final",),
    "organiser.repeats": ("code=r-000000",),
}
"""Addresses that are also asked for with these arguments."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """An address with what it is made of, and whom its policy names."""

    endpoint: str
    path: str
    arguments: Mapping[str, str]
    names: frozenset[str]

    @property
    def public(self) -> bool:
        """Whether it is for everybody."""
        return PUBLIC in self.names

    @property
    def signed_in(self) -> bool:
        """Whether every account may ask for it."""
        return SIGNED_IN in self.names


def list_addresses(app: Flask, platform: Platform, world: World) -> list[Address]:
    """All addresses that answer a GET, with every thing of the world that they can name."""
    values = _values(platform, world)
    found: list[Address] = []
    with app.test_request_context():
        for rule in app.url_map.iter_rules():
            if "GET" not in (rule.methods or ()) or rule.endpoint == "static":
                continue
            names = sorted(rule.arguments)
            unknown = set(names) - set(values)
            assert not unknown, f"{rule.rule} names {unknown}: say in tests/web/leaks what these are"
            for combination in product(*(values[name] for name in names)):
                arguments = dict(zip(names, combination, strict=True))
                if _is_telling(arguments, values):
                    found += _addresses(app, rule.endpoint, arguments)
    return list({one.path: one for one in found}.values())


def _is_telling(arguments: Mapping[str, str], values: Mapping[str, list[str]]) -> bool:
    """Leave out what tells no more: the second judge, step or part of another contest or of another entry."""
    main = [arguments.get(name) in (None, values[name][0]) for name in ("slug", "entry_id")]
    others = [name for name in arguments if name not in ("slug", "entry_id", "file_id", "picture_id")]
    return all(main) or all(arguments[name] == values[name][0] for name in others)


def missing_twin(app: Flask, address: Address) -> Address:
    """The same address of something that does not exist."""
    arguments = {name: MISSING[name] for name in address.arguments}
    with app.test_request_context():
        return next(_addresses(app, address.endpoint, arguments))


def _addresses(app: Flask, endpoint: str, arguments: dict[str, Any]) -> Iterator[Address]:
    path = url_for(endpoint, **arguments)
    declared: Policy = getattr(app.view_functions[endpoint], ATTRIBUTE)
    for query in ("", *WITH_QUERY.get(endpoint, ())):
        yield Address(
            endpoint=endpoint,
            path=f"{path}?{query}" if query else path,
            arguments=arguments,
            names=declared.names,
        )


def _values(platform: Platform, world: World) -> dict[str, list[str]]:
    with platform.database.reading() as session:
        rules = contest_rules(platform.registry, session.get_one(Contest, world.contest))
    return {
        "slug": world.slugs,
        "entry_id": list(world.entries.values()),
        "assignment_id": list(world.assignments.values()),
        "file_id": world.files,
        "picture_id": world.pictures,
        "judge_id": world.judges,
        "organisation_id": world.organisations,
        "override_id": [world.override],
        "room_id": [world.room],
        "upload_id": world.uploads,
        "request_id": [world.request],
        "export_id": [world.export],
        "breach_id": [world.breach],
        "round_key": world.rounds,
        "step": list(stops(rules)),
        "part_key": [part.key for part in list_parts(platform.registry, rules)],
        "document_key": world.documents,
        "item_key": [item.key for item in rules.dossier if item.kind is ItemKind.PHYSICAL],
        "report_key": list(platform.registry.reports),
        "message_id": world.messages,
        "kind_key": ["reminder"],
        "language": ["vi"],
        "epoch": ["1"],
        "number": ["1"],
        "place": ["0/000.p/1", "entries/000.p/1"],
    }
