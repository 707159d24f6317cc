"""Whatever is sent, the interface answers as its description says, and never with a fault of the server.

A short run belongs to the ordinary tests. `make fuzz` sends more than 2,000 requests; FUZZ_CASES says how many.
"""

from __future__ import annotations

import os
import shutil
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from judging.composition import compose, create_web
from judging.db.models import Account
from judging.domain.tus import BODY
from judging.services.access.api_tokens import make_token
from judging.settings import Settings, create_data_folder
from tests.web.leaks.site import forget_signed
from tests.web.leaks.world import World, build_world

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from flask import Flask

    from judging.plugins import Registry
    from judging.services.platform import Platform

SEED = 20_211_020
CASES = int(os.environ.get("FUZZ_CASES", "250"))
FITTING = {"office": "organiser", "judge": "judge_3", "entries": "contestant_b", "read": "auditor"}
"""Who may do what a scope is for."""
ROLES = (*FITTING.values(), "judge_1", "contestant_a", "secretary", "committee", "administrator", "stranger", "guest")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]


@schemathesis.serializer(BODY)
def plain_bytes(_context: Any, value: Any) -> bytes:
    """The bytes of an upload, whatever was made up for them."""
    return value if isinstance(value, bytes) else str(value).encode(errors="replace")


@dataclass(kw_only=True)
class Seeded:
    """A world full of things, which is put back as it was before each operation."""

    platform: Platform
    app: Flask
    world: World
    snapshot: Path
    tokens: dict[str, str]
    statuses: Counter[int] = field(default_factory=Counter)

    def restore(self) -> None:
        """Put the database back."""
        file = self.platform.settings.data / "judging.db"
        self.platform.database.close()
        for ending in ("-wal", "-shm"):
            file.with_name(file.name + ending).unlink(missing_ok=True)
        shutil.copyfile(self.snapshot, file)
        forget_signed(self.platform)

    def name(self, what: str, role: str, random: Random) -> str:
        """A real thing for the variable part of an address, often one that is the role's own."""
        world = self.world
        known = {
            "slug": world.slugs[:1] * 3 + world.slugs[-1:], "round_key": world.rounds,
            "entry_id": [world.entries[name] for name in ("abcde" if role != "contestant_b" else "cd")],
            "assignment_id": [one for name, one in world.assignments.items() if role in name]
            or list(world.assignments.values()),
            "judge_id": world.judges, "file_id": world.files, "picture_id": world.pictures, "prize_id": [world.prize],
            "upload_id": world.uploads,
        }  # fmt: skip
        return random.choice(known.get(what, [world.contest]))


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, registry: Registry) -> Iterator[Seeded]:
    chosen = Settings.from_environment({}, data=create_data_folder(tmp_path_factory.mktemp("fuzz") / "data"))
    file = chosen.data / "judging.db"
    shutil.copyfile(sqlite_template, file)
    platform = compose(chosen, registry=registry)
    with platform.database.writing() as session:
        world = build_world(session, platform)
        accounts = {account.email: account for account in session.query(Account)}
        tokens = {
            role: make_token(
                session, account=accounts[world.emails[role]], name="fuzz", now=datetime.now(UTC),
                scopes=("read", "entries", "judge", "office"),
            ).text
            for role in set(ROLES) - {"guest"}
        }  # fmt: skip
    platform.database.close()
    snapshot = chosen.data / "snapshot.db"
    shutil.copyfile(file, snapshot)
    app = create_web(platform)
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield Seeded(platform=platform, app=app, world=world, snapshot=snapshot, tokens=tokens)
    platform.database.close()


def test_interface_answers_as_it_is_described(seeded: Seeded) -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", seeded.app)
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    each = -(-CASES // len(operations))
    for operation in operations:
        seeded.restore()
        _send(seeded, operation, each)

    assert len(operations) > 45
    assert seeded.statuses.total() >= CASES
    # Otherwise nothing but refusals was looked at.
    assert sum(count for status, count in seeded.statuses.items() if status < 300) > CASES // 20
    assert not {status for status in seeded.statuses if status >= 500}


def _send(seeded: Seeded, operation: Any, examples: int) -> None:
    cases = st.one_of(
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.POSITIVE),
        operation.as_strategy(generation_mode=GenerationMode.NEGATIVE),
    )

    @seed(SEED)
    @settings(
        max_examples=examples, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=cases, chance=st.integers(0, 2**32))
    def send(case: Any, chance: int) -> None:
        random = Random(chance)
        role = random.choice(ROLES) if random.random() < 0.25 else _fitting(operation)
        _aim(seeded, case, role, random)
        response = case.call()
        seeded.statuses[response.status_code] += 1
        case.validate_response(response, checks=CHECKS)

    send()


def _fitting(operation: Any) -> str:
    scopes = operation.definition.raw["x-scopes"]
    return next(role for scope, role in FITTING.items() if scope in scopes)


def _aim(seeded: Seeded, case: Any, role: str, random: Random) -> None:
    """Let most requests name what exists, and some know its version, so that they get further than the door."""
    if random.random() < 0.9:
        for name in case.path_parameters or {}:
            case.path_parameters[name] = seeded.name(name, role, random)
    for name in ("If-Match", "If-None-Match"):
        if name in case.headers and random.random() < 0.7:
            case.headers[name] = "*"
    case.headers.pop("Authorization", None)
    if role != "guest":
        case.headers["Authorization"] = f"Bearer {seeded.tokens[role]}"
