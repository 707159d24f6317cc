"""Build the web fonts in judging/static/fonts from the Be Vietnam Pro package.

Two families come out. "Be Vietnam Pro" is the original cut down to Latin and Vietnamese. "Judging Digits" holds only
0-9, each centred on one common advance width: the original has no tabular figures, so a style sheet alone cannot line
numbers up in a column. The output is byte for byte the same for the same input. Run: python -m tools.build_fonts
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FAMILY = "Be Vietnam Pro"
DIGITS_FAMILY = "Judging Digits"

# Advance widths in thousandths of an em, one per weight: the mean of the digits' own widths without the narrow 1,
# rounded so that a column of figures looks as dense as the prose beside it.
DIGIT_WIDTHS = {"Light": 632, "Regular": 666, "Medium": 669, "SemiBold": 672}

TEXT_RANGES = (
    (0x0020, 0x007E),
    (0x00A0, 0x017F),
    (0x01A0, 0x01A1),
    (0x01AF, 0x01B0),
    (0x0300, 0x0304),
    (0x0306, 0x0309),
    (0x031B, 0x031B),
    (0x0323, 0x0323),
    (0x1EA0, 0x1EF9),
    (0x2010, 0x2015),
    (0x2018, 0x201E),
    (0x2020, 0x2022),
    (0x2026, 0x2026),
    (0x2030, 0x2030),
    (0x2032, 0x2033),
    (0x2039, 0x203A),
    (0x20AB, 0x20AC),
    (0x2122, 0x2122),
    (0x2212, 0x2212),
    (0x2248, 0x2248),
    (0x2260, 0x2265),
)
DIGITS = tuple(range(0x30, 0x3A))

# What Vietnamese and English text needs: composition, local forms, ligatures, kerning and mark placement.
TEXT_FEATURES = ["ccmp", "locl", "liga", "kern", "mark", "mkmk"]


def source_folder() -> Path:
    """Give the folder of the installed font package; raise FileNotFoundError when it is not installed."""
    spec = importlib.util.find_spec("fontpkg_be_vietnam_pro")
    if spec is None or spec.origin is None:
        message = "The package fontpkg-be-vietnam-pro is not installed; it belongs to the development requirements."
        raise FileNotFoundError(message)
    return Path(spec.origin).parent


def subset_options(features: list[str]) -> subset.Options:
    """Give the options shared by both families: no hinting (screens are dense), names kept, times untouched."""
    options = subset.Options()
    options.flavor = "woff2"
    options.layout_features = features
    options.hinting = False
    options.notdef_outline = True
    options.recalc_timestamp = False
    options.name_IDs = [0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17]
    return options


def cut_text(source: Path, target: Path) -> None:
    """Write the Latin and Vietnamese part of `source` as WOFF2."""
    options = subset_options(TEXT_FEATURES)
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=[code for first, last in TEXT_RANGES for code in range(first, last + 1)])
    cutter.subset(font)
    subset.save_font(font, str(target), options)


def centre_digits(font: TTFont, width: int) -> None:
    """Give every digit the advance `width` and move its outline to the middle of it."""
    glyphs, metrics = font["glyf"], font["hmtx"]
    for code in DIGITS:
        name = font.getBestCmap()[code]
        glyph = glyphs[name]
        left = (width - (glyph.xMax - glyph.xMin)) // 2
        glyph.coordinates.translate((left - glyph.xMin, 0))
        glyph.recalcBounds(glyphs)
        metrics[name] = (width, left)


def rename_family(font: TTFont, family: str) -> None:
    """Name the changed font differently, so that it is never mistaken for the original."""
    for record in font["name"].names:
        text = record.toUnicode()
        if record.nameID in {1, 3, 4, 16}:
            record.string = text.replace(FAMILY, family)
        elif record.nameID == 6:  # the PostScript name, which has no spaces
            record.string = text.replace(FAMILY.replace(" ", ""), family.replace(" ", ""))


def cut_digits(source: Path, target: Path, width: int) -> None:
    """Write the digits of `source` as WOFF2, all `width` wide, without kerning."""
    options = subset_options([])
    options.drop_tables += ["GDEF", "GPOS", "GSUB"]
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=DIGITS)
    cutter.subset(font)
    centre_digits(font, width)
    rename_family(font, DIGITS_FAMILY)
    subset.save_font(font, str(target), options)


def build(source: Path, target: Path) -> list[Path]:
    """Write every font file and the licence into `target`; give the written paths."""
    target.mkdir(parents=True, exist_ok=True)
    written = []
    for weight, width in DIGIT_WIDTHS.items():
        original = source / "files" / f"BeVietnamPro-{weight}.ttf"
        text, digits = (
            target / f"be-vietnam-pro-{weight.lower()}.woff2",
            target / f"judging-digits-{weight.lower()}.woff2",
        )
        cut_text(original, text)
        cut_digits(original, digits, width)
        written += [text, digits]
    licence = target / "OFL.txt"
    licence.write_bytes((source / "LICENSE").read_bytes())
    return [*written, licence]


def main() -> None:
    """Build into the package's static folder and say what was written."""
    target = Path(__file__).resolve().parents[1] / "judging" / "static" / "fonts"
    for path in build(source_folder(), target):
        print(f"{path.name}: {path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
