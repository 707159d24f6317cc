"""The rules of the technical innovation contest as data; README.md tells them in prose, with each figure's source."""

from __future__ import annotations

from decimal import Decimal

from judging.api import (
    N_,
    Award,
    Category,
    Choice,
    ContestRules,
    Criterion,
    DossierItem,
    EntryField,
    FieldKind,
    Gate,
    GateScope,
    ItemKind,
    Part,
    Round,
    RoundMode,
    Rubric,
    Scale,
    Setting,
    SettingKind,
    Team,
)

CATEGORIES = (
    Category(key="information-technology", label=N_("Information technology, electronics and telecommunications")),
    Category(key="mechanics-construction", label=N_("Mechanics and automation, construction, transport")),
    Category(key="materials-energy", label=N_("Materials, chemicals and energy")),
    Category(key="agriculture-environment", label=N_("Agriculture, forestry, fisheries, resources and environment")),
    Category(key="medicine", label=N_("Medicine and pharmacy")),
    Category(key="education", label=N_("Education and training")),
)

FIELDS = (
    EntryField(
        key="applicant",
        label=N_("Who enters the work"),
        kind=FieldKind.CHOICE,
        choices=(
            Choice(key="person", label=N_("The authors themselves")),
            Choice(key="organisation", label=N_("An organisation, for its authors")),
        ),
    ),
    EntryField(
        key="unit",
        label=N_("Organisation or workplace"),
        help=N_("Needed when an organisation enters the work."),
        required=False,
        blind=True,
    ),
    EntryField(
        key="created_year",
        label=N_("Year in which the work was created"),
        kind=FieldKind.INTEGER,
        decides=True,
    ),
    EntryField(
        key="applied_year",
        label=N_("Year in which the work was first applied"),
        kind=FieldKind.INTEGER,
        help=N_("Applied means in real use, as the confirmation of application shows."),
        decides=True,
    ),
    EntryField(
        key="prized",
        label=N_("The work has already won a prize in a contest of technical innovation"),
        kind=FieldKind.BOOLEAN,
        required=False,
        decides=True,
    ),
    EntryField(
        key="earlier_prizes",
        label=N_("Earlier prizes"),
        kind=FieldKind.LONG_TEXT,
        help=N_("Any prize of any contest, with its year."),
        required=False,
        max_words=150,
        blind=True,
    ),
    EntryField(
        key="known_solutions",
        label=N_("Known solutions"),
        kind=FieldKind.LONG_TEXT,
        help=N_("What was used before, and what it lacks."),
        max_words=500,
    ),
    EntryField(
        key="solution",
        label=N_("The solution"),
        kind=FieldKind.LONG_TEXT,
        help=N_("Construction or procedure, with the numbers of the drawings."),
        max_words=1000,
    ),
    EntryField(
        key="novelty",
        label=N_("Novelty and creativity"),
        kind=FieldKind.LONG_TEXT,
        help=N_("What is new against each known solution."),
        max_words=500,
    ),
    EntryField(
        key="applicability",
        label=N_("Applicability"),
        kind=FieldKind.LONG_TEXT,
        help=N_("Where it is applied, since when, and where else it can be."),
        max_words=500,
    ),
    EntryField(
        key="effect",
        label=N_("Effect"),
        kind=FieldKind.LONG_TEXT,
        help=N_("Economic and technical, social, and for environment and safety: with figures."),
        max_words=500,
    ),
    EntryField(
        key="yearly_benefit",
        label=N_("Benefit in one year (million đồng)"),
        kind=FieldKind.DECIMAL,
        help=N_("As computed in the effect above."),
        required=False,
    ),
    EntryField(
        key="ethnic_minority",
        label=N_("An author of an ethnic minority asks to be considered for that side prize"),
        kind=FieldKind.BOOLEAN,
        help=N_("Voluntary. Used for this prize and for nothing else."),
        required=False,
        blind=True,
    ),
)

DOSSIER = (
    DossierItem(
        key="registration",
        label=N_("Registration form"),
        help=N_("Signed by the authors and stamped by the unit that confirms them."),
        max_pages=5,
        office_only=True,
    ),
    DossierItem(
        key="full_text",
        label=N_("Full text of the work"),
        help=N_("Without names of authors and unit: judges of the first round read it without them."),
        max_pages=60,
        max_megabytes=50,
    ),
    DossierItem(
        key="drawings",
        label=N_("Drawings and pictures"),
        kind=ItemKind.IMAGE,
        help=N_("One to twenty, numbered as in the description."),
        high=20,
    ),
    DossierItem(
        key="application",
        label=N_("Confirmation of application"),
        help=N_("From each place where the work is in use."),
        high=5,
        office_only=True,
    ),
)

RUBRIC = Rubric(
    criteria=(
        Criterion(
            key="novelty",
            label=N_("Novelty and creativity"),
            parts=(
                Part(key="newness", label=N_("Novelty"), scale=Scale(high=Decimal(20))),
                Part(key="creativity", label=N_("Creative level"), scale=Scale(high=Decimal(20))),
            ),
        ),
        Criterion(
            key="applicability",
            label=N_("Applicability"),
            help=N_("In use, and usable elsewhere under the conditions of the country."),
            scale=Scale(high=Decimal(30)),
        ),
        Criterion(
            key="effect",
            label=N_("Effect"),
            parts=(
                Part(key="economic", label=N_("Economic and technical effect"), scale=Scale(high=Decimal(15))),
                Part(key="social", label=N_("Social effect"), scale=Scale(high=Decimal(10))),
                Part(key="environment", label=N_("Environment and safety"), scale=Scale(high=Decimal(5))),
            ),
        ),
    )
)

ROUNDS = (
    Round(key="preliminary", label=N_("Preliminary round"), rubric=RUBRIC),
    Round(
        key="final",
        label=N_("Final round"),
        rubric=RUBRIC,
        mode=RoundMode.PRESENTATION,
        minutes=10,
        question_minutes=10,
        blind=False,
    ),
)

GATES = (
    Gate(
        key="to-final",
        label=N_("To reach the final"),
        scope=GateScope.ADVANCE,
        round="preliminary",
        minimum=Decimal(60),
    ),
)

AWARDS = (
    Award(key="first", label=N_("First prize"), planned=1),
    Award(key="second", label=N_("Second prize"), planned=2),
    Award(key="third", label=N_("Third prize"), planned=3),
    Award(key="consolation", label=N_("Consolation prize"), planned=10),
    Award(key="youngest-author", label=N_("Youngest author"), planned=1, special=True),
    Award(key="oldest-author", label=N_("Oldest author"), planned=1, special=True),
    Award(key="ethnic-minority-author", label=N_("Author of an ethnic minority"), planned=1, special=True),
)

SETTINGS = (
    Setting(
        key="applied_since",
        label=N_("Created and applied since the year"),
        kind=SettingKind.INTEGER,
        default=0,
        low=Decimal(0),
        high=Decimal(2200),
        help=N_("0 means five years before the year of submission."),
    ),
    Setting(
        key="prized_allowed",
        label=N_("Work that has already won a prize may enter"),
        kind=SettingKind.BOOLEAN,
        default=False,
        help=N_("Its authors must then name the prizes."),
    ),
)

RULES = ContestRules(
    key="technical-innovation",
    name=N_("Technical innovation contest"),
    version="1.0",
    summary=N_("For anyone of any age, and for organisations: technical work that is new and already in use."),
    categories=CATEGORIES,
    fields=FIELDS,
    dossier=DOSSIER,
    team=Team(low=1, high=5, births=True),
    rounds=ROUNDS,
    gates=GATES,
    awards=AWARDS,
    tie_breaks=("criterion:novelty", "criterion:effect", "later-round", "earlier-round", "chair-vote"),
    settings=SETTINGS,
    accent="technical",
    prefix="KT",
)
