"""A program that submits sheets and dies in the midst of it, for the tests of crash points.

It reads one request a line and answers with one: how the process that did it ended, and what it was answered. Each
request is done by a new process, forked from this one, which has read all modules and opened nothing.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from judging.composition import compose, create_web
from judging.plugins import load_registry
from judging.services.core_plugin import CorePlugin
from judging.settings import Settings

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

DIED = 77
# What is done at the end of a statement that begins so.
STATEMENTS = {
    "after the answer is claimed": "INSERT INTO idempotent_answer",
    "after the leaf": "INSERT INTO log_leaf",
    "after the nodes": "INSERT INTO log_node",
    "after the head": "UPDATE log_head",
    "after the version": "INSERT INTO sheet_version",
    "after the answer is kept": "UPDATE idempotent_answer",
}
POINTS = (
    "before the lock", "after the lock", *STATEMENTS, "before the commit", "after the commit", "after signing",
    "before the answer",
)  # fmt: skip


def die() -> None:
    """As when the power goes: nothing is closed, nothing is written that was not."""
    os._exit(DIED)


def arm(point: str, engine: Engine, app: Flask) -> None:
    """Let the process die when it comes to that point."""
    if point in STATEMENTS:
        _at_statement(engine, "after_cursor_execute", STATEMENTS[point])
    elif point == "before the lock":
        _at_statement(engine, "before_cursor_execute", "SELECT log_head")
    elif point == "after the lock":
        _at_statement(engine, "after_cursor_execute", "SELECT log_head")
    elif point in ("before the commit", "after the commit"):
        _at_commit(engine, after=point.startswith("after"))
    elif point == "after signing":
        sys.addaudithook(_when_opened)
    elif point == "before the answer":
        answer = app.wsgi_app

        def silent(environ: Any, start: Any) -> Any:
            answer(environ, start)
            die()

        app.wsgi_app = silent  # type: ignore[method-assign, assignment]


def _at_statement(engine: Engine, moment: str, beginning: str) -> None:
    def look(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.lstrip().startswith(beginning):
            die()

    event.listen(engine, moment, look)


def _at_commit(engine: Engine, *, after: bool) -> None:
    """At the commit of the transaction that holds a new leaf."""
    recorded: list[str] = []

    def look(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith(STATEMENTS["after the leaf"]):
            recorded.append(statement)

    event.listen(engine, "after_cursor_execute", look)
    commit = engine.dialect.do_commit

    def committing(connection: Any) -> None:
        if recorded and not after:
            die()
        commit(connection)
        if recorded:
            die()

    engine.dialect.do_commit = committing  # type: ignore[method-assign, assignment]


def _when_opened(name: str, arguments: Any) -> None:
    """A checkpoint is signed before its file is opened for writing."""
    if name == "open" and str(arguments[0]).endswith(".checkpoints") and arguments[2] & os.O_APPEND:
        die()


def submit(asked: dict[str, Any], registry: Any) -> dict[str, Any]:
    platform = compose(Settings.from_environment(asked["environ"], data=Path(asked["data"])), registry=registry)
    app = create_web(platform)
    if asked["point"]:
        arm(asked["point"], platform.database.engine, app)
    answer = app.test_client().put(
        f"/api/v1/assignments/{asked['sheet']}/sheet", json=asked["body"],
        headers={"Authorization": f"Bearer {asked['token']}", "Idempotency-Key": asked["key"], "If-None-Match": "*"},
    )  # fmt: skip
    return {"status": answer.status_code, "body": answer.get_data(as_text=True)}


def main() -> None:
    """Answer requests until there are no more."""
    registry = load_registry(core=CorePlugin())
    for line in sys.stdin:
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            os.close(reading)
            with os.fdopen(writing, "w") as pipe:
                json.dump(submit(json.loads(line), registry), pipe)
            os._exit(0)
        os.close(writing)
        with os.fdopen(reading) as pipe:
            told = pipe.read()
        _, status = os.waitpid(child, 0)
        print(json.dumps({"ended": os.waitstatus_to_exitcode(status), **json.loads(told or "{}")}), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
