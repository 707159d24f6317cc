"""The peer of a submitted sheet: a Flask route that writes the same rows, with nothing read and nothing checked.

`python -m tools.bench.bare --data FOLDER --port N` serves it as `judging serve` serves the product.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import Flask, Response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from judging.composition import compose
from judging.db.models import Account, Assignment, AuditEvent, Contest, LogHead, LogLeaf, LogNode, SheetVersion
from judging.db.types import new_id
from judging.domain.ledger.merkle import EMPTY_ROOT
from judging.services.platform import Platform
from judging.settings import Settings
from judging.web.sheet_blocks import MARK_FIELD, OVERALL_FIELD

_THREADS = 8  # as `judging serve`
_EPOCH = 0  # before the first of the product


def write_sheet(session: Session, assignment_id: str, marks: Mapping[str, str], comment: str, by: str) -> None:
    """The rows that a submission leaves: the reading, its version, a leaf with a node, two acts in the record."""
    write_rows(session, assignment_id, marks, comment, by)
    _write_leaf(session, datetime.now(UTC), json.dumps(marks).encode())


def write_rows(session: Session, assignment_id: str, marks: Mapping[str, str], comment: str, by: str) -> str:
    """The same without the leaf and the node; the new version's id."""
    now, version_id = datetime.now(UTC), new_id()
    code = hashlib.sha256(json.dumps(marks).encode()).hexdigest()
    _update(session, assignment_id, marks, comment, state="submitted", sheet_version=1)
    session.execute(
        insert(SheetVersion).values(
            id=version_id, assignment_id=assignment_id, number=1, marks=marks, comments={}, comment=comment,
            total=str(sum(Decimal(mark) for mark in marks.values())), rubric_digest=code, submitted_at=now,
            submitted_by_id=by, code=code[:10],
        )
    )  # fmt: skip
    session.execute(
        insert(AuditEvent),
        [
            {"at": now, "action": action, "subject": "sheet", "subject_id": assignment_id, "actor_id": by}
            for action in ("sheet-begun", "sheet-submitted")
        ],
    )
    return version_id


def _write_leaf(session: Session, now: datetime, entry: bytes) -> None:
    """A leaf, a node and the log's head, without a tree over them: one node a leaf is what a log has on average."""
    size = session.execute(
        update(LogHead).where(LogHead.epoch == _EPOCH).values(size=LogHead.size + 1).returning(LogHead.id, LogHead.size)
    ).one()
    hashed = hashlib.sha256(entry).digest()
    session.execute(
        insert(LogLeaf).values(
            log_id=size.id, idx=size.size - 1, hash=hashed, entry=entry, text_salt=hashed, subject_id=None, at=now
        )
    )
    session.execute(insert(LogNode).values(log_id=size.id, level=1, idx=size.size - 1, hash=hashed))


def write_draft(session: Session, assignment_id: str, marks: Mapping[str, str], comment: str) -> None:
    """What saving a draft that has begun leaves behind."""
    _update(session, assignment_id, marks, comment, state="draft")


def _update(session: Session, assignment_id: str, marks: Mapping[str, str], comment: str, **more: Any) -> None:
    session.execute(
        update(Assignment)
        .where(Assignment.id == assignment_id)
        .values(marks=marks, comment=comment, draft_version=1, changed_at=datetime.now(UTC), **more)
        .execution_options(synchronize_session=False)
    )


def writer(platform: Platform) -> str:
    """The account in whose name the bare routes write; a log of their own is made for them."""
    with platform.database.writing() as session:
        if session.scalar(select(LogHead.id).where(LogHead.epoch == _EPOCH)) is None:
            contest = session.execute(select(Contest.id).limit(1)).scalar_one()
            session.add(
                LogHead(
                    contest_id=contest, epoch=_EPOCH, origin="bare", size=0, root=EMPTY_ROOT, peaks=b"",
                    created_at=datetime.now(UTC),
                )
            )  # fmt: skip
        return session.execute(select(Account.id).limit(1)).scalar_one()


def bare_app(platform: Platform) -> Flask:
    """The two routes of a judge's sheet, without the product."""
    app, by = Flask("bare"), writer(platform)

    @app.get("/readyz")
    def ready() -> str:
        return "ready"

    @app.post("/judge/sheets/<assignment_id>")
    def submit(assignment_id: str) -> ResponseReturnValue:
        with platform.database.writing() as session:
            write_sheet(session, assignment_id, _marks(), request.form[OVERALL_FIELD], by)
        return redirect("/")

    @app.post("/judge/sheets/<assignment_id>/draft")
    def save(assignment_id: str) -> ResponseReturnValue:
        with platform.database.writing() as session:
            write_draft(session, assignment_id, _marks(), request.form[OVERALL_FIELD])
        return {"saved_at": datetime.now(UTC).isoformat()}

    return app


def bare_page(text: str) -> Flask:
    """An application whose only page is a text that lies ready: the least that Flask itself takes."""
    app = Flask("bare")

    @app.get("/")
    def page() -> Response:
        return Response(text, mimetype="text/html")

    return app


def _marks() -> dict[str, str]:
    return {key.removeprefix(MARK_FIELD): text for key, text in request.form.items() if key.startswith(MARK_FIELD)}


def _serve(data: Path, port: int) -> None:
    # Only here, since there is no gunicorn for Windows.
    from gunicorn.app.base import BaseApplication  # noqa: PLC0415

    class Server(BaseApplication):  # type: ignore[misc] # the library has no annotations
        """Gunicorn with the options of `judging serve`."""

        def load_config(self) -> None:
            for name, value in {
                "bind": f"127.0.0.1:{port}",
                "workers": 1,
                "worker_class": "gthread",
                "threads": _THREADS,
                "control_socket_disable": True,
                "loglevel": "warning",
            }.items():
                self.cfg.set(name, value)

        def load(self) -> Flask:
            return bare_app(compose(Settings.from_environment(os.environ, data=data)))

    Server().run()


def main() -> int:
    """Serve until the process is told to end."""
    parser = argparse.ArgumentParser(prog="python -m tools.bench.bare")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--port", type=int, required=True)
    asked = parser.parse_args()
    _serve(asked.data, asked.port)
    return 0


if __name__ == "__main__":
    sys.exit(main())
