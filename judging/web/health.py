"""Is the program alive, and is it ready to take requests?"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from flask import Blueprint, current_app, jsonify

from judging.domain.policy import policy
from judging.services.upkeep.readiness import Readiness
from judging.web.context import EXTENSION

if TYPE_CHECKING:
    from flask.blueprints import BlueprintSetupState
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("health", __name__)

_READINESS = "judging_readiness"


@blueprint.record
def _keep(state: BlueprintSetupState) -> None:
    state.app.extensions[_READINESS] = Readiness(state.app.extensions[EXTENSION])


@blueprint.get("/healthz")
@policy("public")
def alive() -> ResponseReturnValue:
    """Answer as long as the process can answer at all."""
    return jsonify({"status": "alive"})


@blueprint.get("/readyz")
@policy("public")
def ready() -> ResponseReturnValue:
    """Answer 200 when database, migrations and file store work, else 503 naming what does not, and no more.

    Beside that it tells for what the disks have too little room: readers are served all the same.
    """
    readiness = cast("Readiness", current_app.extensions[_READINESS])
    answers = readiness.look()
    good = all(answers.values())
    told = {name: "ok" if works else "not ok" for name, works in answers.items()}
    told |= {name: "ok" if enough else "low" for name, enough in readiness.room().items()}
    headers = {} if good else {"Retry-After": "5"}
    return jsonify({"status": "ready" if good else "not ready", **told}), 200 if good else 503, headers
