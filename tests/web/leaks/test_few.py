"""T12: what few sheets come to - their mean, their sum, the one left - is told nobody before the entry is locked.

Two marks are as good as told by their mean to whoever knows one of them. No role here has averages without sheets;
this keeps it so. Entry A waits for its third sheet: judges 1 and 2 have handed theirs in, judge 3 has not.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from judging.db.models import SheetVersion
from judging.domain.totals import as_decimal_string
from tests.web.leaks.canaries import ROLES

if TYPE_CHECKING:
    from tests.web.leaks.site import Site

pytestmark = pytest.mark.xdist_group("leaks")

_IN = ("a-judge_1", "a-judge_2")


def _written(number: Fraction) -> set[str]:
    """The number as pages in both languages, tables and programs write it."""
    whole = as_decimal_string(number)
    plain = whole.rstrip("0").rstrip(".")
    texts = {whole, plain, f"{float(number):.2f}", f"{float(number):.3f}"}
    return texts | {text.replace(".", ",") for text in texts}


def _totals(site: Site) -> dict[str, Fraction]:
    with site.platform.database.reading() as session:
        return {one: Fraction(session.get_one(SheetVersion, site.world.sheets[one]).total) for one in _IN}


def _hidden(site: Site, role: str) -> set[str]:
    """What this person could work others' marks out from; everybody knows one's own."""
    totals = _totals(site)
    numbers = {sum(totals.values(), Fraction()) / len(totals), sum(totals.values(), Fraction())}
    numbers |= {total for sheet, total in totals.items() if not sheet.endswith(role)}
    # A whole number of points stands in many places: only with decimals it is somebody's total.
    return {text for number in numbers for text in _written(number) if "." in text or "," in text}


@pytest.mark.parametrize("role", sorted(set(ROLES) - {"auditor"}))
def test_nothing_that_two_sheets_come_to_is_told(site: Site, role: str) -> None:
    hidden = _hidden(site, role)
    told = {
        path: [text for text in hidden if text in answer.body]
        for path, answer in site.answers(role).items()
        if answer.status < 300 and not answer.body.startswith(("%PDF", "\\x89"))
    }
    assert {path: texts for path, texts in told.items() if texts} == {}


def test_totals_are_written_in_this_way(site: Site) -> None:
    """The own total of a judge is found by what is looked for above, so that another's would be too."""
    for role, sheet in (("judge_1", _IN[0]), ("judge_2", _IN[1])):
        own = {text for text in _written(_totals(site)[sheet]) if "." in text}
        paths = [path for path, one in site.answers(role).items() if any(text in one.body for text in own)]
        assert any(path.startswith("/judge/") for path in paths)
        assert any(path.startswith("/api/") for path in paths)
