"""The colours of the sheet: contrast by WCAG, and fills that stay apart for eyes that see fewer colours."""

from __future__ import annotations

import itertools
import math
import re
from pathlib import Path

import pytest

SHEET = (Path(__file__).resolve().parents[2] / "static/css/app.css").read_text()
BODY, TEXT, SHAPE, APART = 7.0, 4.5, 3.0, 15.0

# Machado, Oliveira and Fernandes (2009), full severity; rows give red, green and blue as seen.
SIMULATIONS = {
    "all colours": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
Triple = tuple[float, float, float]


def block(start: str) -> dict[str, str]:
    """The colour tokens of the block that begins with these characters."""
    inside = SHEET.split(start, 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([a-z0-9-]+):\s*(#[0-9A-Fa-f]{6})", inside))


LIGHT = block(":root {")
DARK = LIGHT | block(":root:not([data-tema=terang]) {")
THEMES = {"light": LIGHT, "dark": DARK}


def linear(colour: str) -> Triple:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return red, green, blue


def contrast(one: str, other: str) -> float:
    lights = sorted(0.2126 * r + 0.7152 * g + 0.0722 * b for r, g, b in (linear(one), linear(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def lab(colour: str, seen: tuple[Triple, Triple, Triple]) -> Triple:
    light = linear(colour)
    r, g, b = (min(1.0, max(0.0, sum(m * c for m, c in zip(row, light, strict=True)))) for row in seen)
    x, y, z = 0.4124 * r + 0.3576 * g + 0.1805 * b, 0.2126 * r + 0.7152 * g + 0.0722 * b, 0.0193 * r + 0.1192 * g + 0.9505 * b
    fx, fy, fz = (t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116 for t in (x / 0.95047, y, z / 1.08883))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


GROUNDS = ("bg", "surface", "kanvas", "kartu")
PAIRS = [
    *[("text", ground, BODY) for ground in (*GROUNDS, "surface2")],
    *[("muted", ground, TEXT) for ground in (*GROUNDS, "surface2")],
    *[("primary", ground, TEXT) for ground in (*GROUNDS, "info-bg")],
    *[("primary-h", ground, TEXT) for ground in (*GROUNDS, "info-bg")],
    *[(ink, ground, TEXT) for ink in ("ok", "warn", "err") for ground in (*GROUNDS, f"{ink}-bg")],
    *[("text", f"{tint}-bg", BODY) for tint in ("ok", "warn", "err", "info")],
    *[("on-primary", ground, TEXT) for ground in ("primary", "primary-h")],
    *[(f"p{n}", ground, TEXT) for n in range(1, 6) for ground in (f"p{n}b", "kartu", "info-bg")],
    *[(shape, ground, SHAPE) for shape in ("border", "focus-ink") for ground in GROUNDS],
    *[(f"f{n}", ground, SHAPE) for n in range(1, 6) for ground in ("bg",)],
    ("primary", "surface2", SHAPE),
]


@pytest.mark.parametrize("theme", THEMES)
def test_every_pair_of_ink_and_ground_can_be_read(theme: str) -> None:
    tokens = THEMES[theme]
    weak = [
        (ink, ground, round(contrast(tokens[ink], tokens[ground]), 2))
        for ink, ground, least in PAIRS
        if contrast(tokens[ink], tokens[ground]) < least
    ]
    assert weak == []


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("family", [("f5", "f4", "f3", "f2", "f1"), ("c1", "c2", "c3", "c4", "c0")], ids=["predicates", "series"])
@pytest.mark.parametrize("sight", SIMULATIONS)
def test_fills_stay_apart_for_every_kind_of_sight(theme: str, family: tuple[str, ...], sight: str) -> None:
    seen = [lab(THEMES[theme][name], SIMULATIONS[sight]) for name in family]
    assert min(math.dist(a, b) for a, b in itertools.combinations(seen, 2)) >= APART


def test_the_chosen_dark_theme_is_the_dark_theme_of_the_device() -> None:
    assert block(":root[data-tema=gelap] {") == block(":root:not([data-tema=terang]) {")
