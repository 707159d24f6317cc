"""Somebody at a browser without JavaScript: reads pages, fills in their forms as they stand, presses their buttons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import html5lib
from werkzeug.datastructures import MultiDict

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

    from flask import Flask
    from werkzeug.test import TestResponse

Fields = Mapping[str, "str | list[str]"]
"""What is typed into a form, by the name of the control."""

_TYPED = {"text", "hidden", "email", "password", "date", "datetime-local", "number", "search", "tel", "url", ""}


@dataclass(slots=True)
class Form:
    """A form of a page: where it goes, what it holds now, and its buttons by their words."""

    action: str
    method: str
    values: MultiDict[str, str] = field(default_factory=MultiDict)
    buttons: dict[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Page:
    """What was answered: its address, its text and its forms."""

    path: str
    answer: TestResponse
    tree: Element

    @property
    def text(self) -> str:
        """The words of the page, with single spaces."""
        return " ".join("".join(self.tree.itertext()).split())

    def links(self) -> dict[str, str]:
        """The addresses of the links by their words."""
        return {words_of(one): one.get("href", "") for one in self.tree.iter("a")}

    def form_with(self, button: str) -> Form:
        """The form that has a button with these words."""
        found = [form for form in self.forms() if button in form.buttons]
        assert found, f"{self.path} has no button “{button}”: {[list(form.buttons) for form in self.forms()]}"
        return found[0]

    def forms(self) -> Iterator[Form]:
        """Every form of the page."""
        for element in self.tree.iter("form"):
            yield _read_form(element, self.path, self.tree)


class Visitor:
    """One person at one browser, reading English."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.client = app.test_client()
        self.client.set_cookie("lang", language)

    def go(self, path: str, *, status: int = 200) -> Page:
        """Open an address, following where it leads."""
        return self._page(self.client.get(path, follow_redirects=True), status)

    def press(
        self, page: Page, button: str, fields: Fields | None = None, *, status: int = 200, **values: str | list[str]
    ) -> Page:
        """Fill the form that has this button with `fields` and `values`, press it, and follow where it leads."""
        form = page.form_with(button)
        data = MultiDict(form.values)
        for field_name, typed in {**(fields or {}), **values}.items():
            data.setlist(field_name, typed if isinstance(typed, list) else [typed])
        name, value = form.buttons[button]
        if name:
            data[name] = value
        if form.method == "get":
            return self._page(self.client.get(form.action, query_string=data, follow_redirects=True), status)
        return self._page(self.client.post(form.action, data=data, follow_redirects=True), status)

    def sign_in(self, email: str, password: str) -> Page:
        """Sign in through the form."""
        return self.press(self.go("/login"), "Sign in", email=email, password=password)

    @staticmethod
    def _page(answer: TestResponse, status: int) -> Page:
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        page = Page(path=answer.request.path, answer=answer, tree=parser.parse(answer.text))
        assert answer.status_code == status, f"{page.path} answered {answer.status_code}: {page.text[:1500]}"
        return page


def words_of(element: Element) -> str:
    """The words inside an element, with single spaces."""
    return " ".join("".join(element.itertext()).split())


def _read_form(element: Element, path: str, tree: Element) -> Form:
    form = Form(action=element.get("action") or path, method=(element.get("method") or "get").lower())
    own = element.get("id")
    controls = list(element.iter())
    if own:
        controls += [one for one in tree.iter() if one.get("form") == own and one not in controls]
    for control in controls:
        name, kind = control.get("name", ""), control.get("type", "")
        if control.tag == "button" and kind != "button":
            form.buttons[words_of(control)] = (name, control.get("value", ""))
        elif name:
            for value in _values(control, kind):
                form.values.add(name, value)
    return form


def _values(control: Element, kind: str) -> list[str]:
    if control.tag == "textarea":
        return ["".join(control.itertext())]
    if control.tag == "select":
        options = list(control.iter("option"))
        chosen = [one for one in options if one.get("selected") is not None] or options[:1]
        return [one.get("value", words_of(one)) for one in chosen]
    if control.tag != "input":
        return []
    if kind in ("checkbox", "radio"):
        return [control.get("value", "on")] if control.get("checked") is not None else []
    return [control.get("value", "")] if kind in _TYPED else []
