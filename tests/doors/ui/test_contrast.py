"""Every pair of colours that may stand on each other can be told apart, in both modes and with more contrast."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TOKENS = json.loads((ROOT / "frontend/styles/tokens.json").read_text())
MODES = {"light": 0, "dark": 1}


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb (WCAG 2.2)."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def palettes():
    for mode, index in MODES.items():
        plain = {name: pair[index] for name, pair in TOKENS["colours"].items()}
        more = plain | {name: pair[index] for name, pair in TOKENS["more"].items()}
        yield f"{mode}", plain
        yield f"{mode}, more contrast", more


def test_black_on_white_is_21_to_1():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize(("kind", "least"), [("text_pairs", 4.5), ("part_pairs", 3.0)])
def test_pairs_can_be_told_apart(kind, least):
    poor = [
        f"{mode}: {front} on {back} is {contrast(palette[front], palette[back]):.2f}"
        for mode, palette in palettes()
        for front, back in TOKENS[kind]
        if contrast(palette[front], palette[back]) < least
    ]
    assert poor == []


def test_styles_use_only_tokens_for_colours():
    loose = [
        f"{path.name}: {line.strip()}"
        for path in (ROOT / "frontend/styles").glob("*.css")
        for line in path.read_text().splitlines()
        if re.search(r"(?<![\w-])#[0-9a-fA-F]{3,8}\b(?!.*print)", line) and "background: #fff; color: #000" not in line
    ]
    assert loose == []


def test_built_styles_carry_the_tokens():
    for door in ("console", "portal"):
        built = (ROOT / f"src/makegood/doors/{door}/static/{door}/{door}.css").read_text()
        missing = [name for name, (light, _) in TOKENS["colours"].items() if f"--{name}:{light}" not in built]
        assert missing == []
