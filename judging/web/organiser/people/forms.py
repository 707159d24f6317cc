"""Forms of the people pages."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, SelectField, SelectMultipleField, StringField
from wtforms.validators import InputRequired, Length

from judging.db.models import Panel
from judging.domain.permissions import ROLE_LABELS
from judging.domain.rules import Category
from judging.services.contests.staff import STAFF_ROLES
from judging.web.choices import choices
from judging.web.formats import label

_FILLED = InputRequired(_l("Fill this in."))


class PersonForm(FlaskForm):
    """Whom the office names: an address, and a name for the case that there is no account yet."""

    email = EmailField(_l("E-mail address"), [_FILLED, Length(max=254)])
    name = StringField(_l("Full name"), [Length(max=200)])


class SeatForm(FlaskForm):
    """What a judge can read and where they sit."""

    unit = StringField(_l("Workplace"), [Length(max=200)])
    capacity = StringField(_l("Entries they can read"), [_FILLED, Length(max=6)])
    panels = SelectMultipleField(_l("Sits in"))
    chairs = SelectMultipleField(_l("Chairs"))
    preferred = SelectMultipleField(_l("Knows best"))

    def offer(self, panels: Sequence[Panel], categories: Sequence[Category]) -> None:
        """Let the form choose among these panels, and among these categories."""
        self.preferred.choices = choices((one.key, label(one.label)) for one in categories)
        self.panels.choices = choices((panel.id, panel.name) for panel in panels)
        self.chairs.choices = choices((panel.id, panel.name) for panel in panels)


class JudgeForm(PersonForm, SeatForm):
    """A new judge."""


class StaffForm(PersonForm):
    """A new member of the office."""

    role = SelectField(_l("Role"))

    def offer(self) -> None:
        """Let the form choose among the roles of the office."""
        self.role.choices = choices((role.value, label(ROLE_LABELS[role])) for role in STAFF_ROLES)
