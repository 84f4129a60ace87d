"""Every pair of colours that text or a control's edge is set in, by day and after dusk (WCAG 2.2: 1.4.3, 1.4.11)."""

import gzip
import re

import pytest

from stile.ui.sprites import STATIC

CSS = (STATIC / "stile.css").read_text(encoding="utf-8")
GROUNDS = ("paper", "card", "sunk", "leaf", "petal", "heath", "blush", "sky")
TEXT = [(ink, ground) for ink in ("ink", "soft", "hedge", "heather") for ground in GROUNDS] + [
    ("on-hedge", "hedge"), ("on-bank", "bank"), ("bank-soft", "bank"), ("paper", "ink"), ("ink", "s-sky"),
    ("ink", "s-far"),
]  # fmt: skip
EDGES = [("edge", "paper"), ("edge", "card"), ("hedge", "paper"), ("hedge", "leaf"), ("ink", "marigold")]


def tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{3,6});", block))


def after(selector: str) -> str:
    start = CSS.index(selector) + len(selector)
    return CSS[start : CSS.index("}", start)]


LIGHT = tokens(after(':root, [data-scheme="light"] {'))
DARK = tokens(after('\n[data-scheme="dark"] {'))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_itself() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["day", "dusk"])
def test_words_can_be_read(scheme: dict[str, str]) -> None:
    weak = {pair: round(c, 2) for pair in TEXT if (c := contrast(*(scheme[name] for name in pair))) < 4.5}
    assert weak == {}


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["day", "dusk"])
def test_edges_of_controls_can_be_seen(scheme: dict[str, str]) -> None:
    pairs = EDGES if scheme is LIGHT else [pair for pair in EDGES if pair != ("ink", "marigold")]
    weak = {pair: round(c, 2) for pair in pairs if (c := contrast(*(scheme[name] for name in pair))) < 3}
    assert weak == {}


def test_words_on_marigold_are_always_dark() -> None:
    """Marigold stays bright after dusk, so what stands on it does not follow --ink."""
    for scheme in (LIGHT, DARK):
        assert contrast("#22302a", scheme["marigold"]) >= 4.5
    for rule in re.findall(r"\{[^}]*background: var\(--marigold\)[^}]*\}", CSS):
        assert (
            "color:" not in rule.replace("#22302a", "").replace("background-color:", "") or "#22302a" in rule
        )


def test_dusk_is_written_the_same_twice() -> None:
    """Once for a reader whose device is dark, once for the gallery that forces it."""
    asked = tokens(after(":root:not([data-scheme]) {"))
    assert asked == DARK
    assert set(DARK) == set(LIGHT)


def test_every_token_in_use_is_there() -> None:
    known = set(re.findall(r"--([\w-]+):", CSS))
    pictures = "".join(path.read_text(encoding="utf-8") for path in STATIC.glob("*.svg"))
    used = set(re.findall(r"var\(--([\w-]+)", CSS + pictures))
    assert used - known == set()


def test_the_stylesheet_stays_small_and_our_own() -> None:
    assert len(CSS.encode()) <= 50_000
    assert len(gzip.compress(CSS.encode())) <= 13_000, "as it is sent"
    assert "@import" not in CSS
    assert "http" not in re.sub(r'href\^="http"', "", CSS)
    for address in re.findall(r'url\("([^"]+)"\)', CSS):
        assert (STATIC / address).is_file(), address


@pytest.mark.parametrize(
    "query",
    [
        "(forced-colors: active)",
        "(prefers-reduced-motion: no-preference)",
        "(prefers-color-scheme: dark)",
        "print",
    ],
)
def test_the_stylesheet_answers_what_a_reader_asks(query: str) -> None:
    assert re.search(rf"@media [^{{]*{re.escape(query)}", CSS) or f"@media {query}" in CSS


def test_motion_happens_only_where_it_was_not_refused() -> None:
    outside = CSS.replace(CSS[CSS.index("@media (prefers-reduced-motion") : CSS.index("@keyframes rise")], "")
    assert not re.search(r"\b(transition|animation):", outside)
