"""Who must agree before a young person takes part, by country: frozen figures with their sources, and pure functions.

Figures are ages in full years. A person reaches an age on the birthday itself; whoever was born on 29 February reaches
it on 1 March of a year without that day, which asks the guardian a day longer rather than a day too short.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from judging.errors import N_


class GivenBy(StrEnum):
    """Whose word a consent is."""

    SELF = "self"
    GUARDIAN = "guardian"


class Purpose(StrEnum):
    """What a consent is for. Each is asked, given and taken back on its own."""

    TAKE_PART = "take-part"
    PUBLISH_NAME = "publish-name"
    PUBLISH_WORK = "publish-work"
    PHOTO = "photo"
    KEEP = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class AgeBand:
    """Ages from `low` to `high`, both inclusive: all that a judge is told of an author's age."""

    low: int
    high: int

    @property
    def label(self) -> str:
        """How the band is written, such as 10–13."""
        return f"{self.low}–{self.high}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryProfile:
    """Below `guardian_below` a father, mother or guardian must agree; from `own_assent_from` the child itself too."""

    key: str
    label: str
    source: str
    guardian_below: int
    own_assent_from: int
    age_bands: tuple[AgeBand, ...]


# Primary, lower secondary and upper secondary school; 19 is the oldest age that contests of children take.
_SCHOOL_BANDS = (AgeBand(low=6, high=9), AgeBand(low=10, high=13), AgeBand(low=14, high=19))
_OWN_ASSENT = 7
_GDPR = N_(
    "Regulation (EU) 2016/679, Article 8: below the age that the member state chose between 13 and 16. The child's own "
    "assent from 7 is our default; the regulation names no age."
)


def _european(age: int) -> CountryProfile:
    return CountryProfile(
        key=f"eu-{age}", label=N_("European Union, guardian below %(age)s"), source=_GDPR, guardian_below=age,
        own_assent_from=_OWN_ASSENT, age_bands=_SCHOOL_BANDS,
    )  # fmt: skip


VIETNAM = CountryProfile(
    key="vn",
    label=N_("Vietnam, guardian below %(age)s"),
    source=N_(
        "Law 91/2025/QH15 and Decree 356/2025/NĐ-CP: a child from 7 and a father, mother or guardian both agree; "
        "a child is whoever is below 16 (Law on Children 102/2016/QH13, Article 1)."
    ),
    guardian_below=16,
    own_assent_from=_OWN_ASSENT,
    age_bands=_SCHOOL_BANDS,
)
PROFILES: Mapping[str, CountryProfile] = {
    profile.key: profile for profile in (VIETNAM, *(_european(age) for age in (16, 15, 14, 13)))
}
"""Every profile by its key; Vietnam's is the default."""


def age_on(born: date, on: date) -> int:
    """The age in full years on that day; negative before the birth."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def is_child(born: date | None, on: date, profile: CountryProfile, *, among_children: bool = False) -> bool:
    """Whether a guardian must agree. Somebody whose age nobody knows is a child in a contest of children."""
    return among_children if born is None else age_on(born, on) < profile.guardian_below


def who_must_consent(
    born: date | None, on: date, profile: CountryProfile, *, among_children: bool = False
) -> frozenset[GivenBy]:
    """Whose word is needed for this person on that day. Without a birth date the stricter answer holds."""
    if not is_child(born, on, profile, among_children=among_children):
        return frozenset({GivenBy.SELF})
    if born is not None and age_on(born, on) < profile.own_assent_from:
        return frozenset({GivenBy.GUARDIAN})
    return frozenset({GivenBy.SELF, GivenBy.GUARDIAN})


def age_band(born: date, on: date, profile: CountryProfile) -> AgeBand | None:
    """The band that the person's age is in, the nearest one for ages outside all; None where there are no bands."""
    if not profile.age_bands:
        return None
    age = age_on(born, on)
    inside = (band for band in profile.age_bands if band.low <= age <= band.high)
    return next(inside, min(profile.age_bands, key=lambda band: min(abs(band.low - age), abs(band.high - age))))


def bands_of(births: Iterable[date | None], on: date, profile: CountryProfile) -> tuple[str, ...]:
    """The bands that people are in, each once and from the youngest on; nothing of how many are in which."""
    found = {band for born in births if born is not None and (band := age_band(born, on, profile)) is not None}
    return tuple(band.label for band in sorted(found, key=lambda band: band.low))
