"""Reading and checking what a judge wrote on a score sheet: every refusal names its criterion and what it takes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from types import MappingProxyType

from judging.domain.memory import ByIdentity
from judging.domain.rubric import CommentRule, Criterion, Rubric, Scale
from judging.domain.values import Problem
from judging.errors import N_

_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?", re.ASCII)
_GROUPED = re.compile(r"-?\d{1,3}(?:[.,\s]\d{3})+(?:[.,]\d+)?", re.ASCII)
_DOTTED_THOUSAND = re.compile(r"-?[1-9]\d{0,2}\.\d{3}", re.ASCII)
_SENTENCE_END = re.compile(r"[.!?…]+(?=\s|$)|\n+")
_WORD = re.compile(r"[^\W\d_]{2,}")
_MOST_DIGITS = 6

# Languages in which people write 8,5 for eight and a half.
_COMMA_LOCALES = frozenset({"vi"})

_UNREADABLE = {
    "empty": N_("“%(criterion)s” has no mark yet: give one from %(low)s to %(high)s."),
    "comma": N_("Write the mark of “%(criterion)s” with a point, like 8.5: it goes from %(low)s to %(high)s."),
    "digits": N_("Write the mark of “%(criterion)s” with the plain digits 0 to 9: it goes from %(low)s to %(high)s."),
    "grouping": N_("Write the mark of “%(criterion)s” without grouping: it goes from %(low)s to %(high)s."),
    "long": N_("The mark of “%(criterion)s” has too many digits: it goes from %(low)s to %(high)s."),
    "number": N_("The mark of “%(criterion)s” must be a number from %(low)s to %(high)s."),
}


def _lines(rubric: Rubric) -> Mapping[str, tuple[Criterion, str, Scale]]:
    lines = {key: (criterion, label, scale) for criterion in rubric.criteria for key, label, scale in criterion.scales}
    return MappingProxyType(lines)


lines_of: ByIdentity[Rubric, Mapping[str, tuple[Criterion, str, Scale]]] = ByIdentity(_lines)
"""Every number that a sheet of the rubric holds, by mark key: its criterion, label and scale, in the rubric's order."""


class MarkError(ValueError):
    """A text that is no mark. `code` says why: empty, comma, digits, grouping, long or number."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


def parse_mark(text: str, *, locale: str) -> Decimal:
    """Read a mark as the users of `locale` mean it; a minus sign is read, so that the scale can say what is wrong.

    Vietnamese takes a comma or a point before the decimals, but `1.000` is refused: it means a thousand there. Other
    languages take a point only, since `8,5` could be a slip of either kind. No exponents, no grouping, no digits other
    than 0 to 9, at most six digits. Raises MarkError.
    """
    text = text.strip()
    takes_comma = locale.replace("_", "-").split("-")[0].lower() in _COMMA_LOCALES
    code = _refusal(text, takes_comma=takes_comma)
    if code:
        raise MarkError(code)
    return Decimal(text.replace(",", "."))


def _refusal(text: str, *, takes_comma: bool) -> str:
    if not text:
        return "empty"
    if not text.isascii() and any(sign.isnumeric() for sign in text):
        return "digits"
    if not _NUMBER.fullmatch(text):
        return "grouping" if _GROUPED.fullmatch(text) else "number"
    if "," in text and not takes_comma:
        return "comma"
    if takes_comma and _DOTTED_THOUSAND.fullmatch(text):
        return "grouping"
    return "long" if sum(sign.isdigit() for sign in text) > _MOST_DIGITS else ""


def read_marks(
    rubric: Rubric, raw: Mapping[str, str], *, locale: str
) -> tuple[dict[str, Decimal], tuple[Problem, ...]]:
    """Read a form's texts by mark key: the marks that could be read, and a problem for each text that could not.

    Empty texts are marks not yet given. The marks are numbers only: `check_marks` holds them against the rubric.
    """
    lines = lines_of(rubric)
    marks: dict[str, Decimal] = {}
    problems = []
    for key, text in raw.items():
        if key not in lines:
            problems.append(_unknown(key))
        elif text.strip():
            try:
                marks[key] = parse_mark(text, locale=locale)
            except MarkError as wrong:
                problems.append(_problem(f"mark-{wrong.code}", _UNREADABLE[wrong.code], key, *lines[key][1:]))
    return marks, tuple(problems)


def check_marks(
    rubric: Rubric, marks: Mapping[str, Decimal], comments: Mapping[str, str], *, complete: bool
) -> tuple[Problem, ...]:
    """Every reason why these marks cannot stand; empty when they can.

    `marks` goes by mark key, `comments` by criterion key. A draft (`complete` false) may lack marks and comments. The
    `where` of a problem is the mark key, or the criterion's key when a comment is missing.
    """
    lines = lines_of(rubric)
    problems = [_unknown(key) for key in marks if key not in lines]
    for key, (criterion, label, scale) in lines.items():
        mark = marks.get(key)
        if mark is not None:
            problems.extend(_check_mark(mark, criterion, key, label, scale))
        elif complete:
            problems.append(_problem("mark-missing", _UNREADABLE["empty"], key, label, scale))
    if complete:
        problems.extend(_check_comments(rubric, marks, comments))
    return tuple(problems)


def check_band_choice(rubric: Rubric, marks: Mapping[str, Decimal], chosen: Mapping[str, str]) -> tuple[Problem, ...]:
    """Hold the bands that a judge chose (band key by criterion key) against the marks: a mark must lie in its band.

    A criterion without a chosen band, or without a mark yet, passes.
    """
    return tuple(
        problem
        for key, band_key in chosen.items()
        if band_key
        for problem in _check_choice(rubric.criterion(key), key, band_key, marks.get(key))
    )


def count_sentences(text: str) -> int:
    """How many sentences a comment has: pieces with a word in them, ended by `.`, `!`, `?`, `…`, a line or the text.

    A point inside a number or a word ends nothing.
    """
    return sum(1 for piece in _SENTENCE_END.split(text) if _WORD.search(piece))


def _problem(code: str, message: str, key: str, label: str, scale: Scale, **more: object) -> Problem:
    params = {"criterion": label, "low": scale.low, "high": scale.high, **more}
    return Problem(code=code, message=message, params=params, where=key)


def _unknown(key: str) -> Problem:
    return Problem(
        code="mark-unknown",
        message=N_("This sheet has no criterion “%(criterion)s”."),
        params={"criterion": key},
        where=key,
    )


def _check_mark(mark: Decimal, criterion: Criterion, key: str, label: str, scale: Scale) -> Iterator[Problem]:
    if not mark.is_finite():
        yield _problem("mark-number", _UNREADABLE["number"], key, label, scale)
    elif mark < scale.low:
        message = N_("“%(criterion)s” takes marks from %(low)s to %(high)s: %(mark)s is too low.")
        yield _problem("mark-below", message, key, label, scale, mark=mark)
    elif mark > scale.high:
        message = N_("“%(criterion)s” takes marks from %(low)s to %(high)s: %(mark)s is too high.")
        yield _problem("mark-above", message, key, label, scale, mark=mark)
    elif not _is_short(mark) or not scale.holds(mark):
        message = N_("“%(criterion)s” takes marks from %(low)s to %(high)s in steps of %(step)s: %(mark)s is no step.")
        yield _problem("mark-off-step", message, key, label, scale, mark=mark, step=scale.step)
    elif criterion.bands and criterion.band_of(mark) is None:
        message = N_(
            "“%(criterion)s” takes marks from %(low)s to %(high)s inside a band (%(bands)s): %(mark)s is in none."
        )
        bands = ", ".join(f"{band.low}–{band.high}" for band in criterion.bands)
        yield _problem("mark-outside-bands", message, key, label, scale, mark=mark, bands=bands)


def _is_short(mark: Decimal) -> bool:
    # Decimal arithmetic rounds at 28 digits: a longer mark could be rounded onto a step that it does not lie on.
    exponent = mark.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -_MOST_DIGITS


def _check_comments(rubric: Rubric, marks: Mapping[str, Decimal], comments: Mapping[str, str]) -> Iterator[Problem]:
    for criterion in rubric.criteria:
        if comments.get(criterion.key, "").strip():
            continue
        if criterion.comment is CommentRule.REQUIRED:
            yield Problem(
                code="comment-missing",
                message=N_("“%(criterion)s” needs a comment."),
                params={"criterion": criterion.label},
                where=criterion.key,
            )
        elif criterion.comment is CommentRule.AT_ZERO and any(marks.get(key) == 0 for key, _, _ in criterion.scales):
            yield Problem(
                code="comment-at-zero",
                message=N_("“%(criterion)s” has a mark of 0: say why in a comment."),
                params={"criterion": criterion.label},
                where=criterion.key,
            )


def _check_choice(criterion: Criterion | None, key: str, band_key: str, mark: Decimal | None) -> Iterator[Problem]:
    if criterion is None:
        yield _unknown(key)
        return
    band = next((band for band in criterion.bands if band.key == band_key), None)
    if band is None:
        yield Problem(
            code="band-unknown",
            message=N_("“%(criterion)s” has no band “%(band)s”."),
            params={"criterion": criterion.label, "band": band_key},
            where=key,
        )
    elif mark is not None and not band.holds(mark):
        yield Problem(
            code="mark-outside-band",
            message=N_("“%(criterion)s”: the band “%(band)s” takes marks from %(low)s to %(high)s, not %(mark)s."),
            params={
                "criterion": criterion.label,
                "band": band.label,
                "low": band.low,
                "high": band.high,
                "mark": mark,
            },
            where=key,
        )
