"""Between forms and services: what was typed, and what a service refused of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from judging.web.formats import problem_sentence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from wtforms import Field

    from judging.domain.values import Problem


def show_problems(form: Any, problems: Iterable[Problem]) -> None:
    """Attach each problem to the field it names; those that name no field go to the form as a whole."""
    for problem in problems:
        sentence = problem_sentence(problem)
        if problem.where and problem.where in form:
            field = form[problem.where]
            field.errors = [*field.errors, sentence]
        else:
            form.form_errors = [*form.form_errors, sentence]


def typed(field: Field) -> str:
    """What was typed into a text field; empty when the form came without it."""
    return str(field.data or "")
