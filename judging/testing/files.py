"""Checks of what lies in a plugin's package and of its pages: templates, catalogues, policies."""

from __future__ import annotations

import contextlib
import gettext
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from judging.domain.policy import ATTRIBUTE, Policy
from judging.testing.bench import application_of
from judging.testing.faults import asked, fault
from judging.testing.subject import Subject

if TYPE_CHECKING:
    from flask import Flask

    from judging.plugins import Registry

PAGES, RULES = "judging_pages", "judging_contests"
_PLACEHOLDER = re.compile(r"%\((\w+)\)")
_SERVER_ERROR = 500


class FileChecks(Subject):
    """Builds the application with the plugin and looks at templates, pages and catalogues."""

    def test_pages_declare_their_policy_and_answer(self) -> None:
        registry = self.registry()
        with self._application(registry) as app:
            self._ask_public_pages(app, registry)

    @contextlib.contextmanager
    def _application(self, registry: Registry) -> Iterator[Flask]:
        mend = "declare who may call each view with @policy(…) of judging.api, right below its route"
        with asked(self.name, PAGES, mend), application_of(registry) as app:
            yield app

    def _ask_public_pages(self, app: Flask, registry: Registry) -> None:
        """Every page that a guest may call without naming a contest."""
        app.config["PROPAGATE_EXCEPTIONS"] = True
        names = {pages.name for pages in registry.pages.values()}
        for rule in app.url_map.iter_rules():
            policy = getattr(app.view_functions[rule.endpoint], ATTRIBUTE, None)
            if rule.endpoint.partition(".")[0] not in names or rule.arguments or "GET" not in (rule.methods or ()):
                continue
            if isinstance(policy, Policy) and policy.is_public:
                mend = "let the view answer without an account, a contest or a row of its own"
                with asked(self.name, f"{PAGES} “{rule.rule}”", mend):
                    answer = app.test_client().get(rule.rule)
                if answer.status_code >= _SERVER_ERROR:
                    fault(self.name, f"{PAGES} “{rule.rule}”", f"the page answers {answer.status_code}", mend)

    def test_templates_compile(self) -> None:
        registry = self.registry()
        with self._application(registry) as app:
            for template in app.jinja_env.list_templates(filter_func=lambda one: one.startswith(f"{self.name}:")):
                mend = "let the template compile; those of the package are named with the plugin's name and a colon"
                with asked(self.name, f"template “{template}”", mend):
                    app.jinja_env.get_template(template)
            known = set(app.jinja_env.list_templates())
        for rules in registry.kinds.values():
            for document in rules.documents:
                if document.template and f"{self.name}:{document.template}" not in known:
                    fault(
                        self.name, RULES,
                        f"document “{document.key}” of “{rules.key}” names the template “{document.template}”",
                        "put it into the folder templates of the package, or leave `template` out",
                    )  # fmt: skip

    def test_catalogues_are_compiled_and_keep_their_placeholders(self) -> None:
        package = self.info(self.registry()).package
        if not package:
            return
        folder = Path(str(files(package))) / "translations"
        for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
            compiled = source.with_suffix(".mo")
            place = f"translations/{source.parent.parent.name}"
            if source.stem != package:
                fault(self.name, place, f"the catalogue is called {source.name}", f"call it {package}.po")
            if not compiled.exists():
                fault(
                    self.name, place, f"{source.name} is not compiled, so nobody reads its texts",
                    f"pybabel compile --directory {folder} --domain {package}",
                )  # fmt: skip
        for compiled in sorted(folder.glob("*/LC_MESSAGES/*.mo")):
            self._check_placeholders(compiled)

    def _check_placeholders(self, compiled: Path) -> None:
        with compiled.open("rb") as readable:
            texts = dict(getattr(gettext.GNUTranslations(readable), "_catalog"))  # noqa: B009 - its only way to list
        for msgid, text in texts.items():
            if not isinstance(msgid, str) or not msgid:
                continue
            strange = set(_PLACEHOLDER.findall(text)) - set(_PLACEHOLDER.findall(msgid))
            if strange:
                fault(
                    self.name, f"translations/{compiled.parent.parent.name}",
                    f"the text for “{msgid}” has a placeholder that is not in it: {', '.join(sorted(strange))}",
                    "keep the placeholders of the message id, and no other",
                )  # fmt: skip
