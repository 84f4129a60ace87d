"""Which drawings exist, read from the sprite files themselves so that names are kept in one place.

A sprite is one SVG file of <symbol id="..." viewBox="0 0 w h">. An emblem may say `data-ground`, the tint of
the waymark disc it sits on; a wide scene `data-fit`, how it is cropped (an SVG preserveAspectRatio). Files
are ours and shipped with the package, so a plain pattern reads them.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

STATIC = Path(__file__).parent / "static" / "ui"
GROUNDS = ("leaf", "sky", "petal", "heath", "blush")
_SYMBOL = re.compile(r"<symbol\b([^>]*)>")
_ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')


@dataclass(frozen=True)
class Drawing:
    """One symbol of a sprite. `width` and `height` are the view box's own units."""

    name: str
    width: float
    height: float
    ground: str
    fit: str


@cache
def drawings(sprite: str) -> dict[str, Drawing]:
    """Every symbol in `sprite` ('emblems', 'icons', 'tiles' or 'scenes') by its id, in file order."""
    found: dict[str, Drawing] = {}
    for match in _SYMBOL.finditer((STATIC / f"{sprite}.svg").read_text(encoding="utf-8")):
        attributes = dict(_ATTRIBUTE.findall(match[1]))
        _, _, width, height = (float(n) for n in attributes["viewBox"].split())
        name = attributes["id"]
        found[name] = Drawing(
            name, width, height, attributes.get("data-ground", "leaf"), attributes.get("data-fit", "")
        )
    return found


def emblem_of(kind: str) -> Drawing:
    """The emblem of a kind of activity; a kind nobody has drawn yet gets the waymark itself."""
    emblems = drawings("emblems")
    return emblems.get(f"kind-{kind}") or emblems["kind-other"]


def emblem_svg(kind: str, ink: str = "#22302a", fill: str = "#f2ab27") -> str:
    """The emblem of a kind as an SVG of its own, for what is drawn outside a page."""
    name = emblem_of(kind).name
    sprite = (STATIC / "emblems.svg").read_text(encoding="utf-8")
    start = sprite.index(f'id="{name}"')
    inside = sprite[sprite.index(">", start) + 1 : sprite.index("</symbol>", start)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="{ink}"'
        ' stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round">'
        f"{inside.replace('var(--fill)', fill).replace('currentColor', ink)}</svg>"
    )


def scene_of(name: str) -> tuple[str, Drawing]:
    """The sprite a scene lives in, and the scene; a home tile may be named by its slug alone.

    Raises LookupError for a name that was never drawn.
    """
    for known in (name, f"tile-{name}"):
        for sprite in ("tiles", "scenes", "hero"):
            if known in drawings(sprite):
                return sprite, drawings(sprite)[known]
    raise LookupError(f"no scene is called {name!r}; see the gallery for their names")
