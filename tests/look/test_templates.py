"""What every macro and page of the look promises, read from the HTML it gives."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import html5lib
import pytest

from .app import ERRORS, PAGES, ROOT

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from flask.testing import FlaskClient

TEMPLATES = ROOT / "templates"
STATIC = ROOT / "judging" / "static"


def fetch(client: FlaskClient, path: str) -> Element:
    """Give the parsed page; broken HTML is an error."""
    text = client.get(path).get_data(as_text=True)
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    tree: Element = parser.parse(text)
    return tree


def every(tree: Element, attribute: str) -> list[str]:
    """Give all values of one attribute, in the order of the page."""
    return [value for element in tree.iter() if (value := element.get(attribute)) is not None]


@pytest.fixture(
    params=[f"/{page}?lang={lang}" for page in PAGES for lang in ("vi", "en")] + [f"/error/{code}" for code in ERRORS]
)
def tree(request: pytest.FixtureRequest, gallery_client: FlaskClient) -> Element:
    """Give each page of the gallery in each language, and each error page."""
    return fetch(gallery_client, request.param)


def test_page_has_one_title_and_names_its_language(tree: Element) -> None:
    assert len(list(tree.iter("h1"))) == 1
    assert tree.get("lang") in {"vi", "en"}


def test_page_carries_nothing_that_the_content_policy_forbids(tree: Element) -> None:
    assert every(tree, "style") == []
    assert list(tree.iter("style")) == []
    assert [script for script in tree.iter("script") if script.text and script.text.strip()] == []
    assert [name for element in tree.iter() for name in element.attrib if str(name).startswith("on")] == []


def test_page_uses_each_id_once_and_refers_only_to_ids_it_has(tree: Element) -> None:
    ids = every(tree, "id")
    assert [name for name, count in Counter(ids).items() if count > 1] == []
    referred = [
        name
        for key in ("for", "aria-describedby", "aria-labelledby")
        for value in every(tree, key)
        for name in value.split()
    ]
    assert set(referred) - set(ids) == set()


def test_page_labels_every_control(tree: Element) -> None:
    labelled = set(every(tree, "for"))
    controls = [
        element
        for kind in ("input", "select", "textarea")
        for element in tree.iter(kind)
        if element.get("type") != "hidden"
    ]
    assert [control.get("name") for control in controls if control.get("id") not in labelled] == []


def test_page_has_at_most_one_filled_button(tree: Element) -> None:
    filled = [element for element in tree.iter() if "button-primary" in (element.get("class") or "").split()]
    accents = {"Nộp phiếu"}
    assert len([element for element in filled if "".join(element.itertext()).strip() not in accents]) <= 1


def test_post_forms_carry_the_token(tree: Element) -> None:
    posts = [form for form in tree.iter("form") if form.get("method") == "post"]
    assert [
        form.get("action")
        for form in posts
        if not any(field.get("name") == "csrf_token" for field in form.iter("input"))
    ] == []


def test_page_loads_every_style_sheet_and_only_files_that_exist(gallery_client: FlaskClient) -> None:
    tree = fetch(gallery_client, "/board")
    urls = [value for key in ("href", "src") for value in every(tree, key) if value.startswith("/static/")]
    paths = [STATIC / url.removeprefix("/static/").partition("?")[0] for url in urls]
    assert [path for path in paths if not path.is_file()] == []
    loaded = {path.name for path in paths if path.suffix == ".css"}
    own = {path.name for path in (STATIC / "css").glob("*.css")} - loaded
    pages = "".join(page.read_text(encoding="utf-8") for page in TEMPLATES.rglob("*.html") if page.name != "base.html")
    # What a page does not load for everyone belongs to an area, whose own pages link it.
    assert [name for name in sorted(own) if f"css/{name}" not in pages] == []


@pytest.mark.parametrize("code", ERRORS)
def test_error_page_answers_with_its_status_and_a_way_on(gallery_client: FlaskClient, code: int) -> None:
    response = gallery_client.get(f"/error/{code}?guest=1")
    tree = fetch(gallery_client, f"/error/{code}?guest=1")
    assert response.status_code == code
    assert str(code) in "".join(tree.itertext())
    assert [link.get("href") for link in tree.iter("a") if "button-primary" in (link.get("class") or "")] == [
        "/sign-in" if code == 401 else "/"
    ]


@pytest.mark.parametrize("code", [500, 503])
def test_failure_page_does_not_ask_who_is_signed_in(gallery_client: FlaskClient, code: int) -> None:
    assert "Ban thư ký" not in gallery_client.get(f"/error/{code}").get_data(as_text=True)
    assert "Ban thư ký" in gallery_client.get("/error/404").get_data(as_text=True)


def test_field_with_error_is_marked_described_and_linked_from_the_top(gallery_client: FlaskClient) -> None:
    tree = fetch(gallery_client, "/entry-form")
    field = next(element for element in tree.iter("input") if element.get("id") == "title")
    assert field.get("aria-invalid") == "true"
    assert field.get("aria-describedby") == "title-help title-error"
    top = next(element for element in tree.iter("div") if element.get("class") == "error-list")
    assert [link.get("href") for link in top.iter("a")] == ["#title"]


def test_consent_is_not_ticked_beforehand(gallery_client: FlaskClient) -> None:
    tree = fetch(gallery_client, "/entry-form")
    assert next(element for element in tree.iter("input") if element.get("name") == "agree").get("checked") is None


def test_choice_keeps_what_was_chosen(gallery_client: FlaskClient) -> None:
    tree = fetch(gallery_client, "/entry-form")
    checked = {
        (element.get("name"), element.get("value"))
        for element in tree.iter("input")
        if element.get("checked") is not None
    }
    assert checked == {("division", "lower"), ("needs", "power")}


@pytest.mark.parametrize(("lang", "text"), [("vi", "8,5"), ("en", "8.5")])
def test_mark_is_shown_as_the_language_writes_it(gallery_client: FlaskClient, lang: str, text: str) -> None:
    tree = fetch(gallery_client, f"/sheet?lang={lang}")
    assert next(element for element in tree.iter("input") if element.get("name") == "use-easy").get("value") == text


def test_band_of_the_mark_is_chosen_and_outlined(gallery_client: FlaskClient) -> None:
    tree = fetch(gallery_client, "/sheet")
    chosen = [
        element.get("value")
        for element in tree.iter("input")
        if element.get("type") == "radio" and element.get("checked") is not None
    ]
    frame = next(element for element in tree.iter() if element.get("class") == "scale-band")
    assert chosen == ["b1"]
    assert (frame.get("x"), frame.get("width"), frame.get("visibility")) == ("70.0%", "16.667%", None)


def test_receipt_groups_its_code_in_fives(gallery_client: FlaskClient) -> None:
    tree = fetch(gallery_client, "/sheet-locked")
    code = next(element for element in tree.iter("dd") if element.get("class") == "receipt-code")
    assert "".join(code.itertext()).strip() == "7KQ4M 2XTPD"


def test_progress_has_one_tick_for_each_sheet(gallery_client: FlaskClient) -> None:
    tree = fetch(gallery_client, "/board")
    ticks = [element for element in tree.iter() if element.get("class") == "ticks"]
    assert [(len([tick for tick in item if tick.get("class") == "done"]), len(list(item))) for item in ticks] == [
        (24, 24),
        (6, 6),
        (29, 36),
        (33, 42),
    ]


def test_templates_write_no_style_and_name_no_colour() -> None:
    folder = ROOT / "templates"
    files = [*folder.glob("_macros/*.html"), *folder.glob("errors/*.html"), folder / "base.html"]
    colours = {
        path.name: found
        for path in files
        if (found := re.findall(r"#[0-9a-fA-F]{6}\b", Path(path).read_text(encoding="utf-8")))
    }
    assert colours == {"base.html": ["#ffffff", "#10181f"]}
