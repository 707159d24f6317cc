"""Every address of the application with every method: what the matrix asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import url_for
from sqlalchemy import select

from judging.db.models import (
    Account,
    ApiToken,
    Conflict,
    Contest,
    ContestRole,
    Entry,
    LoginSession,
    OrganisationRole,
    Panel,
    Passkey,
)
from judging.domain.policy import ATTRIBUTE, Policy
from tests.web.matrix.bodies import BODIES, Facts
from tests.web.matrix.own_things import PLUGINS_CONTEST

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import InstrumentedAttribute, Session

    from tests.web.leaks.site import Site
    from tests.web.matrix.scenes import Scene

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
API = "/api/"
PLUGIN_AREA = "third_party"

# Addresses of one contest without its slug; everything else with an argument names its contest by it.
_OF_THE_CONTEST = frozenset({"slug", "entry_id", "assignment_id", "override_id"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """An address with a method. `area` is the blueprint that answers it, and the golden file in which it stands."""

    method: str
    rule: str
    endpoint: str
    arguments: frozenset[str]
    policy: Policy
    area: str
    does: str

    @property
    def name(self) -> str:
        """How golden files name it."""
        return f"{self.method:<6} {self.rule}"

    @property
    def is_safe(self) -> bool:
        """Whether it may change nothing."""
        return self.method in SAFE

    @property
    def is_api(self) -> bool:
        """Whether programs ask for it, with a token in place of a cookie."""
        return self.rule.startswith(API)

    @property
    def of_contest(self) -> bool:
        """Whether the phase of the world's contest can matter; the plugin has a contest of its own."""
        return bool(self.arguments & _OF_THE_CONTEST) and self.area != PLUGIN_AREA

    def path(self, app: Flask, facts: Facts, scene: Scene) -> str:
        """The address of the things that the world holds for it."""
        values: dict[str, Any] = {name: _value(name, self.endpoint, facts, scene) for name in self.arguments}
        with app.test_request_context():
            return url_for(self.endpoint, _method=self.method, **values)

    def body(self, facts: Facts) -> Mapping[str, object]:
        """What is sent along: enough for the act where that is known, nothing otherwise."""
        made = BODIES.get(self.endpoint)
        return {} if made is None else made(facts)


def list_doors(app: Flask) -> list[Door]:
    """All addresses but static files, by address."""
    found = [
        Door(
            method=method,
            rule=rule.rule,
            endpoint=rule.endpoint,
            arguments=frozenset(rule.arguments),
            policy=getattr(app.view_functions[rule.endpoint], ATTRIBUTE),
            area=rule.endpoint.partition(".")[0],
            does=_first_sentence(app.view_functions[rule.endpoint]),
        )
        for rule in app.url_map.iter_rules()
        if rule.endpoint.rsplit(".", 1)[-1] != "static"
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]
    return sorted(found, key=lambda door: (door.rule, door.method))


def find_facts(session: Session, site: Site) -> Facts:
    """What addresses and forms name in the world."""
    world = site.world
    held = session.get_one(Contest, world.contest)

    def one(column: InstrumentedAttribute[str], *, where: ColumnElement[bool]) -> str:
        return session.scalars(select(column).where(where).order_by(column)).first() or ""

    stranger = one(Account.id, where=Account.email == world.emails["stranger"])
    return Facts(
        world=world,
        number=session.get_one(Entry, world.entries["a"]).number,
        version=held.version,
        account=stranger,
        panel=one(Panel.id, where=Panel.contest_id == held.id),
        conflict=one(Conflict.id, where=Conflict.source == "detected"),
        contest_role=one(ContestRole.id, where=ContestRole.contest_id == held.id),
        office_role=one(OrganisationRole.id, where=OrganisationRole.organisation_id == world.organisations[0]),
        prize=world.prize,
        session=one(LoginSession.id, where=LoginSession.account_id == stranger),
        token=one(ApiToken.id, where=ApiToken.account_id == stranger),
        passkey=one(Passkey.id, where=Passkey.account_id == stranger),
        report=next(iter(site.registry.reports)),
    )


def _first_sentence(view: Callable[..., object]) -> str:
    text = " ".join((view.__doc__ or "").split())
    return text.partition(". ")[0].rstrip(".")


def _value(name: str, endpoint: str, facts: Facts, scene: Scene) -> str:
    world = facts.world
    plugin = endpoint.startswith(f"{PLUGIN_AREA}.")
    values: dict[str, str] = {
        "slug": PLUGINS_CONTEST if plugin else world.slugs[0],
        "entry_id": world.entries["a"],
        "assignment_id": scene.subject_sheet(world),
        "sheet_id": scene.subject_sheet(world),
        "file_id": world.files[0],
        "picture_id": world.pictures[0],
        "judge_id": world.judges[0],
        "organisation_id": world.organisations[0],
        "account_id": facts.account,
        "role_id": facts.office_role if endpoint.startswith("admin.") else facts.contest_role,
        "conflict_id": facts.conflict,
        "prize_id": facts.prize,
        "override_id": world.override,
        "room_id": world.room,
        "statement_id": world.statement,
        "forced_id": world.forced,
        "upload_id": world.uploads[0],
        "request_id": world.request,
        "export_id": world.export,
        "hold_id": world.hold,
        "breach_id": world.breach,
        "member_id": world.members[0],
        "session_id": facts.session,
        "token_id": facts.token,
        "passkey_id": facts.passkey,
        "round_key": world.rounds[0],
        "step": "about",
        "part_key": "team",
        "document_key": world.documents[0],
        "item_key": "model",
        "report_key": facts.report,
        "message_id": world.messages[0],
        "kind_key": "reminder",
        "language": "vi",
        "epoch": "1",
        "number": "1",
        "place": "0/000.p/1",
    }
    if name not in values:
        raise AssertionError(f"{endpoint} names “{name}”: say in tests/web/matrix/doors.py what that is in the world")
    return values[name]
