"""A rubric's draft read into rules: every text that cannot be read is named by its control."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from judging.domain.rubric import CommentRule
from judging.domain.values import Problem
from judging.errors import N_
from judging.web.organiser.settings.rubric_draft import BANDS, COMMENT, PARTS, SCALE, CriterionDraft, RubricDraft
from judging.web.organiser.texts import TypedError, key_from, typed_decimal, typed_text

Plain = Any
_COMMENT_RULES = frozenset(rule.value for rule in CommentRule)


class DraftReader:
    """Reads one draft; `problems` holds what could not be read, by the name of the control."""

    def __init__(self, known: Mapping[str, str]) -> None:
        """`known` gives the msgid of each text that is the kind's own."""
        self._known = known
        self.problems: list[Problem] = []

    def read(self, draft: RubricDraft) -> Plain:
        """The rubric as plain JSON. It means something only when there are no `problems`."""
        keys: set[str] = {criterion.texts["key"] for criterion in draft.criteria} - {""}
        return {
            "total": self._number("total", draft.total, optional=True),
            "sections": [
                {
                    "key": section["key"],
                    "label": self._text(f"s-{index}-label", section["label"]),
                    "weight": self._number(f"s-{index}-weight", section["weight"]),
                }
                for index, section in enumerate(draft.sections)
            ],
            "criteria": [
                self._criterion(f"c-{index}", criterion, keys) for index, criterion in enumerate(draft.criteria)
            ],
        }

    def _criterion(self, place: str, draft: CriterionDraft, keys: set[str]) -> Plain:
        texts = draft.texts
        shape = texts["shape"]
        return {
            "key": self._key(texts, keys, "criterion"),
            "label": self._text(f"{place}-label", texts["label"]),
            "help": typed_text(texts["help"], self._known),
            "scale": self._scale(place, texts) if shape in (SCALE, BANDS) else None,
            "bands": self._bands(place, draft.bands) if shape == BANDS else [],
            "parts": self._parts(place, draft.parts) if shape == PARTS else [],
            "weight": "1" if shape == COMMENT else self._number(f"{place}-weight", texts["weight"]),
            "comment": self._comment_rule(place, texts["comment"]),
            "section": texts["section"] or None,
        }

    def _bands(self, place: str, bands: list[dict[str, str]]) -> Plain:
        keys = {band["key"] for band in bands} - {""}
        return [
            {
                "key": self._key(band, keys, "band"),
                "label": self._text(f"{place}-b-{index}-label", band["label"]),
                "low": self._number(f"{place}-b-{index}-low", band["low"]),
                "high": self._number(f"{place}-b-{index}-high", band["high"]),
                "meaning": typed_text(band["meaning"], self._known),
            }
            for index, band in enumerate(bands)
        ]

    def _parts(self, place: str, parts: list[dict[str, str]]) -> Plain:
        keys = {part["key"] for part in parts} - {""}
        return [
            {
                "key": self._key(part, keys, "part"),
                "label": self._text(f"{place}-p-{index}-label", part["label"]),
                "scale": self._scale(f"{place}-p-{index}", part),
                "help": typed_text(part["help"], self._known),
            }
            for index, part in enumerate(parts)
        ]

    def _scale(self, place: str, texts: Mapping[str, str]) -> Plain:
        return {name: self._number(f"{place}-{name}", texts[name]) for name in ("low", "high", "step")}

    def _key(self, texts: Mapping[str, str], keys: set[str], spare: str) -> str:
        key = texts["key"] or key_from(texts["label"], keys, spare=spare)
        keys.add(key)
        return key

    def _comment_rule(self, place: str, rule: str) -> str:
        if rule not in _COMMENT_RULES:
            self._refuse(f"{place}-comment", N_("Choose one of the answers."))
        return rule

    def _text(self, where: str, text: str) -> str:
        if not text.strip():
            self._refuse(where, N_("Write a name here."))
        return typed_text(text, self._known)

    def _number(self, where: str, text: str, *, optional: bool = False) -> str | None:
        if optional and not text.strip():
            return None
        try:
            return typed_decimal(text)
        except TypedError as wrong:
            self._refuse(where, wrong.message)
            return None

    def _refuse(self, where: str, message: str) -> None:
        self.problems.append(Problem(code="typed", where=where, message=message))
