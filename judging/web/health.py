"""Is the program alive, and is it ready to take requests?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, jsonify

from judging.domain.policy import policy
from judging.errors import JudgingError
from judging.services.readiness import check_readiness
from judging.web.context import platform

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@policy("public")
def alive() -> ResponseReturnValue:
    """Answer as long as the process can answer at all."""
    return jsonify({"status": "alive"})


@blueprint.get("/readyz")
@policy("public")
def ready() -> ResponseReturnValue:
    """Answer 200 when database, migrations and file store work, else 503 naming what does not."""
    try:
        report = check_readiness(platform())
    except JudgingError as error:
        report = {"database": str(error)}
    good = all(value == "ok" for value in report.values())
    return jsonify({"status": "ready" if good else "not ready", **report}), 200 if good else 503
