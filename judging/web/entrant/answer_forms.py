"""WTForms built from the rules of a contest. They carry texts; the service reads them and says what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext
from flask_wtf import FlaskForm
from wtforms import BooleanField, Field, SelectField, StringField, TextAreaField
from wtforms.validators import Optional
from wtforms.widgets import DateInput, EmailInput, Input, TelInput, TextInput, URLInput

from judging.domain.fields import EntryField, FieldKind
from judging.domain.rules import Category, ContestRules
from judging.web.choices import choices
from judging.web.formats import label
from judging.web.i18n import locale

PREFIX = "answer_"

_WIDGETS: Mapping[FieldKind, Input] = {
    FieldKind.DATE: DateInput(),
    FieldKind.EMAIL: EmailInput(),
    FieldKind.PHONE: TelInput(),
    FieldKind.URL: URLInput(),
}
_SHORT = frozenset({FieldKind.DATE, FieldKind.INTEGER, FieldKind.DECIMAL})


def answer_form(
    fields: Sequence[EntryField], stored: Mapping[str, object], *, place: ContestRules | None = None, **values: str
) -> FlaskForm:
    """A form for these questions, filled with stored answers, or with what was posted.

    With `place` it also asks for title, category and division, filled from `values`.
    """
    members: dict[str, Any] = {}
    if place is not None:
        members["title"] = StringField(
            gettext("Title"), description=gettext("A short name that says what the work does.")
        )
        members["category"] = _choice(gettext("Category"), place.categories)
        if place.divisions:
            members["division"] = _choice(gettext("Division"), place.divisions)
    members.update({PREFIX + field.key: _field(field) for field in fields})
    data = {PREFIX + field.key: _typed(field, stored.get(field.key)) for field in fields}
    made: FlaskForm = type("AnswerForm", (FlaskForm,), members)(data={**data, **values})
    return made


def layout_of(fields: Sequence[EntryField]) -> list[dict[str, Any]]:
    """How the page lays each question out: the form field's name, words counted, width."""
    return [
        {
            "name": PREFIX + field.key,
            "count": field.max_words or None,
            "width": "short" if field.kind in _SHORT else "full",
        }
        for field in fields
    ]


def posted_answers(fields: Sequence[EntryField], form: Mapping[str, str]) -> dict[str, str]:
    """What was typed, by field key."""
    return {field.key: form.get(PREFIX + field.key, "") for field in fields}


def _field(field: EntryField) -> Field:
    described: dict[str, Any] = {"description": label(field.help), "validators": [] if field.required else [Optional()]}
    text = label(field.label)
    if field.kind is FieldKind.LONG_TEXT:
        return TextAreaField(text, **described)
    if field.kind is FieldKind.BOOLEAN:
        # A box that is left empty is an answer too, so it is never called optional.
        return BooleanField(text, description=label(field.help))
    if field.kind is FieldKind.CHOICE:
        options = [("", gettext("Choose")), *((choice.key, label(choice.label)) for choice in field.choices)]
        return SelectField(text, choices=choices(options), validate_choice=False, **described)
    return StringField(text, widget=_WIDGETS.get(field.kind, TextInput()), **described)


def _choice(text: str, options: Sequence[Category]) -> Field:
    offered = [("", gettext("Choose")), *((option.key, label(option.label)) for option in options)]
    return SelectField(text, choices=choices(offered), validate_choice=False)


def _typed(field: EntryField, value: object) -> object:
    """A stored answer as a person would type it into its field."""
    if field.kind is FieldKind.BOOLEAN:
        return value is True
    if value is None:
        return ""
    if field.kind is FieldKind.DECIMAL:
        return typed_decimal(str(value))
    return str(value)


def typed_decimal(text: str) -> str:
    """A decimal as it is typed in the reader's language, without grouping: what a form shows it must take back."""
    return text.replace(".", ",") if locale() == "vi" else text
