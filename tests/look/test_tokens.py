"""Colours reach the contrasts they claim and the fonts hold what pages need."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from fontTools.ttLib import TTFont

from .app import ROOT

if TYPE_CHECKING:
    from collections.abc import Mapping

STATIC = ROOT / "judging" / "static"
WEIGHTS = ("light", "regular", "medium", "semibold")
ACCENTS = ("", "youth", "technical", "startup")
VIETNAMESE = "Nguyễn Ưỡng Quỹ Thuở Ấ Ộ Ự Ẵ đ Đ ₫ – — “ ” … · −"


def block(css: str, selector: str) -> Mapping[str, str]:
    """Give the custom properties of the first rule with this selector."""
    body = css[css.index(selector + " {") :].partition("{")[2].partition("}")[0]
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9a-f]{6})", body))


def luminance(colour: str) -> float:
    """Give the relative luminance of a colour, as WCAG 2.2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Give the contrast ratio of two colours, 1 to 21."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


@pytest.fixture(scope="module")
def css() -> str:
    """Give the text of the tokens."""
    return (STATIC / "css" / "tokens.css").read_text(encoding="utf-8")


@pytest.mark.parametrize("selector", [":root", ':root[data-theme="dark"]'])
def test_text_colours_reach_seven_on_the_page_and_edges_three(css: str, selector: str) -> None:
    colours = block(css, selector)
    for name in ("ink", "ink-2", "attention", "error"):
        assert contrast(colours[name], colours["page"]) >= 7, name
    for name in ("attention", "error"):
        assert contrast(colours[name], colours[f"{name}-tint"]) >= 6, name
        assert contrast(colours["ink"], colours[f"{name}-tint"]) >= 11, name
    assert contrast(colours["ink-2"], colours["sunk"]) >= 6
    assert contrast(colours["edge"], colours["page"]) >= 3


@pytest.mark.parametrize("accent", ACCENTS)
@pytest.mark.parametrize(("scheme", "selector"), [("light", ":root"), ("dark", ':root[data-theme="dark"]')])
def test_accent_reaches_seven_on_the_page_and_six_on_its_tint(
    css: str, accent: str, scheme: str, selector: str
) -> None:
    page = block(css, selector)["page"]
    pair = block(css, f'[data-accent="{accent}"]' if accent else "[data-accent]")
    assert contrast(pair[f"accent-{scheme}"], page) >= 7
    assert contrast(pair[f"accent-{scheme}"], pair[f"tint-{scheme}"]) >= 6


def test_dark_of_the_device_and_dark_by_choice_are_the_same(css: str) -> None:
    assert block(css, ':root:not([data-theme="light"])') == block(css, ':root[data-theme="dark"]')


@pytest.mark.parametrize("weight", WEIGHTS)
def test_digits_of_a_weight_share_one_width_and_stand_in_its_middle(weight: str) -> None:
    with TTFont(STATIC / "fonts" / f"judging-digits-{weight}.woff2") as font:
        names = [font.getBestCmap()[code] for code in range(0x30, 0x3A)]
        widths = {font["hmtx"][name][0] for name in names}
        assert widths == {{"light": 632, "regular": 666, "medium": 669, "semibold": 672}[weight]}
        for name in names:
            glyph, (width, left) = font["glyf"][name], font["hmtx"][name]
            assert abs(left - (width - (glyph.xMax - glyph.xMin) - left)) <= 1, name
        assert font["name"].getDebugName(1).startswith("Judging Digits")
        assert "GPOS" not in font


@pytest.mark.parametrize("weight", WEIGHTS)
def test_text_font_holds_vietnamese(weight: str) -> None:
    with TTFont(STATIC / "fonts" / f"be-vietnam-pro-{weight}.woff2") as font:
        assert {letter for letter in VIETNAMESE if letter != " " and ord(letter) not in font.getBestCmap()} == set()


def test_text_font_weights_grow() -> None:
    weights = []
    for weight in WEIGHTS:
        with TTFont(STATIC / "fonts" / f"be-vietnam-pro-{weight}.woff2") as font:
            weights.append(font["OS/2"].usWeightClass)
    assert all(low < high for low, high in pairwise(weights))


def test_style_sheets_name_colours_only_in_tokens_and_print() -> None:
    named = {
        path.name
        for path in (STATIC / "css").glob("*.css")
        if re.search(r"#[0-9a-fA-F]{3,8}\b", path.read_text(encoding="utf-8"))
    }
    assert named == {"tokens.css", "print.css"}


def test_style_sheets_use_only_properties_that_exist() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (STATIC / "css").glob("*.css"))
    declared = set(re.findall(r"(--[a-z0-9-]+)\s*:", text))
    assert set(re.findall(r"var\((--[a-z0-9-]+)", text)) - declared == set()
