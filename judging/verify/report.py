"""The outcome of a check in words for people, and as one JSON document for programs."""

from __future__ import annotations

import gettext
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from judging.domain.ledger.faults import Exit
from judging.domain.ledger.leaves import Leaf
from judging.domain.scoring import CORE_AGGREGATORS
from judging.errors import N_, JudgingError
from judging.verify.outcome import Facts, Outcome, Step, Told

Translate = Callable[[str], str]

_DOMAIN = "messages"
_CATALOGUES = Path(__file__).resolve().parent.parent / "translations"

_STEPS: Mapping[str, str] = {
    "files": N_("Files"),
    "signature": N_("Signature"),
    "tree": N_("Log"),
    "documents": N_("Documents"),
    "receipt": N_("Receipt"),
    "since": N_("Older checkpoint"),
    "leaves": N_("Leaves"),
    "ranking": N_("Ranking"),
}
_VERDICTS: Mapping[Exit, str] = {
    Exit.OK: N_("VERIFIED. The published result follows from the score sheets as they were recorded."),
    Exit.SIGNATURE: N_("NOT VERIFIED. What was published was not signed with the key that was given."),
    Exit.HASH: N_("NOT VERIFIED. Something in the bundle is not what the log recorded and signed."),
    Exit.RECEIPT: N_("NOT VERIFIED. A receipt is not honoured by the published log."),
    Exit.NOT_APPEND_ONLY: N_("NOT VERIFIED. What was recorded earlier was changed or removed since."),
    Exit.RANKING: N_("NOT VERIFIED. The published ranking does not follow from the recorded score sheets."),
    Exit.LEAF: N_("NOT VERIFIED. The log holds a leaf that cannot stand where it stands."),
    Exit.NOT_RECOUNTED: N_("CONSISTENT, BUT NOT RECOUNTED IN FULL. Nothing contradicts the published result."),
}
_LIMITS = N_(
    "This check does not show whether judges judged well, nor who wrote a sheet before its judge looked at it."
)
_ACTS: Mapping[str, str] = {
    "override": N_("the sheet in leaf %(target)s got other marks, by %(by)s, approved by %(approved_by)s"),
    "exclude": N_("the sheet in leaf %(target)s was excluded, by %(by)s, approved by %(approved_by)s"),
    "withdraw": N_("entry %(entry)s was withdrawn, by %(by)s, approved by %(approved_by)s"),
    "disqualify": N_("entry %(entry)s was disqualified, by %(by)s, approved by %(approved_by)s"),
    "forced": N_(
        "judge %(judge)s was given entry %(entry)s in spite of a conflict of interest, by %(by)s, approved by"
        " %(approved_by)s"
    ),
    "recuse": N_("judge %(judge)s was taken off entry %(entry)s"),
    "extend": N_("a deadline (%(what)s) was moved from %(old)s to %(new)s, by %(by)s"),
    "amend": N_("an amendment (%(what)s), by %(by)s, approved by %(approved_by)s"),
    "reopen": N_("what was closed was opened again"),
    "restored": N_("the log was begun anew after a restore that lost leaves"),
    "rekey": N_("a signing key was replaced"),
    "tie": N_("a vote put entries that nothing parted in this order (%(round)s): %(order)s"),
    "granted": N_("a vote for entry %(entry)s (%(subject)s)"),
    "denied": N_("a vote against entry %(entry)s (%(subject)s)"),
}
_LABELS = {aggregator.key: aggregator.label for aggregator in CORE_AGGREGATORS}


def translator(language: str) -> Translate:
    """The core's own catalogue of a language; the msgids themselves, which are English, where there is none."""
    return gettext.translation(_DOMAIN, _CATALOGUES, languages=[language], fallback=True).gettext


def say(told: Told, translate: Translate) -> str:
    """A sentence in the reader's language, the reasons inside it too."""
    return _fill(told.message, told.params, translate)


def write_report(outcome: Outcome, translate: Translate) -> str:
    """What was checked, what the log holds, which acts changed what counts, and what it comes to; lines of text."""
    blocks = [[translate(N_("What was checked")), *_step_lines(outcome.steps, translate)]]
    if outcome.facts is not None:
        blocks.append([translate(N_("What the log holds")), *_fact_lines(outcome.facts, translate)])
        blocks.append([translate(N_("Acts that changed what counts")), *_act_lines(outcome.acts, translate)])
    if outcome.notes:
        blocks.append([translate(N_("Remarks")), *(f"  {say(note, translate)}" for note in outcome.notes)])
    blocks.append([translate(_VERDICTS[outcome.code]), translate(_LIMITS)])
    return "\n\n".join("\n".join(block) for block in blocks)


def write_document(outcome: Outcome, translate: Translate) -> dict[str, Any]:
    """The same as plain JSON: `exit` is the code that the program ends with."""
    facts = outcome.facts
    return {
        "ok": outcome.code is Exit.OK,
        "exit": int(outcome.code),
        "verdict": translate(_VERDICTS[outcome.code]),
        "checks": [
            {"name": step.name, "ok": step.code is Exit.OK, "exit": int(step.code), "told": say(step.told, translate)}
            for step in outcome.steps
        ],
        "log": None if facts is None else _facts_document(facts),
        "acts": [
            {"leaf": index, "at": leaf["t"], "type": leaf["type"], "told": tell_act(leaf, translate)}
            for index, leaf in outcome.acts
        ],
        "notes": [say(note, translate) for note in outcome.notes],
    }


def _facts_document(facts: Facts) -> dict[str, Any]:
    return {
        "origin": facts.origin,
        "size": facts.size,
        "root": facts.root,
        "opened": facts.opened,
        "closed": facts.closed,
        "sheets": facts.sheets,
        "missing": facts.missing,
        "erased": facts.erased,
        "ranking_sha256": facts.ranking_sha256,
        "rounds": [
            {"key": one.key, "aggregator": one.aggregator, "sheets": one.sheets, "entries": one.entries}
            for one in facts.rounds
        ],
    }


def _step_lines(steps: Sequence[Step], translate: Translate) -> Iterator[str]:
    marks = {
        Exit.OK: translate(N_("right")),
        Exit.NOT_RECOUNTED: translate(N_("left open")),
    }
    wrong = translate(N_("WRONG"))
    width = max(map(len, (*marks.values(), wrong)))
    for step in steps:
        mark = marks.get(step.code, wrong)
        yield f"  {mark.ljust(width)}  {translate(_STEPS[step.name])}: {say(step.told, translate)}"


def _fact_lines(facts: Facts, translate: Translate) -> Iterator[str]:
    def line(message: str, **params: object) -> str:
        return "  " + translate(message) % params

    yield line(N_("Log: %(origin)s, %(size)s leaves, root %(root)s"), **_facts_document(facts))
    yield line(N_("Opened %(opened)s, closed %(closed)s"), opened=facts.opened, closed=facts.closed)
    yield line(N_("Sheets submitted, every version counted: %(sheets)s"), sheets=facts.sheets)
    for one in facts.rounds:
        yield line(
            N_("Round “%(round)s” (%(aggregator)s): %(sheets)s sheets count, %(entries)s entries have a place"),
            round=one.key,
            aggregator=translate(_LABELS[one.aggregator]) if one.aggregator in _LABELS else one.aggregator,
            sheets=one.sheets,
            entries=one.entries,
        )
    yield line(N_("Assigned readings without a sheet that counts: %(missing)s"), missing=facts.missing)
    yield line(N_("Leaves of which only the hash is left: %(erased)s"), erased=facts.erased)
    yield line(N_("SHA-256 of the ranking: %(sha256)s"), sha256=facts.ranking_sha256)


def _act_lines(acts: Sequence[tuple[int, Leaf]], translate: Translate) -> Iterator[str]:
    if not acts:
        yield "  " + translate(N_("None."))
    for index, leaf in acts:
        told = {"index": index, "time": leaf["t"], "act": tell_act(leaf, translate)}
        yield "  " + translate(N_("Leaf %(index)s, %(time)s: %(act)s.")) % told


def tell_act(leaf: Leaf, translate: Translate) -> str:
    """An act of the log in words, as the middle of a sentence."""
    kind, params = leaf["type"], dict(leaf)
    if kind == "override" and "exclude" in leaf:
        kind = "exclude"
    elif kind == "assign":
        kind = "forced"
    elif kind == "vote":
        outcome = leaf["outcome"]
        params |= outcome
        kind = "tie" if "order" in outcome else "granted" if outcome["given"] else "denied"
        params["order"] = ", ".join(outcome.get("order", ()))
    return translate(_ACTS[kind]) % params


def _fill(message: str, params: Mapping[str, Any], translate: Translate) -> str:
    if not params:
        return translate(message)
    filled = {
        key: _fill(value.message, value.params, translate) if isinstance(value, JudgingError) else value
        for key, value in params.items()
    }
    return translate(message) % filled
