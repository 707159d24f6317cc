"""Opening a contest from a kind: everything is filled in, the organiser changes what differs."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from flask import flash, redirect, render_template, request, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length

from judging.db.models import Contest, Organisation
from judging.db.queries.office_setup import organisations_for
from judging.domain.policy import policy
from judging.domain.rules import ContestRules
from judging.errors import N_, NotFound, Refused
from judging.services.actors import organisations_run_by
from judging.services.contests.dates import DATE_LABELS, ContestDates
from judging.services.contests.founding import DEFAULT_ZONE, open_contest
from judging.services.judges.panels import propose_panels
from judging.web.choices import choices
from judging.web.context import account, now, platform
from judging.web.form_problems import show_problems, typed
from judging.web.formats import label, problem_sentence
from judging.web.i18n import show_kind
from judging.web.organiser.blueprint import blueprint
from judging.web.organiser.date_texts import date_texts, read_dates
from judging.web.organiser.texts import TypedError, typed_integer
from judging.web.transaction import db

if TYPE_CHECKING:
    from flask.typing import ResponseReturnValue

_REFUSED = 422
_FILLED = InputRequired(_l("Fill this in."))
# What a province needs between announcing and publishing, in days from the first of them.
_PLAN = {"opens_at": (7, 8), "closes_at": (97, 17), "judging_starts_at": (112, 8), "judging_ends_at": (142, 17),
         "publishes_at": (163, 9)}  # fmt: skip


class ContestForm(FlaskForm):
    """What a new contest is called; its dates are read beside this form."""

    organisation = SelectField(_l("Organisation"))
    title = StringField(_l("Title in Vietnamese"), [_FILLED, Length(max=300)])
    title_en = StringField(_l("Title in English"), [Length(max=300)])
    slug = StringField(_l("Address of its page"), [_FILLED, Length(max=80)])
    year = StringField(_l("Year"), [_FILLED, Length(max=4)])
    edition = StringField(_l("Edition"), [_FILLED, Length(max=4)])


@blueprint.get("/new")
@policy("signed-in")
def create() -> str:
    """Choose a kind; then the form of a new contest, filled in for it."""
    organisations = _organisations()
    rules = platform().registry.kinds.get(request.args.get("kind", ""))
    if rules is None:
        return render_template("organiser/create_kind.html", kinds=list(platform().registry.kinds.values()))
    show_kind(rules.key)
    form = ContestForm(formdata=None, data=_proposal(rules))
    form.organisation.choices = choices((one.id, one.name) for one in organisations)
    return _page(form, rules, date_texts(_planned_dates(), DEFAULT_ZONE), {})


@blueprint.post("/new")
@policy("signed-in")
def open_new() -> ResponseReturnValue:
    """Open the contest, with one panel for each category to begin with."""
    organisations = {one.id: one for one in _organisations()}
    rules = platform().registry.kinds.get(request.form.get("kind", ""))
    if rules is None:
        raise NotFound(N_("There is nothing here."))
    show_kind(rules.key)
    form = ContestForm()
    form.organisation.choices = choices((one.id, one.name) for one in organisations.values())
    dates, wrong = read_dates(request.form, DEFAULT_ZONE)
    errors = {problem.where: problem_sentence(problem) for problem in wrong}
    if form.validate() and not wrong:
        try:
            contest = _open(form, rules, organisations[form.organisation.data], dates)
        except Refused as refused:
            show_problems(form, [problem for problem in refused.problems if problem.where not in DATE_LABELS])
            errors = {one.where: problem_sentence(one) for one in refused.problems if one.where in DATE_LABELS}
        else:
            flash(_("The contest is created. Nobody but the office sees it until you publish its rules."), "info")
            return redirect(url_for("organiser.settings", slug=contest.slug))
    texts = {name: request.form.get(name, "") for name in DATE_LABELS}
    return _page(form, rules, texts, errors), _REFUSED


def _open(form: ContestForm, rules: ContestRules, organisation: Organisation, dates: ContestDates) -> Contest:
    contest = open_contest(
        db(),
        registry=platform().registry,
        organisation=organisation,
        account=account(),
        kind=rules.key,
        slug=typed(form.slug),
        title=typed(form.title),
        title_en=typed(form.title_en),
        year=_whole(typed(form.year)),
        edition=_whole(typed(form.edition)),
        dates=dates,
        now=now(),
    )
    names = [
        (_("Panel %(number)s", number=number), category.key) for number, category in enumerate(rules.categories, 1)
    ]
    propose_panels(db(), contest=contest, names=names)
    return contest


def _whole(text: str) -> int:
    """The number, or one that the service refuses by the field's own rule."""
    try:
        return typed_integer(text)
    except TypedError:
        return 0


def _organisations() -> list[Organisation]:
    """Those for which the person may open contests. Raises NotFound when there is none."""
    found = organisations_for(
        db(), ids=None if account().is_administrator else organisations_run_by(db(), account=account())
    )
    if not found and not account().is_administrator:
        raise NotFound(N_("There is nothing here."))
    return found


def _proposal(rules: ContestRules) -> dict[str, str]:
    year = str(_planned_dates().opens_at.year)  # type: ignore[union-attr]  # a planned date is always set
    titles = {}
    for language in ("vi", "en"):
        with force_locale(language):
            titles[language] = f"{label(rules.name)} {year}"
    return {
        "title": titles["vi"], "title_en": titles["en"], "slug": f"{rules.key}-{year}", "year": year, "edition": "1",
    }  # fmt: skip


def _planned_dates() -> ContestDates:
    today = now().astimezone(ZoneInfo(DEFAULT_ZONE)).replace(minute=0, second=0, microsecond=0)
    moments: dict[str, datetime] = {
        name: (today + timedelta(days=days)).replace(hour=hour) for name, (days, hour) in _PLAN.items()
    }
    return ContestDates(**moments)


def _page(form: ContestForm, rules: ContestRules, dates: dict[str, str], errors: dict[str, str]) -> str:
    return render_template(
        "organiser/create.html", form=form, rules=rules, dates=dates, date_labels=DATE_LABELS, date_errors=errors,
        zone=DEFAULT_ZONE,
    )  # fmt: skip
