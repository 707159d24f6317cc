"""The settings of a contest: read whole, changed by key."""

from __future__ import annotations

from typing import Any

from judging.domain.edition import edition_settings
from judging.services.access.api_tokens import OFFICE, READ
from judging.services.contests.setting_records import record_settings
from judging.web.api.blueprint import blueprint
from judging.web.api.conditions import require_match, tagged
from judging.web.api.operations import operation
from judging.web.api.schemas.contests import SettingAnswer, Settings, SettingsBody
from judging.web.context import actor, contest, now, platform, rules
from judging.web.formats import label
from judging.web.transaction import db

_TAG = "Contests"


@blueprint.get("/contests/<slug>/settings")
@operation(
    tag=_TAG, answer=Settings, roles=("organiser", "secretary", "committee", "auditor"), scopes=(READ, OFFICE),
    fails=(404,), etag=True,
)  # fmt: skip
def get_settings(slug: str) -> Any:
    """Read every setting of the contest with its value in force."""
    del slug
    return tagged(_settings())


@blueprint.patch("/contests/<slug>/settings")
@operation(
    tag=_TAG, answer=Settings, roles=("organiser",), scopes=(OFFICE,), fails=(404, 409), etag=True,
    condition="If-Match", example={"values": {"round-preliminary": {"judges_per_entry": 2}}, "reason": ""},
)  # fmt: skip
def change_settings(slug: str, json: SettingsBody) -> Any:
    """Change settings by key. After the contest has opened this is an amendment, and needs a reason."""
    del slug
    require_match(_settings())
    record_settings(
        db(), registry=platform().registry, contest=contest(), actor=actor(), values=json.values, reason=json.reason,
        now=now(),
    )  # fmt: skip
    db().flush()
    return tagged(_settings())


def _settings() -> Settings:
    shown = contest()
    return Settings(
        pinned=shown.rules is not None,
        items=[
            SettingAnswer(
                key=one.key, label=label(one.label), help=label(one.help), kind=one.kind.value, value=one.value,
                changed=one.key in shown.settings,
            )
            for one in edition_settings(rules())
        ],
    )  # fmt: skip
