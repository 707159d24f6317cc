"""Forms of the administration pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import BooleanField, EmailField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from judging.domain.permissions import ROLE_LABELS
from judging.services.contests.organisations import ORGANISATION_ROLES
from judging.web.choices import choices
from judging.web.formats import label

_FILLED = InputRequired(_l("Fill this in."))


class OrganisationForm(FlaskForm):
    """A new organisation."""

    name = StringField(_l("Name of the organisation"), [_FILLED, Length(max=200)])
    slug = StringField(_l("Short name"), [_FILLED, Length(max=60)])


class AppointForm(FlaskForm):
    """A person who gets a role in all contests of an organisation."""

    email = EmailField(_l("E-mail address"), [_FILLED, Length(max=254)])
    name = StringField(_l("Full name"), [Length(max=200)])
    role = SelectField(_l("Role"))

    def offer(self) -> None:
        """Let the form choose among the roles of an office."""
        self.role.choices = choices((role.value, label(ROLE_LABELS[role])) for role in ORGANISATION_ROLES)


class StaffAccountForm(FlaskForm):
    """A new account with a first password."""

    email = EmailField(_l("E-mail address"), [_FILLED, Length(max=254)])
    name = StringField(_l("Full name"), [_FILLED, Length(max=200)])
    administrator = BooleanField(_l("May administer this installation"))
