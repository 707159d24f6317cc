"""A rubric while it is being edited: texts as they were typed, which may not fit together yet.

A draft is nested like the rubric. Its controls are called `total`, `s-0-label` (sections), `c-0-label` (criteria),
`c-0-b-1-low` (bands) and `c-0-p-1-low` (sub-criteria).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from judging.domain.rubric import CommentRule
from judging.errors import N_
from judging.web.formats import label
from judging.web.organiser.row_acts import act_on_rows, read_rows
from judging.web.organiser.texts import number_text

Plain = Any
Texts = dict[str, str]

SCALE, BANDS, PARTS, COMMENT = "scale", "bands", "parts", "comment"
SHAPES = (
    (SCALE, N_("One mark on a scale")),
    (BANDS, N_("One mark in named bands")),
    (PARTS, N_("Sub-criteria that add up")),
    (COMMENT, N_("A comment, no mark")),
)
COMMENT_RULES = (
    (CommentRule.NONE.value, N_("No comment")),
    (CommentRule.OPTIONAL.value, N_("The comment is optional")),
    (CommentRule.REQUIRED.value, N_("A comment is required")),
    (CommentRule.AT_ZERO.value, N_("A comment is required with the mark 0")),
)

SECTION_NAMES = ("key", "label", "weight")
CRITERION_NAMES = ("key", "label", "help", "shape", "low", "high", "step", "weight", "comment", "section")
BAND_NAMES = ("key", "label", "low", "high", "meaning")
PART_NAMES = ("key", "label", "low", "high", "step", "help")


@dataclass(slots=True)
class CriterionDraft:
    """A criterion as typed; bands and sub-criteria are kept even while its shape does not use them."""

    texts: Texts
    bands: list[Texts] = field(default_factory=list)
    parts: list[Texts] = field(default_factory=list)


@dataclass(slots=True)
class RubricDraft:
    """A rubric as typed."""

    total: str = ""
    sections: list[Texts] = field(default_factory=list)
    criteria: list[CriterionDraft] = field(default_factory=list)


def draft_of(rubric: Plain) -> RubricDraft:
    """The draft of a rubric in force, given as plain JSON."""
    return RubricDraft(
        total=number_text(rubric["total"]),
        sections=[
            {"key": one["key"], "label": label(one["label"]), "weight": number_text(one["weight"])}
            for one in rubric["sections"]
        ],
        criteria=[_criterion_draft(one) for one in rubric["criteria"]],
    )


def _criterion_draft(plain: Plain) -> CriterionDraft:
    scale = plain["scale"]
    shape = PARTS if plain["parts"] else COMMENT if scale is None else BANDS if plain["bands"] else SCALE
    texts = {
        "key": plain["key"],
        "label": label(plain["label"]),
        "help": label(plain["help"]),
        "shape": shape,
        **_scale_texts(scale),
        "weight": number_text(plain["weight"]),
        "comment": plain["comment"],
        "section": plain["section"] or "",
    }
    bands = [
        {
            "key": one["key"],
            "label": label(one["label"]),
            "low": number_text(one["low"]),
            "high": number_text(one["high"]),
            "meaning": label(one["meaning"]),
        }
        for one in plain["bands"]
    ]
    parts = [
        {"key": one["key"], "label": label(one["label"]), "help": label(one["help"]), **_scale_texts(one["scale"])}
        for one in plain["parts"]
    ]
    return CriterionDraft(texts, bands, parts)


def _scale_texts(scale: Plain) -> Texts:
    if scale is None:
        return {"low": "0", "high": "", "step": number_text("0.5")}
    return {name: number_text(scale[name]) for name in ("low", "high", "step")}


def read_draft(form: Mapping[str, str]) -> RubricDraft:
    """The draft that a form holds."""
    return RubricDraft(
        total=form.get("total", ""),
        sections=read_rows(form, "s", SECTION_NAMES),
        criteria=[
            CriterionDraft(
                texts,
                bands=read_rows(form, f"c-{index}-b", BAND_NAMES),
                parts=read_rows(form, f"c-{index}-p", PART_NAMES),
            )
            for index, texts in enumerate(read_rows(form, "c", CRITERION_NAMES))
        ],
    )


def act_on_draft(draft: RubricDraft, act: str) -> None:
    """Add, remove or move what `act` names: "c-add", "c-up-2", "s-remove-0", "b-2-add", "p-2-remove-1"."""
    what, _, rest = act.partition("-")
    if what == "c":
        draft.criteria = act_on_rows(draft.criteria, rest, blank=_blank_criterion())
    elif what == "s":
        _act_on_sections(draft, rest)
    elif what in ("b", "p"):
        number, _, rest = rest.partition("-")
        if number.isascii() and number.isdigit() and int(number) < len(draft.criteria):
            criterion = draft.criteria[int(number)]
            if what == "b":
                criterion.bands = act_on_rows(criterion.bands, rest, blank=dict.fromkeys(BAND_NAMES, ""))
            else:
                criterion.parts = act_on_rows(criterion.parts, rest, blank=_blank_part())
    for criterion in draft.criteria:
        _fill_shape(criterion)


def _act_on_sections(draft: RubricDraft, act: str) -> None:
    keys = {section["key"] for section in draft.sections}
    number = next(number for number in range(1, len(keys) + 2) if f"section-{number}" not in keys)
    blank = {"key": f"section-{number}", "label": "", "weight": ""}
    draft.sections = act_on_rows(draft.sections, act, blank=blank)
    left = {section["key"] for section in draft.sections}
    for criterion in draft.criteria:
        if criterion.texts["section"] not in left:
            criterion.texts["section"] = ""


def _fill_shape(criterion: CriterionDraft) -> None:
    """Give a criterion that has just changed its shape the rows to fill in."""
    if criterion.texts["shape"] == PARTS and not criterion.parts:
        criterion.parts = [_blank_part(), _blank_part()]
    if criterion.texts["shape"] == BANDS and not criterion.bands:
        criterion.bands = [dict.fromkeys(BAND_NAMES, "") for _ in range(3)]


def _blank_part() -> Texts:
    return {**dict.fromkeys(PART_NAMES, ""), **_scale_texts(None)}


def _blank_criterion() -> CriterionDraft:
    texts = {
        **dict.fromkeys(CRITERION_NAMES, ""),
        **_scale_texts(None),
        "shape": SCALE,
        "weight": "1",
        "comment": CommentRule.OPTIONAL.value,
    }
    return CriterionDraft(texts)
