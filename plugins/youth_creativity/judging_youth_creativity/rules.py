"""The rules of the youth creativity contest as data; README.md tells them in prose, with the source of each figure."""

from __future__ import annotations

from decimal import Decimal

from judging.api import (
    N_,
    Award,
    Category,
    ContestRules,
    Criterion,
    DossierItem,
    EntryField,
    FieldKind,
    Gate,
    GateScope,
    ItemKind,
    Round,
    RoundMode,
    Rubric,
    Scale,
    Setting,
    SettingKind,
    Team,
)

CATEGORIES = (
    Category(key="learning-aids", label=N_("Learning aids")),
    Category(key="software", label=N_("Software")),
    Category(key="environment", label=N_("Environment-friendly products")),
    Category(key="household-toys", label=N_("Household tools and children's toys")),
    Category(
        key="climate-economy",
        label=N_("Technical solutions for climate change, environmental protection and economic development"),
    ),
)

# The six headings of the summary together hold what fits on two A4 pages.
FIELDS = (
    EntryField(
        key="own_work",
        label=N_("The authors made this work themselves"),
        kind=FieldKind.BOOLEAN,
        help=N_("Adults may advise. The idea and the making are the authors' own."),
        required=False,
        decides=True,
    ),
    EntryField(
        key="idea",
        label=N_("The idea"),
        kind=FieldKind.LONG_TEXT,
        help=N_("What made you think of it, and which problem does it solve?"),
        max_words=160,
    ),
    EntryField(
        key="construction",
        label=N_("Construction"),
        kind=FieldKind.LONG_TEXT,
        help=N_("What is it made of, and how are the parts put together?"),
        max_words=200,
    ),
    EntryField(
        key="operation",
        label=N_("How it works"),
        kind=FieldKind.LONG_TEXT,
        help=N_("Describe one use from beginning to end."),
        max_words=200,
    ),
    EntryField(
        key="novelty",
        label=N_("Novelty"),
        kind=FieldKind.LONG_TEXT,
        help=N_("What did not exist before, and what is it compared with?"),
        max_words=160,
    ),
    EntryField(
        key="creativity",
        label=N_("Creativity"),
        kind=FieldKind.LONG_TEXT,
        help=N_("Which difficulty did you meet, and how did you find your own way round it?"),
        max_words=160,
    ),
    EntryField(
        key="applicability",
        label=N_("Applicability"),
        kind=FieldKind.LONG_TEXT,
        help=N_("Who can use it, where, and at what cost?"),
        max_words=160,
    ),
    EntryField(key="school", label=N_("School"), blind=True),
    EntryField(key="school_class", label=N_("Class"), required=False, blind=True),
    EntryField(
        key="mentor",
        label=N_("Mentor teacher"),
        help=N_("Full name. A mentor may not score this entry."),
        required=False,
        blind=True,
    ),
    EntryField(
        key="adult_help",
        label=N_("Log of adult help"),
        kind=FieldKind.LONG_TEXT,
        help=N_("Who helped, with what and when. Write “none” if nobody did."),
        max_words=200,
        blind=True,
    ),
)

DOSSIER = (
    DossierItem(
        key="pictures",
        label=N_("Pictures of the product"),
        kind=ItemKind.IMAGE,
        help=N_("One to ten pictures, without faces, names or the school's name."),
        high=10,
    ),
    DossierItem(
        key="summary",
        label=N_("Summary with drawings"),
        help=N_("At most two A4 pages with the six headings of the form, if drawings belong to it. No names."),
        required=False,
        max_pages=2,
    ),
    DossierItem(
        key="video",
        label=N_("Video"),
        kind=ItemKind.VIDEO,
        help=N_("At most 180 seconds: the product at work."),
        required=False,
        max_seconds=180,
        max_megabytes=200,
    ),
    DossierItem(
        key="model",
        label=N_("Physical model"),
        kind=ItemKind.PHYSICAL,
        help=N_("Handed in at the office, marked with the entry's number. Software needs none."),
        required=False,
    ),
    DossierItem(
        key="proof_of_age",
        label=N_("Proof of age"),
        kind=ItemKind.IMAGE,
        help=N_("One for each author. Only the secretariat sees it, and deletes it once it is checked."),
        high=5,
        office_only=True,
        delete_after_check=True,
    ),
    DossierItem(
        key="school_confirmation",
        label=N_("School's confirmation"),
        kind=ItemKind.IMAGE,
        help=N_("The registration form, signed and stamped by the school."),
        high=3,
        office_only=True,
    ),
)

RUBRIC = Rubric(
    criteria=(
        Criterion(
            key="novelty",
            label=N_("Novelty"),
            help=N_("Not known, published or used before in this form."),
            scale=Scale(high=Decimal(30)),
        ),
        Criterion(
            key="creativity",
            label=N_("Creativity"),
            help=N_("An own way of solving the problem, with means that suit the authors' age."),
            scale=Scale(high=Decimal(30)),
        ),
        Criterion(
            key="applicability",
            label=N_("Applicability"),
            help=N_("Works, can be made again, and is of use to many."),
            scale=Scale(high=Decimal(25)),
        ),
        Criterion(
            key="presentation",
            label=N_("Form, write-up and presentation"),
            help=N_("Look and finish of the product; clear write-up; answers to questions in the final."),
            scale=Scale(high=Decimal(15)),
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
        minutes=5,
        question_minutes=5,
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
    Gate(key="any-prize", label=N_("For any prize"), scope=GateScope.PRIZE, round="final", minimum=Decimal(66)),
)

AWARDS = (
    Award(key="first", label=N_("First prize"), planned=1),
    Award(key="second", label=N_("Second prize"), planned=2),
    Award(key="third", label=N_("Third prize"), planned=3),
    Award(key="consolation", label=N_("Consolation prize"), planned=15),
    Award(key="most-entries", label=N_("School with the most entries"), planned=1, special=True),
    Award(key="most-active", label=N_("Most active unit"), planned=1, special=True),
)

SETTINGS = (
    Setting(
        key="born_from",
        label=N_("Authors born on or after"),
        kind=SettingKind.DATE,
        default="",
        help=N_("This day included. Left empty: 1 January of the year 19 years before the year of submission."),
    ),
    Setting(
        key="born_until",
        label=N_("Authors born on or before"),
        kind=SettingKind.DATE,
        default="",
        help=N_("This day included. Left empty: 31 December of the year 6 years before the year of submission."),
    ),
    Setting(
        key="soft_lower",
        label=N_("Younger children may enter"),
        kind=SettingKind.BOOLEAN,
        default=False,
        help=N_("The second birth date is then a recommendation; the first always holds."),
    ),
    Setting(
        key="entries_per_author",
        label=N_("Most entries of one author"),
        kind=SettingKind.INTEGER,
        default=3,
        low=Decimal(0),
        high=Decimal(100),
        help=N_("0 means no limit."),
    ),
    Setting(
        key="leads_per_author",
        label=N_("Most entries led by one author"),
        kind=SettingKind.INTEGER,
        default=2,
        low=Decimal(0),
        high=Decimal(100),
        help=N_("0 means no limit."),
    ),
    Setting(
        key="send_up",
        label=N_("Entries sent to the national contest"),
        kind=SettingKind.INTEGER,
        default=10,
        low=Decimal(0),
        high=Decimal(1000),
        help=N_("The highest of the final; entries that share the last place are all listed."),
        official=True,
    ),
)

RULES = ContestRules(
    key="youth-creativity",
    name=N_("Youth creativity contest"),
    version="1.0",
    summary=N_("For inventors from 6 to 19, alone or in a team of up to five: products that they thought of and made."),
    categories=CATEGORIES,
    fields=FIELDS,
    dossier=DOSSIER,
    team=Team(low=1, high=5, births=True),
    rounds=ROUNDS,
    gates=GATES,
    awards=AWARDS,
    tie_breaks=("criterion:novelty", "criterion:applicability", "later-round", "earlier-round", "chair-vote"),
    settings=SETTINGS,
    accent="youth",
    prefix="ST",
    children=True,
)
