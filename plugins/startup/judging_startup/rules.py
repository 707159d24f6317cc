"""The rules of the innovative start-ups contest as data; README.md tells them in prose, with each figure's source."""

from __future__ import annotations

from decimal import Decimal

from judging.api import (
    N_,
    Award,
    Board,
    Category,
    Choice,
    ContestRules,
    Division,
    DossierItem,
    EntryField,
    FieldKind,
    Gate,
    GateScope,
    ItemKind,
    Quota,
    Round,
    RoundMode,
    Setting,
    SettingKind,
    Team,
)
from judging_startup import rubrics

TRACKS = (
    Division(key="idea", label=N_("Idea")),
    Division(key="project", label=N_("Project")),
)

CATEGORIES = (
    Category(key="agriculture", label=N_("Agriculture, food and local products")),
    Category(key="digital", label=N_("Digital technology")),
    Category(key="tourism-services", label=N_("Tourism, culture and services")),
    Category(key="industry-environment", label=N_("Industry, energy and environment")),
    Category(key="education-health", label=N_("Education, health and society")),
)

FIELDS = (
    EntryField(
        key="applicant",
        label=N_("Who enters the plan"),
        kind=FieldKind.CHOICE,
        choices=(
            Choice(key="person", label=N_("One person")),
            Choice(key="group", label=N_("A group")),
            Choice(key="organisation", label=N_("A firm or organisation")),
        ),
    ),
    EntryField(
        key="registered",
        label=N_("A firm is already registered for this plan"),
        kind=FieldKind.BOOLEAN,
        required=False,
        decides=True,
    ),
    EntryField(
        key="registered_on",
        label=N_("Date of first registration"),
        kind=FieldKind.DATE,
        help=N_("As on the first certificate, not on a later change of it. Only for a registered firm."),
        required=False,
        decides=True,
    ),
    EntryField(
        key="organisation",
        label=N_("Firm or organisation"),
        help=N_("Needed when it enters the plan."),
        required=False,
        blind=True,
    ),
    EntryField(
        key="problem",
        label=N_("Problem and customers"),
        kind=FieldKind.LONG_TEXT,
        help=N_("Who has the problem, how many are they, and what do they do today?"),
        max_words=300,
    ),
    EntryField(
        key="innovation",
        label=N_("Product and innovation"),
        kind=FieldKind.LONG_TEXT,
        help=N_("What you offer, what is new in it, and how far it is."),
        max_words=400,
    ),
    EntryField(
        key="growth",
        label=N_("Market and growth"),
        kind=FieldKind.LONG_TEXT,
        help=N_("Competitors, sales so far, and the next three years."),
        max_words=400,
    ),
    EntryField(
        key="plan",
        label=N_("Business model and plan"),
        kind=FieldKind.LONG_TEXT,
        help=N_("How money is earned, milestones, costs and risks."),
        max_words=400,
    ),
    EntryField(
        key="resources",
        label=N_("Resources"),
        kind=FieldKind.LONG_TEXT,
        help=N_("Skills, capital, equipment and partners. No names."),
        max_words=250,
    ),
    EntryField(
        key="impact",
        label=N_("Economic and social impact"),
        kind=FieldKind.LONG_TEXT,
        help=N_("Jobs, income, local strengths and environment, with figures."),
        max_words=250,
    ),
    EntryField(
        key="capital_sought",
        label=N_("Capital sought (million đồng)"),
        kind=FieldKind.DECIMAL,
        required=False,
    ),
    EntryField(
        key="mentor",
        label=N_("Mentor"),
        help=N_("Full name. A mentor may not score this entry."),
        required=False,
        blind=True,
    ),
)

DOSSIER = (
    DossierItem(
        key="plan",
        label=N_("Plan"),
        help=N_(
            "The idea or project in full, without names of people: judges of the first round read it without them."
        ),
        max_pages=20,
    ),
    DossierItem(
        key="deck",
        label=N_("Pitch deck"),
        kind=ItemKind.SLIDES,
        help=N_("At most 10 slides. Used in the pitch rounds."),
        required=False,
        max_pages=10,
        max_megabytes=50,
    ),
    DossierItem(
        key="video",
        label=N_("Video"),
        kind=ItemKind.VIDEO,
        help=N_("At most 180 seconds, at least 720 lines high (720p)."),
        required=False,
        max_seconds=180,
        min_height=720,
        max_megabytes=200,
    ),
    DossierItem(
        key="firm_registration",
        label=N_("Certificate of firm registration"),
        help=N_("Only for a registered firm."),
        required=False,
        high=2,
        office_only=True,
    ),
    DossierItem(
        key="financial_table",
        label=N_("Financial table"),
        kind=ItemKind.TABLE,
        help=N_("Costs, income and cash for three years, month by month in the first."),
        required=False,
    ),
)

ROUNDS = (
    Round(
        key="preliminary",
        label=N_("Preliminary round"),
        rubric=rubrics.PRELIMINARY,
        quota=Quota(places=10, board=Board.DIVISION),
    ),
    Round(
        key="semi-final",
        label=N_("Semi-final"),
        rubric=rubrics.SEMI_FINAL,
        mode=RoundMode.PITCH,
        quota=Quota(places=5, board=Board.DIVISION),
        minutes=8,
        question_minutes=10,
        blind=False,
    ),
    Round(
        key="final",
        label=N_("Final round"),
        rubric=rubrics.FINAL,
        mode=RoundMode.PITCH,
        minutes=8,
        question_minutes=10,
        blind=False,
    ),
)

GATES = (
    Gate(
        key="to-semi-final",
        label=N_("To reach the semi-final"),
        scope=GateScope.ADVANCE,
        round="preliminary",
        minimum=Decimal(50),
        no_zero=True,
    ),
    Gate(
        key="to-final",
        label=N_("To reach the final"),
        scope=GateScope.ADVANCE,
        round="semi-final",
        minimum=Decimal(50),
        no_zero=True,
    ),
)

AWARDS = (
    Award(key="first", label=N_("First prize"), planned=1),
    Award(key="second", label=N_("Second prize"), planned=1),
    Award(key="third", label=N_("Third prize"), planned=2),
    Award(key="consolation", label=N_("Consolation prize"), planned=2),
)


def _limit(key: str, label: str, default: int) -> Setting:
    return Setting(
        key=key,
        label=label,
        kind=SettingKind.INTEGER,
        default=default,
        low=Decimal(0),
        high=Decimal(100),
        help=N_("0 means no limit."),
        official=True,
    )


SETTINGS = (
    _limit("firm_years", N_("Most years since a firm's first registration"), 5),
    _limit("entries_per_person", N_("Most entries of one person"), 3),
    _limit("entries_per_organisation", N_("Most entries of one organisation"), 4),
    _limit("leads_per_person", N_("Most entries led by one person"), 1),
)

RULES = ContestRules(
    key="startup",
    name=N_("Innovative start-ups contest"),
    version="1.0",
    summary=N_("For people, groups and young firms: new ideas and projects on their way to the market."),
    categories=CATEGORIES,
    divisions=TRACKS,
    fields=FIELDS,
    dossier=DOSSIER,
    team=Team(low=1, high=5),
    rounds=ROUNDS,
    gates=GATES,
    awards=AWARDS,
    tie_breaks=("criterion:innovation", "criterion:impact", "later-round", "earlier-round", "chair-vote"),
    settings=SETTINGS,
    accent="startup",
    prefix="KN",
)
