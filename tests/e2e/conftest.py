"""The whole application on a real port, and people with browsers who visit it."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pikepdf
import pytest
from PIL import Image

from tests.e2e.desk import PHONE, Phone, make_day
from tests.e2e.served import Site
from tests.e2e.stage import Person
from tests.e2e.visitor import Visitor
from tests.e2e.words import Words
from tests.factories import PASSWORD, give_office, make_account, make_organisation
from tests.letters import last_letter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from playwright.sync_api import Browser, ViewportSize

    from judging.db.models import Organisation
    from judging.db.session import Database
    from judging.plugins import Registry
    from judging.services.platform import Platform
    from tests.e2e.desk import Day

    Meet = Callable[..., Visitor]
    OpenDevice = Callable[..., Phone]


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """Journeys run on one edition: what differs between the databases is tested below the pages."""
    return sqlite_database


@pytest.fixture
def site(platform: Platform) -> Iterator[Site]:
    """The application, for tests that put it down and up again."""
    made = Site(platform)
    yield made
    made.stop()


@pytest.fixture
def address(site: Site) -> str:
    """Where the application is served, on a free port of this machine."""
    return site.address


@pytest.fixture
def day(platform: Platform) -> Day:
    """Two entries before one judge."""
    return make_day(platform, entries=2, high=Decimal(10))


@pytest.fixture
def open_device(browser: Browser, site: Site, day: Day) -> Iterator[OpenDevice]:
    """Makes devices on which the judge of the day has signed in, one for each call: `open_device(LAPTOP)`."""
    contexts = []

    def make(size: ViewportSize = PHONE, *, has_touch: bool = False, patience: float = 10) -> Phone:
        context = browser.new_context(viewport=size, locale="en-GB", has_touch=has_touch)
        context.set_default_timeout(patience * 1000)
        contexts.append(context)
        phone = Phone(context, site.address, day)
        phone.sign_in()
        return phone

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def meet(browser: Browser, address: str, registry: Registry, platform: Platform) -> Iterator[Meet]:
    """Makes visitors: `meet("vi", 360)`. In the end no page that any of them saw may have had a fault."""
    visitors: list[Visitor] = []
    checked: set[str] = set()

    def make(language: str, width: int, *, keyboard: bool = False) -> Visitor:
        words = Words(registry, language)
        made = Visitor(
            browser, address, words=words, width=width, checked=checked, keyboard=keyboard,
            read_letter=lambda email: last_letter(platform, email),
        )  # fmt: skip
        visitors.append(made)
        return made

    yield make
    faults = sorted({fault for visitor in visitors for fault in visitor.faults})
    for visitor in visitors:
        visitor.close()
    assert not faults, "\n".join(["faults of the pages that were seen:", *faults])


@pytest.fixture
def office(platform: Platform) -> Callable[[str], tuple[Organisation, Person]]:
    """Makes an organisation and its organiser, who reads the language given."""

    def make(language: str) -> tuple[Organisation, Person]:
        with platform.database.writing() as session:
            organisation = make_organisation(session, name="Sở Khoa học Mẫu")
            account = make_account(session, name="Mẫu Tổ Chức", email="organiser@example.vn", locale=language)
            give_office(session, organisation, account, "organiser")
            session.expunge_all()
        return organisation, Person(name=account.name, email=account.email, password=PASSWORD)

    return make


@pytest.fixture
def papers(tmp_path: Path) -> Mapping[str, Path]:
    """A picture and a paper of one page, small but real."""
    picture, paper = tmp_path / "picture.png", tmp_path / "paper.pdf"
    Image.new("RGB", (64, 48), "#2a6f97").save(picture)
    with pikepdf.new() as document:
        document.add_blank_page()
        document.save(paper)
    return {"picture": picture, "paper": paper}
