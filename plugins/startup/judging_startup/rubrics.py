"""The rubrics of the three rounds: the same criteria and weights, judged in more detail each time."""

from __future__ import annotations

from decimal import Decimal

from judging.api import N_, Criterion, Part, Rubric, Scale

INNOVATION = N_("Innovation")
GROWTH = N_("Commercialisation and growth")
PLAN = N_("Plan and business model")
RESOURCES = N_("Resources")
IMPACT = N_("Economic and social impact")
PRESENTATION = N_("Presentation")


def _plain(key: str, label: str, high: int, guidance: str) -> Criterion:
    return Criterion(key=key, label=label, help=guidance, scale=Scale(high=Decimal(high)))


def _detailed(key: str, label: str, *parts: Part) -> Criterion:
    return Criterion(key=key, label=label, parts=parts)


def _part(key: str, label: str, high: int) -> Part:
    return Part(key=key, label=label, scale=Scale(high=Decimal(high)))


# A plan on paper cannot be presented: the other criteria add up to 90 and every sheet counts 100/90 of its marks.
PRELIMINARY = Rubric(
    criteria=(
        _plain("innovation", INNOVATION, 20, N_("New product, service, technology or way of doing business.")),
        _plain("growth", GROWTH, 25, N_("Real demand, customers who pay, room to grow.")),
        _plain("plan", PLAN, 20, N_("Clear model, milestones, finances and risks.")),
        _plain("resources", RESOURCES, 10, N_("Team, capital, partners.")),
        _plain("impact", IMPACT, 15, N_("Jobs, income, use of local strengths, environment.")),
    ),
    total=Decimal(100),
)

SEMI_FINAL = Rubric(
    criteria=(
        _detailed(
            "innovation",
            INNOVATION,
            _part("novelty", N_("Novelty"), 10),
            _part("edge", N_("Competitive edge"), 10),
        ),
        _detailed(
            "growth",
            GROWTH,
            _part("market", N_("Market and demand"), 10),
            _part("sales", N_("Sales and growth"), 15),
        ),
        _detailed(
            "plan",
            PLAN,
            _part("model", N_("Business model"), 10),
            _part("finances", N_("Finances and milestones"), 10),
        ),
        _detailed(
            "resources",
            RESOURCES,
            _part("team", N_("Team"), 6),
            _part("capital", N_("Capital and partners"), 4),
        ),
        _detailed(
            "impact",
            IMPACT,
            _part("economy", N_("Impact on the local economy"), 8),
            _part("society", N_("Impact on society and environment"), 7),
        ),
        _detailed(
            "presentation",
            PRESENTATION,
            _part("pitch", N_("Pitch"), 5),
            _part("answers", N_("Answers to questions"), 5),
        ),
    )
)

FINAL = Rubric(
    criteria=(
        _detailed(
            "innovation",
            INNOVATION,
            _part("novelty", N_("Novelty"), 8),
            _part("edge", N_("Competitive edge"), 6),
            _part("protection", N_("Protection of the idea and readiness of the technology"), 6),
        ),
        _detailed(
            "growth",
            GROWTH,
            _part("market", N_("Market and demand"), 8),
            _part("customers", N_("Customers and sales so far"), 9),
            _part("scaling", N_("Ability to scale"), 8),
        ),
        _detailed(
            "plan",
            PLAN,
            _part("model", N_("Business model"), 8),
            _part("finances", N_("Finances and milestones"), 7),
            _part("risks", N_("Risks and answers to them"), 5),
        ),
        _detailed(
            "resources",
            RESOURCES,
            _part("team", N_("Team"), 4),
            _part("capital", N_("Capital"), 3),
            _part("partners", N_("Partners"), 3),
        ),
        _detailed(
            "impact",
            IMPACT,
            _part("jobs", N_("Jobs and income"), 5),
            _part("local", N_("Use of local strengths"), 5),
            _part("society", N_("Impact on society and environment"), 5),
        ),
        _detailed(
            "presentation",
            PRESENTATION,
            _part("clarity", N_("Clarity of the pitch"), 4),
            _part("persuasion", N_("Persuasion"), 3),
            _part("answers", N_("Answers to questions"), 3),
        ),
    )
)
