"""Forms of the account pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length

from judging.web.choices import choices
from judging.web.i18n import LANGUAGES

_FILLED = InputRequired(_l("Fill this in."))


class SignInForm(FlaskForm):
    """An address and a password; `next` is where the person wanted to go."""

    email = EmailField(_l("E-mail address"), [_FILLED, Length(max=254)])
    password = PasswordField(_l("Password"), [_FILLED, Length(max=256)])
    next = HiddenField(validators=[Length(max=2000)])


class RegisterForm(FlaskForm):
    """What an account needs."""

    name = StringField(_l("Your name"), [_FILLED, Length(max=200)])
    email = EmailField(_l("E-mail address"), [_FILLED, Length(max=254)])
    password = PasswordField(_l("Password"), [_FILLED, Length(max=256)])
    next = HiddenField(validators=[Length(max=2000)])


class AccountForm(FlaskForm):
    """What a person may change about their own account."""

    name = StringField(_l("Your name"), [_FILLED, Length(max=200)])
    locale = SelectField(_l("Language"), choices=choices(LANGUAGES.items()))


class PasswordForm(FlaskForm):
    """A new password, which the present one allows."""

    present = PasswordField(_l("Present password"), [_FILLED, Length(max=256)])
    password = PasswordField(_l("New password"), [_FILLED, Length(max=256)])
