"""A contest kind as frozen data that checks itself.

Labels and texts are English msgids; they are translated where they are shown, from the plugin's own catalogue. From
this data alone the core builds forms, score sheets, standings, award lists and the digest that a contest pins.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from judging.domain.fields import DossierItem, EntryField, Setting
from judging.domain.keys import check_key, check_unique
from judging.domain.numbers import is_ordinary
from judging.domain.rubric import Rubric
from judging.domain.structure import LEFT_OUT_AT_DEFAULT
from judging.errors import N_, RulesError


class RoundMode(StrEnum):
    """How judges meet the entries of a round."""

    DOSSIER = "dossier"
    PRESENTATION = "presentation"
    PITCH = "pitch"
    VISIT = "visit"


class GapRule(StrEnum):
    """What happens when the judges of an entry differ by more than the limit."""

    OFF = "off"
    FLAG = "flag"
    DISCUSS = "discuss"
    THIRD_JUDGE = "third-judge"


class Board(StrEnum):
    """For what a number of prizes or places is meant."""

    CONTEST = "contest"
    DIVISION = "division"
    CATEGORY = "category"


class GateScope(StrEnum):
    """What an entry is kept from when it does not pass a gate."""

    ADVANCE = "advance"
    PRIZE = "prize"
    LEVEL = "level"


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """The field in which an entry is registered."""

    key: str
    label: str

    def __post_init__(self) -> None:
        check_key(self.key)
        if not self.label.strip():
            raise RulesError(N_("Every category and division needs a name."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Division(Category):
    """A separate prize board: an age group or a track."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """How many people an entry may have and whether their contributions must sum to 100 %."""

    low: int = 1
    high: int = 5
    shares: bool = True
    births: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.low <= self.high:
            raise RulesError(N_("A team needs at least one person, and its limits must rise."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Quota:
    """How many entries go on to the next round, for each board."""

    places: int
    board: Board = Board.CONTEST

    def __post_init__(self) -> None:
        if self.places < 1:
            raise RulesError(N_("A quota is a number of places from 1 up."))


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One judging pass: its rubric, how marks are combined, how many judges an entry gets, and who goes on.

    `aggregator` names an Aggregator by key. `gap_limit` is in points of the sheet's total. `minutes` and
    `question_minutes` time a presentation; 0 means no timer. `blind` hides the authors from the judges.
    `sentences` is how many sentences the sheet's comment needs at least. `warm_up` is how many of their first sheets
    judges may look at again once all others of theirs are in.
    """

    key: str
    label: str
    rubric: Rubric
    mode: RoundMode = RoundMode.DOSSIER
    aggregator: str = "mean"
    judges_per_entry: int = 3
    gap_limit: Decimal = Decimal(20)
    gap_rule: GapRule = GapRule.DISCUSS
    quota: Quota | None = None
    minutes: int = 0
    question_minutes: int = 0
    blind: bool = True
    sentences: int = 0
    warm_up: int = field(default=0, metadata=LEFT_OUT_AT_DEFAULT)

    def __post_init__(self) -> None:
        check_key(self.key)
        if self.judges_per_entry < 1:
            raise RulesError(N_("Round “%(round)s” needs at least one judge for each entry."), round=self.label)
        if self.aggregator == "trimmed-mean" and self.judges_per_entry < 5:
            raise RulesError(
                N_("Round “%(round)s”: dropping the highest and lowest sheet needs at least 5 judges an entry."),
                round=self.label,
            )
        if (
            not is_ordinary(self.gap_limit)
            or self.gap_limit < 0
            or min(self.minutes, self.question_minutes, self.sentences, self.warm_up) < 0
        ):
            raise RulesError(N_("Round “%(round)s” has a negative limit."), round=self.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A threshold: to go on from a round, to win any prize, or to win one level.

    `minimum` is a score in `round`; `criterion` narrows it to that criterion's mean mark; `no_zero` asks that no judge
    gave any criterion a 0.
    """

    key: str
    label: str
    scope: GateScope
    round: str
    minimum: Decimal = Decimal(0)
    level: str | None = None
    criterion: str | None = None
    no_zero: bool = False

    def __post_init__(self) -> None:
        check_key(self.key)
        if not is_ordinary(self.minimum):
            raise RulesError(N_("The threshold of gate “%(gate)s” is no ordinary number."), gate=self.label)
        if (self.scope is GateScope.LEVEL) != (self.level is not None):
            raise RulesError(N_("Gate “%(gate)s” must name a prize level if it guards one."), gate=self.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Award:
    """A prize level. `planned` is how many each board may give; fewer, or none, is a normal outcome.

    `special` marks a side prize that the council gives by name and that the ranking does not fill.
    """

    key: str
    label: str
    planned: int
    board: Board = Board.CONTEST
    special: bool = False
    money: int = 0

    def __post_init__(self) -> None:
        check_key(self.key)
        if self.planned < 0 or self.money < 0:
            raise RulesError(N_("Prize “%(award)s” cannot have a negative number."), award=self.label)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A paper that is printed for one entry of a contest of this kind: a certificate, a record, a card for the table.

    `template` names a template of the plugin (`certificate.html`); without one the core's own is used. `for_authors`
    lets the entry's own people open it once the results are public. `prized` keeps it to entries that won a prize.
    """

    key: str
    label: str
    template: str = ""
    for_authors: bool = False
    prized: bool = False

    def __post_init__(self) -> None:
        check_key(self.key)
        if not self.label.strip():
            raise RulesError(N_("Document “%(document)s” needs a name."), document=self.key)
        if ".." in self.template or ":" in self.template or self.template.startswith("/"):
            raise RulesError(
                N_("Document “%(document)s” names its template as it lies in the plugin's folder of templates."),
                document=self.label,
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestRules:
    """All that makes a contest kind.

    `tie_breaks` lists TieBreaker keys in order; `criterion:novelty` compares the mean mark of that criterion. `accent`
    names the colour pair of the kind's pages. With `sheets_to_authors` the archive of an author's own
    data has the sheets of their published entry, without who wrote them.
    """

    key: str
    name: str
    version: str
    categories: tuple[Category, ...]
    rounds: tuple[Round, ...]
    awards: tuple[Award, ...]
    summary: str = ""
    fields: tuple[EntryField, ...] = ()
    dossier: tuple[DossierItem, ...] = ()
    team: Team = Team()
    divisions: tuple[Division, ...] = ()
    gates: tuple[Gate, ...] = ()
    tie_breaks: tuple[str, ...] = ()
    documents: tuple[Document, ...] = ()
    settings: tuple[Setting, ...] = ()
    accent: str = "office"
    prefix: str = "BT"
    children: bool = False
    sheets_to_authors: bool = False

    def __post_init__(self) -> None:
        check_key(self.key)
        for what, things in (
            ("category", self.categories),
            ("division", self.divisions),
            ("round", self.rounds),
            ("gate", self.gates),
            ("prize", self.awards),
            ("field", self.fields),
            ("dossier item", self.dossier),
            ("document", self.documents),
            ("setting", self.settings),
        ):
            check_unique(what, [thing.key for thing in things])
        check_unique("tie-break", self.tie_breaks)
        if not self.categories or not self.rounds:
            raise RulesError(N_("A contest needs at least one category and one round."))
        self._check_gates()
        self._check_tie_breaks()

    def _check_gates(self) -> None:
        levels = {award.key for award in self.awards}
        for gate in self.gates:
            judged = self.find_round(gate.round)
            if judged is None:
                raise RulesError(N_("Gate “%(gate)s” names a round that is not there."), gate=gate.label)
            if gate.level is not None and gate.level not in levels:
                raise RulesError(N_("Gate “%(gate)s” names a prize that is not there."), gate=gate.label)
            if gate.criterion is not None and judged.rubric.criterion(gate.criterion) is None:
                raise RulesError(N_("Gate “%(gate)s” names a criterion that is not there."), gate=gate.label)

    def _check_tie_breaks(self) -> None:
        known = {criterion.key for judged in self.rounds for criterion in judged.rubric.criteria}
        for tie_break in self.tie_breaks:
            kind, _, criterion = tie_break.partition(":")
            if kind == "criterion" and criterion not in known:
                raise RulesError(N_("Tie-break “%(key)s” names a criterion that is not there."), key=tie_break)

    def find_round(self, key: str) -> Round | None:
        """The round of that key, or None."""
        return next((judged for judged in self.rounds if judged.key == key), None)

    def value(self, key: str) -> object:
        """The value of a plugin's setting in this edition: the organiser's, else the default.

        Raises KeyError for a setting that the rules do not declare.
        """
        for setting in self.settings:
            if setting.key == key:
                return setting.typed()
        raise KeyError(key)
