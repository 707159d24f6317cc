"""Templates: where they are found, and what every page may use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import g, request, url_for
from flask_babel import gettext
from flask_login import current_user
from jinja2 import BaseLoader, ChoiceLoader, FileSystemLoader, PackageLoader, PrefixLoader

from judging import __version__
from judging.paths import templates_folder
from judging.services.actors import desks_of
from judging.services.messages.texts import contest_title
from judging.web import formats
from judging.web.context import now, platform
from judging.web.device_copies import is_for_device
from judging.web.draft_lock import draft_lock
from judging.web.i18n import LANGUAGES, locale
from judging.web.transaction import db

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flask import Flask

    from judging.plugins import Registry

FILTERS = (
    formats.score, formats.mark, formats.integer, formats.day, formats.clock, formats.moment, formats.offset,
    formats.megabytes, formats.entry_code, formats.label, formats.shown_title, formats.sentence,
    formats.problem_sentence, formats.error_sentence,
)  # fmt: skip


def plugin_loader(registry: Registry) -> PrefixLoader:
    """Templates of plugins behind their names (`startup:about.html`), so that none can stand in for another's."""
    loaders: dict[str, BaseLoader] = {}
    for info in registry.infos:
        try:
            loaders[info.name] = PackageLoader(info.package, "templates")
        except (ValueError, ModuleNotFoundError):
            continue
    return PrefixLoader(loaders, delimiter=":")


def install(app: Flask, registry: Registry) -> None:
    """Give pages their loader, filters and common values."""
    app.jinja_loader = ChoiceLoader([FileSystemLoader(templates_folder()), plugin_loader(registry)])
    app.jinja_env.filters.update({function.__name__: function for function in FILTERS})
    app.context_processor(_common)


def _common() -> dict[str, Any]:
    contest = g.get("contest")
    return {
        "nav": _navigation(),
        "lang_links": [
            {"code": code, "label": name, "url": _in_language(code), "current": code == locale()}
            for code, name in LANGUAGES.items()
        ],
        "page_lang": locale(),
        "accent": _accent(contest),
        "home_url": url_for("public.home"),
        "sign_in_url": url_for("account.sign_in"),
        "sign_out_url": url_for("account.sign_out"),
        "account_links": [
            {
                "label": gettext("Your account"),
                "url": url_for("account.show"),
                "current": request.endpoint == "account.show",
            }
        ],
        "foot_links": [{"label": gettext("Privacy"), "url": url_for("public.privacy")}],
        "foot_note": gettext("Names and schools are shown only with the author's and the guardian's consent."),
        "asset_version": __version__,
        "now_iso": now().isoformat(),
        "actor": g.get("actor"),
        "contest_title": title_of,
        "draft_lock": _draft_lock(),
    }


def _draft_lock() -> Mapping[str, str] | None:
    account = g.get("account")
    if account is None:
        return None
    lock = draft_lock(platform().settings.secret_key, account.id)
    return {**lock, "key": ""} if is_for_device() else lock


def title_of(contest: Any) -> str:
    """A contest's title in the reader's language, when it has one in it."""
    return contest_title(contest, locale())


def _accent(contest: Any) -> str:
    if contest is None:
        return "office"
    rules = platform().registry.kinds.get(contest.kind)
    if rules is not None:
        return rules.accent
    return str((contest.rules or {}).get("accent", "office"))


def _in_language(code: str) -> str:
    arguments = {**request.args.to_dict(flat=True), **(request.view_args or {}), "lang": code}
    if request.endpoint is None or request.method not in {"GET", "HEAD"}:
        return url_for("public.home", lang=code)
    return url_for(request.endpoint, **arguments)


def _navigation() -> list[dict[str, Any]]:
    items = [(gettext("Contests"), "public.home", ("public",))]
    if current_user.is_authenticated:
        items.append((gettext("My entries"), "entrant.home", ("entrant",)))
        account = g.get("account")
        if account is not None and _desks():
            if "judge" in g.desks:
                items.append((gettext("Judging"), "judge.home", ("judge",)))
            if "office" in g.desks:
                items.append((gettext("Office"), "organiser.home", ("organiser",)))
            if account.is_administrator:
                items.append((gettext("Administration"), "admin.home", ("admin",)))
    return [
        {"label": label, "url": url_for(endpoint), "current": (request.blueprint or "") in blueprints}
        for label, endpoint, blueprints in items
    ]


def _desks() -> frozenset[str]:
    # An error page sets them itself: it must not lean on the database.
    if "desks" not in g:
        g.desks = desks_of(db(), account=g.account)
    desks: frozenset[str] = g.desks
    return desks
