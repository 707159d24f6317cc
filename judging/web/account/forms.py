"""Forms of the account pages."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import EmailField, HiddenField, PasswordField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

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


class AddressForm(FlaskForm):
    """An address to which a letter is to go."""

    email = EmailField(_l("E-mail address"), [_FILLED, Length(max=254)])
    next = HiddenField(validators=[Length(max=2000)])


class CodeForm(FlaskForm):
    """A code from a letter, an app or a sheet of paper."""

    code = StringField(_l("Code"), [_FILLED, Length(max=60)])


class NewPasswordForm(FlaskForm):
    """A password for an account that a letter has opened."""

    password = PasswordField(_l("New password"), [_FILLED, Length(max=256)])


class AccountForm(FlaskForm):
    """What a person may change about their own account."""

    name = StringField(_l("Your name"), [_FILLED, Length(max=200)])
    locale = SelectField(_l("Language"), choices=choices(LANGUAGES.items()))


class PasswordForm(FlaskForm):
    """A new password, which the present one allows."""

    present = PasswordField(_l("Present password"), [_FILLED, Length(max=256)])
    password = PasswordField(_l("New password"), [_FILLED, Length(max=256)])


class ProofForm(FlaskForm):
    """Who somebody is, once more: the password, or a code of the second factor."""

    password = PasswordField(_l("Password"), [Optional(), Length(max=256)])
    code = StringField(_l("Code of the app, or a recovery code"), [Optional(), Length(max=60)])
    next = HiddenField(validators=[Length(max=2000)])


class PasskeyNameForm(FlaskForm):
    """What a passkey is called in the list."""

    name = StringField(_l("Name"), [_FILLED, Length(max=100)])
