"""The same question put to PostgreSQL: one wide row a service with full text, and one narrow row.

Both get the index they like best (GiST on the point, GIN on the words), fresh statistics, a warm cache
and no just-in-time compiling (it only slows queries of this length). The narrow query adds up the very
same points as the engine, so its twenty rows can be held against ours; the wide one ranks words with
`ts_rank` in their place, as a directory would that searches text.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from stile.loop.match.index import columns as c
from stile.loop.match.rules import score
from stile.loop.match.rules.asked import Asked
from stile.loop.match.rules.fit import AGE_ALONE_FROM, METRES_A_MICRODEGREE, cos_sin
from stile.site import database

from .report import say
from .world import World, facts

NAME = "stile_bench"
_HALF = 3.141592653589793 / 360.0 / 1_000_000

SHARED = """
    id integer PRIMARY KEY, at point, online boolean NOT NULL, lat integer, lon integer,
    kinds bigint NOT NULL, yes bigint NOT NULL, no bigint NOT NULL, slots integer NOT NULL,
    youngest smallint, oldest smallint, price integer, checked_on smallint NOT NULL,
    room smallint NOT NULL, form smallint NOT NULL, checks smallint NOT NULL, weeks smallint NOT NULL
"""
NAMES = "id, at, online, lat, lon, kinds, yes, no, slots, youngest, oldest, price, checked_on, room, form, checks, weeks"
TABLES = {
    "narrow": f"CREATE UNLOGGED TABLE narrow ({SHARED})",
    "wide": f"""CREATE UNLOGGED TABLE wide ({SHARED}, name text, organisation text, description text, url text,
        email text, phone text, times text, tsv tsvector GENERATED ALWAYS AS
        (to_tsvector('english', name || ' ' || description)) STORED)""",
}
INDEXES = {
    "narrow": (
        "CREATE INDEX ON narrow USING gist (at) WHERE NOT online",
        "CREATE INDEX ON narrow (id) WHERE online",
    ),
    "wide": (
        "CREATE INDEX ON wide USING gist (at) WHERE NOT online",
        "CREATE INDEX ON wide (id) WHERE online",
        "CREATE INDEX ON wide USING gin (tsv)",
    ),
}


@contextmanager
def server() -> Iterator[psycopg.Connection[Any]]:
    """A database of our own for the length of the bench, on the server Stile runs on."""
    with database.running():
        with database.connect_as_installer() as installer:
            installer.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")
            installer.execute(f"CREATE DATABASE {NAME} TEMPLATE template0")
        try:
            with database.connect_as_installer(NAME) as connection:
                connection.execute("SET jit = off")
                yield connection
        finally:
            with database.connect_as_installer() as installer:
                installer.execute(f"DROP DATABASE IF EXISTS {NAME} WITH (FORCE)")


def has_postgis(connection: psycopg.Connection[Any]) -> bool:
    found = connection.execute("SELECT 1 FROM pg_available_extensions WHERE name = 'postgis'").fetchone()
    return found is not None


def load(connection: psycopg.Connection[Any], table: str, world: World) -> None:
    """Fill a table in the order of the grid, index it, look at it once."""
    connection.execute(f"DROP TABLE IF EXISTS {table}")
    connection.execute(TABLES[table])
    more = ", name, organisation, description, url, email, phone, times" if table == "wide" else ""
    with connection.cursor().copy(f"COPY {table} ({NAMES}{more}) FROM STDIN") as copy:
        for row in _rows(world, wide=table == "wide"):
            copy.write_row(row)
    for statement in INDEXES[table]:
        connection.execute(statement)
    if table == "wide" and has_postgis(connection):
        connection.execute("CREATE EXTENSION IF NOT EXISTS postgis")
        connection.execute("ALTER TABLE wide ADD COLUMN geog geography(point)")
        connection.execute(
            "UPDATE wide SET geog = ST_SetSRID(ST_MakePoint(lon / 1e6, lat / 1e6), 4326)::geography WHERE at IS NOT NULL"
        )
        connection.execute("CREATE INDEX ON wide USING gist (geog) WHERE NOT online")
    connection.execute(f"VACUUM ANALYZE {table}")
    size = connection.execute("SELECT pg_total_relation_size(%s)", [table]).fetchone()
    say(f"  {table}: {len(world.columns):,} rows, {size[0] / 1e6:,.0f} MB" if size else table)


def _rows(world: World, *, wide: bool) -> Iterator[tuple[Any, ...]]:
    rows = world.columns.rows
    order = rows[["lat", "lon"]].argsort(order=("lat", "lon"), kind="stable")
    for start in range(0, len(order), 8192):
        part = order[start : start + 8192]
        for at, one in zip(part.tolist(), rows[part].tolist(), strict=True):
            kinds, yes, no, lat, lon, slots, flags, number, _, price, checked_on, _, _, _, young, old = one
            placed = lat != c.NOWHERE
            shared = (
                number,
                f"({lon / 1e6},{lat / 1e6})" if placed else None,
                flags >> c.DELIVERY_AT & 3 == 3,
                lat if placed else None,
                lon if placed else None,
                kinds,
                yes,
                no,
                slots,
                None if young == c.NOT_SAID else young,
                None if old == c.NOT_SAID else old,
                None if price == c.PRICE_NOT_SAID else price,
                checked_on,
                flags >> c.ROOM_AT & 7,
                flags >> c.FORM_AT & 7,
                flags >> c.CHECKS_AT & 7,
                flags >> c.WEEKS_AT,
            )
            if not wide:
                yield shared
                continue
            yield (
                *shared,
                f"Example {number}",
                f"Example organisation {number // 8}, somewhere in the country",
                world.text(at),
                f"https://organisation-{number // 8}.example/what-we-do/{number}",
                f"hello@organisation-{number // 8}.example",
                "01632 960 000",
                "Weekly, 16:00 to 18:00, in term time",
            )


# ---------------------------------------------------------------- the question, as SQL


def query(asked: Asked, *, table: str, words: str = "", postgis: bool = False) -> tuple[str, dict[str, Any]]:
    """One statement for a wish: (score, id) of the best twenty, and what to bind."""
    assert asked.lat is not None
    today = c.day_number(asked.today)
    cos, sin = cos_sin(asked.lat)
    metres = (
        f"floor(sqrt((lat - {asked.lat})::float8 ^ 2 + ((lon - {asked.lon})::float8 *"
        f" ({cos!r}::float8 - {sin!r}::float8 * ((lat - {asked.lat})::float8 * {_HALF!r}::float8))) ^ 2)"
        f" * {METRES_A_MICRODEGREE!r}::float8)::integer"
    )
    degrees = (asked.reach_m + 50) / METRES_A_MICRODEGREE / 1e6
    lat, lon, wide = asked.lat / 1e6, asked.lon / 1e6, degrees / (cos - sin * degrees * 0.0088)
    box = f"at <@ box(point({lon - wide}, {lat - degrees}), point({lon + wide}, {lat + degrees}))"
    if postgis:
        box = f"ST_DWithin(geog, ST_SetSRID(ST_MakePoint({lon}, {lat}), 4326)::geography, {asked.reach_m})"
    filters = " AND ".join(_filters(asked, today))
    points = " + ".join(_points(asked, today))
    near = f"({score.NEAREST} * ({asked.reach_m} - m)) / {asked.reach_m}"
    rank = "0" if table == "narrow" else "(24 * ts_rank(tsv, to_tsquery('english', %(words)s)))::integer"
    reach = "TRUE" if postgis else f"m <= {asked.reach_m}"
    parts = [
        f"SELECT {points} + {near} + {rank} AS s, id FROM {table}, LATERAL (SELECT {metres} AS m) d"
        f" WHERE NOT online AND {box} AND {filters} AND {reach}"
    ]
    if asked.online_is_fine:
        parts.append(
            f"SELECT {points} + {score.ONLINE} + {rank} AS s, id FROM {table} WHERE online AND {filters}"
        )
    return " UNION ALL ".join(parts) + " ORDER BY s DESC, id LIMIT 20", {"words": words} if words else {}


def _filters(asked: Asked, today: int) -> Iterator[str]:
    yield f"checks IN (0, 1) AND checked_on >= {today - 90} AND room < 3"
    if asked.age is not None:
        yield f"(youngest IS NULL OR youngest <= {asked.age}) AND (oldest IS NULL OR oldest >= {asked.age})"
        alone = "oldest IS NOT NULL" if asked.age >= AGE_ALONE_FROM else "FALSE"
        yield f"(youngest IS NOT NULL OR {alone})"
    if needs := facts(asked.needs):
        yield f"yes & {needs} = {needs}"
    if avoid := facts(asked.avoid):
        yield f"no & {avoid} = {avoid}"
    if asked.slots:
        yield f"slots & {asked.slots & 0x7FFFFFFF} <> 0"
    if asked.budget_pence is not None:
        yield f"price <= {asked.budget_pence}"
    if asked.no_parent_form and (asked.age or 0) < 18:
        yield "form IN (1, 2)" if (asked.age or 0) >= 16 else "form = 1"
    if wanted := sum(_bits(asked.wanted)):
        yield f"kinds & {wanted} <> 0"


def _bits(slugs: frozenset[str]) -> Iterator[int]:
    from stile.loop.directory.rules.vocabulary import KIND_BIT

    return (KIND_BIT[slug] for slug in slugs)


def _points(asked: Asked, today: int) -> Iterator[str]:
    def count(masks: str) -> str:
        return f"bit_count(({masks})::bit(64))::integer"

    if named := sum(_bits(asked.named)):
        n = count(f"kinds & {named}")
        yield f"CASE WHEN {n} > 0 THEN {score.NAMED} + {score.NAMED_MORE} * least({n} - 1, 2) ELSE 0 END"
    if hinted := sum(_bits(asked.hinted)):
        yield f"CASE WHEN kinds & {hinted} <> 0 THEN {score.HINTED} ELSE 0 END"
    if chosen := sum(_bits(asked.chosen)):
        yield f"CASE WHEN kinds & {chosen} <> 0 THEN {score.CHOSEN} ELSE 0 END"
    soon = " ".join(
        f"WHEN slots & {day} <> 0 THEN {score.SOON - ahead}" for ahead, day in enumerate(asked.week)
    )
    yield f"CASE {soon} ELSE 0 END"
    yield f"CASE WHEN price = 0 THEN {score.FREE} WHEN price <= {score.CHEAP_PENCE} THEN {score.CHEAP} ELSE 0 END"
    if easier := facts(asked.easier):
        yield f"{score.EASIER} * least({count(f'yes & {easier}')}, {score.EASIER_MOST})"
        yield f"{score.NOT_EASIER} * {count(f'no & {easier}')}"
    yield (
        f"CASE room WHEN 1 THEN {score.PLACES_OPEN} WHEN 2 THEN {score.WAITING} + {score.WEEK_OF_WAITING} * weeks"
        " ELSE 0 END"
    )
    yield f"CASE WHEN checked_on >= {today - 60} THEN {score.LATELY} ELSE 0 END"
    yield f"CASE WHEN checks = 1 THEN {score.CHECKED} ELSE 0 END"
