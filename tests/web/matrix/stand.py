"""The world behind a running application that is put into a scene, asked, and put back as if nothing had happened."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import session as browser_session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import generate_csrf
from sqlalchemy import update

from judging.db.models import Account, DataRead, LoginSession
from judging.db.sqlite import choose_driver
from judging.services.access.api_tokens import SCOPES, make_token
from judging.services.access.sign_in import open_session
from tests.web.leaks.site import forget_signed, open_site
from tests.web.leaks.world import TODAY
from tests.web.matrix.doors import find_facts, list_doors
from tests.web.matrix.fields import key_paths
from tests.web.matrix.own_things import add_to_world
from tests.web.matrix.people import GUEST, WHO

if TYPE_CHECKING:
    from pathlib import Path

    from judging.plugins import Registry
    from tests.web.matrix.doors import Door
    from tests.web.matrix.scenes import Scene

_CSRF = "matrix"
_NOTES = frozenset({DataRead.__tablename__})
"""Tables in which it is only written down who read what: reading is no act."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What somebody was answered, and whether anything stored is different now."""

    status: int
    location: str
    changed: bool
    safe: bool
    keys: tuple[str, ...] | None = None

    @property
    def word(self) -> str:
        """How golden files tell it.

        `acts`: something was changed. `open`: a page or file. `asks`: let in, and nothing was changed, because a form
        lacks something or it is not the time. `sign-in`, `401`, `403`, `404`: kept out.
        """
        if self.status in (301, 302, 303) and self.location.startswith("/login"):
            return "sign-in"
        if self.status in (401, 403, 404) or self.status >= 500:
            return str(self.status)
        if self.changed:
            return "acts"
        return "open" if self.safe and self.status < 400 else "asks"


class Stand:
    """One application on one database; scenes come and go by copies of whole databases in memory."""

    def __init__(self, folder: Path, template: Path, registry: Registry) -> None:
        self.site = open_site(folder, template, registry)
        self.world = self.site.world
        self.app = self.site.app
        with self.site.platform.database.writing() as session:
            add_to_world(session, self.site)
            self._cookies, self._tokens = self._sign_everybody_in(session)
            self.facts = find_facts(session, self.site)
        self.doors = list_doors(self.app)
        self._client = self.app.test_client(use_cookies=False)
        self._csrf = self._form_token()
        path = str(self.site.settings.data / "judging.db")
        self._live = choose_driver().connect(path, isolation_level=None)
        self._world_as_built = self._copy()
        self._scene_as_set = self._world_as_built
        self._files = folder / "files-as-built"
        shutil.copytree(self.site.settings.data / "files", self._files)

    def close(self) -> None:
        """Close the databases."""
        self._live.close()
        self.site.close()

    def set_scene(self, scene: Scene) -> None:
        """Put the database into the scene."""
        self._world_as_built.backup(self._live)
        scene.set_up(self._live, self.world)
        self._scene_as_set = self._copy()

    def ask(self, door: Door, who: str, scene: Scene) -> Outcome:
        """What the person is answered; whatever they changed is undone."""
        before = self._version()
        path = door.path(self.app, self.facts, scene)
        try:
            answer = self.send(door.method, path, who, self._body(door))
        except Exception as error:
            error.add_note(f"{door.name} as {who} in {scene.name}")
            raise
        written = self._version() != before
        changed = written and not (door.is_safe and self._is_as_set())
        if written:
            self._scene_as_set.backup(self._live)
            shutil.copytree(self._files, self.site.settings.data / "files", dirs_exist_ok=True)
            forget_signed(self.site.platform)
        keys = None
        if door.is_api and door.is_safe and answer.status_code == 200 and answer.is_json:
            keys = tuple(sorted(set(key_paths(answer.get_json()))))
        return Outcome(answer.status_code, answer.headers.get("Location", ""), changed, door.is_safe, keys)

    def send(self, method: str, path: str, who: str, body: dict[str, Any] | None = None) -> Any:
        """Send one request as the person, with a cookie or, to the programs' side, with a token."""
        headers = {"Cookie": self._cookies[who], "Accept-Language": "en"}
        sent: dict[str, Any] = {"data": body} if body is not None else {}
        if path.startswith("/api/"):
            headers = {"Authorization": f"Bearer {self._tokens[who]}"} if who != GUEST else {}
            sent = {"json": body} if body is not None else {}
        with self._client.open(path, method=method, headers=headers, **sent) as answer:
            answer.get_data()
            return answer

    def _body(self, door: Door) -> dict[str, Any] | None:
        if door.is_safe:
            return None
        body = dict(door.body(self.facts))
        return body if door.is_api else {"csrf_token": self._csrf, **body}

    def _version(self) -> int:
        """A number that is another one after every commit of somebody else's."""
        return int(self._live.execute("PRAGMA data_version").fetchone()[0])

    def _is_as_set(self) -> bool:
        """Whether the database holds what the scene holds, but for notes of who read what."""
        names = self._scene_as_set.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for table in {name for (name,) in names} - _NOTES:
            query = f'SELECT * FROM "{table}"'  # noqa: S608 - the name of one of our own tables
            if self._live.execute(query).fetchall() != self._scene_as_set.execute(query).fetchall():
                return False
        return True

    def _copy(self) -> Any:
        made = choose_driver().connect(":memory:", isolation_level=None)
        self._live.backup(made)
        return made

    def _sign_everybody_in(self, session: Any) -> tuple[dict[str, str], dict[str, str]]:
        cookies, tokens = {}, {}
        for who, role in WHO.items():
            kept: dict[str, Any] = {"csrf_token": _CSRF}
            if who != GUEST:
                account = session.query(Account).filter_by(email=self.world.emails[role]).one()
                kept |= {"_user_id": open_session(session, account=account, device="", now=TODAY), "_fresh": True}
                made = make_token(session, account=account, name=who, scopes=SCOPES, now=TODAY)
                # Used just now, so that the next use is not written down.
                made.row.seen_at = TODAY
                tokens[who] = made.text
            cookies[who] = f"lang=en; session={self._signed(kept)}"
        # Everybody has just shown who they are, so that no act asks for it once more.
        session.execute(update(LoginSession).values(proved_at=TODAY, is_strong=True))
        return cookies, tokens

    def _signed(self, kept: dict[str, Any]) -> str:
        signer = SecureCookieSessionInterface().get_signing_serializer(self.site.app)
        assert signer is not None
        return str(signer.dumps(kept))

    def _form_token(self) -> str:
        with self.app.test_request_context():
            browser_session["csrf_token"] = _CSRF
            return str(generate_csrf())
