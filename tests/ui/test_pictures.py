"""The drawings: one for every kind of activity, whole, small, and ours alone."""

import re
from xml.etree import ElementTree

import pytest

from stile.loop.directory.rules.vocabulary import KINDS, Tile
from stile.ui.sprites import GROUNDS, STATIC, drawings, emblem_of, scene_of

SPRITES = ("emblems", "icons", "tiles", "scenes", "hero")
SVG = "{http://www.w3.org/2000/svg}"


def test_every_kind_has_an_emblem_of_its_own() -> None:
    assert [kind.slug for kind in KINDS if emblem_of(kind.slug).name != f"kind-{kind.slug}"] == []


def test_no_emblem_is_left_over_or_drawn_twice() -> None:
    assert {name.removeprefix("kind-") for name in drawings("emblems")} == {kind.slug for kind in KINDS}
    text = (STATIC / "emblems.svg").read_text(encoding="utf-8")
    bodies = re.findall(r"<symbol[^>]*>(.*?)</symbol>", text)
    assert len(set(bodies)) == len(bodies) == len(KINDS)


def test_a_kind_nobody_drew_gets_the_waymark() -> None:
    assert emblem_of("quidditch").name == "kind-other"


def test_every_door_of_the_home_page_has_its_scene() -> None:
    assert [tile for tile in Tile if scene_of(f"tile-{tile.value}")[0] != "tiles"] == []
    assert len(drawings("tiles")) == len(Tile)


def test_a_scene_nobody_drew_is_an_error() -> None:
    with pytest.raises(LookupError, match="tile-elsewhere"):
        scene_of("tile-elsewhere")


@pytest.mark.parametrize("sprite", SPRITES)
def test_sprites_are_well_formed_and_hold_only_shapes(sprite: str) -> None:
    tree = ElementTree.parse(STATIC / f"{sprite}.svg")  # ours, not somebody's upload
    symbols = tree.getroot().findall(f"{SVG}symbol")
    assert [s.get("id") for s in symbols] == list(drawings(sprite))
    allowed = {SVG + tag for tag in ("svg", "symbol", "g", "path", "circle", "ellipse", "rect")}
    assert {element.tag for element in tree.iter()} <= allowed
    names = {name for element in tree.iter() for name in element.attrib}
    assert "style" not in names
    assert not [name for name in names if name.startswith("on") or "href" in name]


def test_emblems_share_one_hand() -> None:
    for name, drawing in drawings("emblems").items():
        assert (drawing.width, drawing.height) == (24, 24), name
        assert drawing.ground in GROUNDS, name
    text = (STATIC / "emblems.svg").read_text(encoding="utf-8")
    assert set(re.findall(r'fill="([^"]+)"', text)) == {"var(--fill)"}
    assert "stroke=" not in text  # the stylesheet's one line serves all


def test_pictures_are_small_enough_for_a_slow_phone() -> None:
    size = {path.name: path.stat().st_size for path in STATIC.iterdir()}
    assert size["emblems.svg"] <= 60_000
    home = size["hero.svg"] + size["tiles.svg"] + size["icons.svg"]
    assert home <= 60_000
    assert size["stile.js"] <= 12_000
    parts = ("stile.css", "stile.js", "favicon.svg", "hedge.svg", "verge.svg", "squiggle.svg", "scenes.svg")
    assert (
        home + sum(size[name] for name in parts) <= 150_000 - 15_000
    )  # what is left is the page's own words
