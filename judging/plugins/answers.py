"""What the hooks of a contest's owner may answer. Anything else is refused with a message for the plugin's author.

Each function is asked inside the registry, with the answer as the plugin gave it: it may be lazy and raise only now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from judging.domain.values import Grant, Problem
from judging.errors import PluginError
from judging.plugins.limits import (
    MOST_CONTEXT,
    MOST_GRANTS,
    MOST_PROBLEMS,
    MOST_TEXT,
    size_of,
    take,
    too_large,
    wrong_type,
)

ELIGIBILITY = "judging_check_eligibility"
AWARDS = "judging_grant_awards"
DOCUMENT = "judging_document_context"


def read_problems(plugin: str, answers: Iterable[Any]) -> tuple[Problem, ...]:
    """Every reason of the answers, each one a sentence that can be written out. Raises PluginError."""
    problems: list[Problem] = []
    for answer in answers:
        if isinstance(answer, str) or not isinstance(answer, Iterable):
            raise wrong_type(plugin, ELIGIBILITY, "Iterable[Problem]", answer)
        taken = take(answer, MOST_PROBLEMS)
        if taken is None:
            raise too_large(plugin, ELIGIBILITY, f"{MOST_PROBLEMS} problems")
        for problem in taken:
            _check_problem(plugin, problem)
        problems += taken
    return tuple(problems)


def _check_problem(plugin: str, problem: object) -> None:
    if not isinstance(problem, Problem):
        raise wrong_type(plugin, ELIGIBILITY, "Problem", problem)
    for text in (problem.code, problem.message, problem.where, problem.setting):
        if not isinstance(text, str):
            raise wrong_type(plugin, ELIGIBILITY, "Problem with texts", text)
    if not isinstance(problem.ask, bool):
        raise wrong_type(plugin, ELIGIBILITY, "Problem that asks or not", problem.ask)
    if not isinstance(problem.params, Mapping):
        raise wrong_type(plugin, ELIGIBILITY, "Problem with named parameters", problem.params)
    # Written out once here: a placeholder without its value would fail where the reasons are shown.
    if len(problem.message) > MOST_TEXT or len(str(problem)) > MOST_TEXT:
        raise too_large(plugin, ELIGIBILITY, f"{MOST_TEXT} characters")


def read_grants(plugin: str, answer: Any) -> tuple[Grant, ...] | None:
    """The prizes of the answer, or None when it leaves them to the core. Raises PluginError."""
    if answer is None:
        return None
    if isinstance(answer, str) or not isinstance(answer, Sequence):
        raise wrong_type(plugin, AWARDS, "Sequence[Grant]", answer)
    if len(answer) > MOST_GRANTS:
        raise too_large(plugin, AWARDS, f"{MOST_GRANTS} prizes")
    for grant in answer:
        if not isinstance(grant, Grant):
            raise wrong_type(plugin, AWARDS, "Grant", grant)
        for text in (grant.entry, grant.level, grant.board, grant.reason):
            if not isinstance(text, str):
                raise wrong_type(plugin, AWARDS, "Grant with texts", text)
            if len(text) > MOST_TEXT:
                raise too_large(plugin, AWARDS, f"{MOST_TEXT} characters")
    return tuple(answer)


def read_context(plugin: str, answer: Any) -> Mapping[str, object]:
    """The values for a document; empty for None. They are plain: texts, numbers, dates, lists and mappings.

    Raises PluginError.
    """
    if answer is None:
        return {}
    if not isinstance(answer, Mapping):
        raise wrong_type(plugin, DOCUMENT, "Mapping[str, object]", answer)
    for key in answer:
        if not isinstance(key, str) or not key.isidentifier():
            raise wrong_type(plugin, DOCUMENT, "Mapping with names as keys", key)
    try:
        size = size_of(answer, most=MOST_CONTEXT)
    except TypeError as error:
        raise _no_plain_value(plugin, error) from error
    if size > MOST_CONTEXT:
        raise too_large(plugin, DOCUMENT, f"{MOST_CONTEXT} characters")
    return dict(answer)


def _no_plain_value(plugin: str, error: TypeError) -> PluginError:
    refusal = wrong_type(plugin, DOCUMENT, "texts, numbers, dates, lists and mappings of them", None)
    return PluginError(refusal.message, **{**refusal.params, "got": str(error)})
