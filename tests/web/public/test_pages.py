"""What everybody sees of contests, and what nobody sees yet."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from judging.services.platform import Platform
from tests.factories import give_role, make_account, make_contest

KINDS = ("youth-creativity", "technical-innovation", "startup")


def test_contest_in_preparation_is_hidden_from_the_public_and_shown_to_its_office(
    client: FlaskClient, platform: Platform, sign_in: Callable
) -> None:
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry, phase="draft", title_en="Not announced yet")
        organiser = make_account(session)
        give_role(session, contest, organiser, "organiser")
    addresses = [f"/contests/{contest.slug}/", f"/contests/{contest.slug}/rules", f"/contests/{contest.slug}/enter"]

    assert "Not announced yet" not in client.get("/").text
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 404
        assert "Not announced yet" not in answer.text
    sign_in(client, organiser)
    assert [client.get(address).status_code for address in addresses] == [200, 200, 200]


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("page", ["", "rules", "enter"])
def test_page_of_each_kind_renders_in_each_language(
    client: FlaskClient, platform: Platform, kind: str, lang: str, page: str
) -> None:
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry, kind=_kind(platform, kind))

    answer = client.get(f"/contests/{contest.slug}/{page}?lang={lang}")

    assert answer.status_code == 200
    assert f'<html lang="{lang}"' in answer.text
    assert answer.text.count("<h1") == 1


def test_rules_show_every_criterion_gate_prize_and_setting(client: FlaskClient, platform: Platform) -> None:
    with platform.database.writing() as session:
        contest = make_contest(session, platform.registry, settings={"entries_per_author": 4})
    rules = platform.registry.rules("youth-creativity")

    page = client.get(f"/contests/{contest.slug}/rules").text.replace("&#39;", "'")

    labels = [criterion.label for judged in rules.rounds for criterion in judged.rubric.criteria]
    labels += [thing.label for things in (rules.gates, rules.awards, rules.settings, rules.dossier) for thing in things]
    assert [label for label in labels if label not in page] == []
    assert "Set for this contest" in page
    assert "Our own default: no official text gives a figure" in page
    assert str(contest.rules_digest) in page


def test_results_link_stands_only_once_results_are_public(client: FlaskClient, platform: Platform) -> None:
    with platform.database.writing() as session:
        judged = make_contest(session, platform.registry, phase="decided")
        published = make_contest(session, platform.registry, phase="published")

    assert "See the results" not in client.get(f"/contests/{judged.slug}/").text
    assert "See the results" in client.get(f"/contests/{published.slug}/").text


def test_home_makes_the_same_queries_for_few_and_for_many_contests(
    client: FlaskClient, platform: Platform, count_queries: Callable
) -> None:
    with platform.database.writing() as session:
        for phase in ("open", "judging", "published"):
            make_contest(session, platform.registry, phase=phase)
    client.get("/")
    with count_queries() as few:
        client.get("/")
    with platform.database.writing() as session:
        for _ in range(10):
            for phase in ("open", "judging", "published"):
                make_contest(session, platform.registry, phase=phase)
    with count_queries() as many:
        assert client.get("/").status_code == 200

    assert len(many) == len(few)


def test_privacy_page_is_public(client: FlaskClient) -> None:
    assert client.get("/privacy").status_code == 200


def _kind(platform: Platform, name: str) -> str:
    return next(kind for kind in platform.registry.kinds if kind.startswith(name))
