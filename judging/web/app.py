"""Builds the web application on a platform. Migrates nothing and asks nothing: commands do that."""

from __future__ import annotations

from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from judging import paths
from judging.web import (
    bearer,
    context,
    error_pages,
    headers,
    i18n,
    identity,
    limits,
    plugin_pages,
    policing,
    read_log,
    received,
    request_log,
    strength,
    templating,
    transaction,
)
from judging.web.account.blueprint import blueprint as account
from judging.web.admin.blueprint import blueprint as admin
from judging.web.api.blueprint import blueprint as api
from judging.web.entrant.blueprint import blueprint as entrant
from judging.web.health import blueprint as health
from judging.web.judge.blueprint import blueprint as judge
from judging.web.organiser.blueprint import blueprint as organiser
from judging.web.people.blueprint import blueprint as people
from judging.web.public.blueprint import blueprint as public
from judging.web.transaction import TransactionalFlask
from judging.web.tus import protocol

if TYPE_CHECKING:
    from flask import Flask

    from judging.plugins import Registry
    from judging.services.platform import Platform

_BLUEPRINTS = (public, account, entrant, people, judge, organiser, admin, api, health)
_MOST_FORM_MEMORY = 2_000_000
_MOST_FORM_PARTS = 1_000


def create_app(platform: Platform) -> Flask:
    """The application. Raises JudgingError when an endpoint, a plugin's included, declares no policy."""
    settings = platform.settings
    app = TransactionalFlask("judging", static_folder=str(paths.static_folder()), static_url_path="/static")
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-session" if settings.cookie_secure else "session",
        SESSION_COOKIE_SECURE=settings.cookie_secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=14),
        WTF_CSRF_TIME_LIMIT=None,
        MAX_CONTENT_LENGTH=settings.max_upload,
        MAX_FORM_MEMORY_SIZE=_MOST_FORM_MEMORY,
        MAX_FORM_PARTS=_MOST_FORM_PARTS,
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=30),
    )
    app.extensions[context.EXTENSION] = platform
    # First of all, so that whatever refuses a request later does so under its number.
    request_log.install(app, behind_proxy=settings.trusted_proxies > 0)
    # The token is checked before anything else, so that a forged request reaches neither the database nor a view.
    csrf = CSRFProtect(app)
    # Programs sign in by a token in a header, which no page can make a browser send.
    csrf.exempt(api)
    identity.install(app)
    bearer.install(app)
    limits.install(app, settings)
    policing.install(app)
    strength.install(app)
    i18n.install(
        app,
        core=(paths.translations_folder(), "messages"),
        plugins=_catalogues(platform.registry),
        registry=platform.registry,
    )
    templating.install(app, platform.registry)
    headers.install(app, tls=settings.cookie_secure)
    error_pages.install(app)
    read_log.install(app)
    transaction.install(app)
    for blueprint in _BLUEPRINTS:
        app.register_blueprint(blueprint)
    protocol.install(app)
    plugin_pages.install(app, platform.registry)
    policing.declared_policies(app)
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # Flask's documented way to wrap itself
            app.wsgi_app,
            x_for=settings.trusted_proxies,
            x_proto=settings.trusted_proxies,
            x_host=settings.trusted_proxies,
        )
    received.install(app, behind_proxy=settings.trusted_proxies > 0)
    return app


def _catalogues(registry: Registry) -> dict[str, tuple[Path, str]]:
    return {
        info.name: (folder, info.package)
        for info in registry.infos
        if info.package and (folder := Path(str(files(info.package))) / "translations").is_dir()
    }
