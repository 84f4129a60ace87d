"""Finding the same activity or organisation in two sources, and showing it once.

Candidates come from the database by what they share (a place, a phone number, a register number, a
website together with the name), so the work grows with the records taken in and not with their
square. `rules/likeness.py` judges each pair. A group of linked records never holds two of one source:
a source that lists two sessions means two.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import connection

from stile.loop.directory.rules.likeness import Likeable, organisations_alike, services_alike

SLICE = 2000  # pairs judged at a time
BY = "stile"  # who made a link that nobody made by hand

_MANY = 60  # records that share a key; beyond that only those of the same name are compared

# What a record can be recognised by: (id, name_key, kind of key, key). `fresh` are the records just taken
# in, all of one source; the second of each pair finds whoever else has the same key.
_CELL = (
    "floor(l.lat / 0.0014 + {y})::int || ' ' || floor(l.lon / 0.0025 + {x})::int"  # some 155 metres square
)
_KEYS = {
    "service": (
        """
        SELECT n.id, n.name_key, 'place', l.postcode_key FROM fresh n
            JOIN directory_serviceatlocation a ON a.service_id = n.id JOIN directory_location l ON l.id = a.location_id
            WHERE l.postcode_key <> ''
        UNION SELECT n.id, n.name_key, 'near', """
        + _CELL.format(y="y", x="x")
        + """ FROM fresh n
            JOIN directory_serviceatlocation a ON a.service_id = n.id JOIN directory_location l ON l.id = a.location_id
            CROSS JOIN generate_series(-1, 1) y CROSS JOIN generate_series(-1, 1) x
            WHERE l.lat IS NOT NULL AND l.position_km < 0.2
        UNION SELECT id, name_key, 'phone', phone_key FROM fresh WHERE phone_key <> ''
        UNION SELECT id, name_key, 'web', web_key FROM fresh WHERE web_key <> ''
        UNION SELECT n.id, n.name_key, 'number', unnest(g.identifier_keys) FROM fresh n
            JOIN directory_organisation g ON g.id = n.organisation_id
        """,
        """
        SELECT o.id, o.name_key, k.kind, k.key FROM wanted k JOIN directory_location l ON l.postcode_key = k.key
            JOIN directory_serviceatlocation a ON a.location_id = l.id JOIN directory_service o ON o.id = a.service_id
            WHERE k.kind = 'place' AND {other}
        UNION SELECT o.id, o.name_key, k.kind, k.key FROM wanted k
            JOIN directory_location l ON l.lat IS NOT NULL AND """
        + _CELL.format(y="0", x="0")
        + """ = k.key
            JOIN directory_serviceatlocation a ON a.location_id = l.id JOIN directory_service o ON o.id = a.service_id
            WHERE k.kind = 'near' AND {other}
        UNION SELECT o.id, o.name_key, k.kind, k.key FROM wanted k JOIN directory_service o ON o.phone_key = k.key
            WHERE k.kind = 'phone' AND {other}
        UNION SELECT o.id, o.name_key, k.kind, k.key FROM wanted k JOIN directory_service o ON o.web_key = k.key
            WHERE k.kind = 'web' AND {other}
        UNION SELECT o.id, o.name_key, k.kind, k.key FROM wanted k
            JOIN directory_organisation g ON g.identifier_keys @> ARRAY[k.key]
            JOIN directory_service o ON o.organisation_id = g.id WHERE k.kind = 'number' AND {other}
        """,
    ),
    "organisation": (
        """
        SELECT id, name_key, 'number', unnest(identifier_keys) FROM fresh
        UNION SELECT id, name_key, 'name', name_key FROM fresh WHERE name_key <> ''
        UNION SELECT id, name_key, 'phone', phone_key FROM fresh WHERE phone_key <> ''
        UNION SELECT id, name_key, 'web', web_key FROM fresh WHERE web_key <> ''
        """,
        """
        SELECT o.id, o.name_key, k.kind, k.key FROM wanted k
            JOIN directory_organisation o ON o.identifier_keys @> ARRAY[k.key] WHERE k.kind = 'number' AND {other}
        UNION SELECT o.id, o.name_key, k.kind, k.key FROM wanted k
            JOIN directory_organisation o ON o.name_key = k.key WHERE k.kind = 'name' AND {other}
        UNION SELECT o.id, o.name_key, k.kind, k.key FROM wanted k
            JOIN directory_organisation o ON o.phone_key = k.key WHERE k.kind = 'phone' AND {other}
        UNION SELECT o.id, o.name_key, k.kind, k.key FROM wanted k
            JOIN directory_organisation o ON o.web_key = k.key WHERE k.kind = 'web' AND {other}
        """,
    ),
}
_OTHER = "o.source_id <> (SELECT source_id FROM fresh LIMIT 1) AND o.withdrawn_at IS NULL"
# A register number stands for the organisation whatever it calls itself; other keys want a name a bit alike.
_PAIRS = f"""
    SELECT DISTINCT least(p.a, p.b) AS one, greatest(p.a, p.b) AS other FROM (
        SELECT a.id, b.id FROM ours a JOIN theirs b USING (kind, key) WHERE b.with_key <= {_MANY}
            AND (similarity(a.name_key, b.name_key) > 0.3 OR a.kind = 'number' AND %(number)s)
        UNION ALL
        SELECT a.id, b.id FROM ours a JOIN theirs b USING (kind, key, name_key)
            WHERE b.with_key > {_MANY} AND b.with_name <= {_MANY}
    ) p(a, b)
"""

# Grouped and joined, not looked up row by row: right after a first large import the tables have no
# statistics yet, and a plan that walks them once for each row would take hours.
_SERVICE = """
    SELECT s.id, s.name_key, s.phone_key, s.web_key, s.mail_key, coalesce(o.identifier_keys, '{}'),
        coalesce(o.name_key, ''), s.min_age, s.max_age, p.postcodes, p.lats, p.lons, p.slots,
        coalesce(o.phone_key, ''), coalesce(o.web_key, ''), coalesce(o.mail_key, '')
    FROM directory_service s LEFT JOIN directory_organisation o ON o.id = s.organisation_id
    LEFT JOIN (
        SELECT a.service_id, array_agg(l.postcode_key) FILTER (WHERE l.postcode_key <> '') AS postcodes,
            array_agg(l.lat) FILTER (WHERE l.lat IS NOT NULL AND l.position_km < 0.2) AS lats,
            array_agg(l.lon) FILTER (WHERE l.lat IS NOT NULL AND l.position_km < 0.2) AS lons,
            bit_or(a.slots) AS slots
        FROM directory_serviceatlocation a LEFT JOIN directory_location l ON l.id = a.location_id
        WHERE a.service_id = ANY(%(n)s) GROUP BY a.service_id
    ) p ON p.service_id = s.id
    WHERE s.id = ANY(%(n)s)
"""
_ORGANISATION_ROW = """
    SELECT o.id, o.name_key, o.phone_key, o.web_key, o.mail_key, o.identifier_keys, '', NULL, NULL,
        p.postcodes, NULL, NULL, 0, '', '', ''
    FROM directory_organisation o
    LEFT JOIN (
        SELECT s.organisation_id, array_agg(DISTINCT l.postcode_key) AS postcodes
        FROM directory_service s JOIN directory_serviceatlocation a ON a.service_id = s.id
        JOIN directory_location l ON l.id = a.location_id
        WHERE s.organisation_id = ANY(%(n)s) AND l.postcode_key <> '' GROUP BY s.organisation_id
    ) p ON p.organisation_id = o.id
    WHERE o.id = ANY(%(n)s)
"""
_JUDGE = {"service": services_alike, "organisation": organisations_alike}
_ROWS = {"service": _SERVICE, "organisation": _ORGANISATION_ROW}


def link_fresh(of: str, fresh: str, now: datetime) -> int:
    """Judge the records that the query `fresh` gives as (id, whether it has just arrived).

    Makes links and undoes those that no longer hold. Gives how many of those that arrived are linked.
    """
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS fresh")
        cursor.execute(
            "CREATE TEMP TABLE fresh ON COMMIT DROP AS"
            f" SELECT t.*, q.arrived FROM directory_{of} t JOIN ({fresh}) q(id, arrived) ON q.id = t.id"
        )
        cursor.execute("ANALYZE fresh (id, source_id, name_key, phone_key, web_key)")
        _let_go(cursor, of, now)
        cursor.execute(
            "SELECT 1 FROM directory_source c WHERE EXISTS (SELECT 1 FROM fresh n WHERE n.source_id <> c.id) LIMIT 1"
        )
        if not cursor.fetchone():
            return 0
        _pair(cursor, of)
        cursor.execute(
            "DELETE FROM pairs p USING directory_link k WHERE k.of = %s"
            " AND k.one = p.one AND k.other = p.other"
            " AND (k.undone_at IS NULL OR k.undone_by <> %s)",  # standing, or taken back by a person
            [of, BY],
        )
        _judge(cursor, of)
        _make(cursor, of, now)
        cursor.execute("DROP TABLE pairs, ours, wanted, theirs, alike")
        cursor.execute(
            "SELECT count(*) FROM fresh f WHERE f.arrived AND f.id IN ("
            " SELECT one FROM directory_link WHERE of = %(of)s AND undone_at IS NULL"
            " UNION SELECT other FROM directory_link WHERE of = %(of)s AND undone_at IS NULL)",
            {"of": of},
        )
        return int(cursor.fetchone()[0])


def _pair(cursor: Any, of: str) -> None:
    """Fill `pairs` with the records worth comparing."""
    ours, theirs = _KEYS[of]
    made = "CREATE TEMP TABLE {} ON COMMIT DROP AS {}"
    cursor.execute("SELECT count(*) > 1000 FROM fresh")
    if cursor.fetchone()[0]:
        # After a first large import the planner knows nothing of the tables yet, takes them for small and
        # would walk them once for each record. With many records a hash is right whatever it thinks.
        cursor.execute("SET LOCAL enable_nestloop = off")
    cursor.execute(f"CREATE TEMP TABLE ours (id, name_key, kind, key) ON COMMIT DROP AS {ours}")
    cursor.execute(made.format("wanted", "SELECT DISTINCT kind, key FROM ours"))
    cursor.execute("ANALYZE ours, wanted")
    counted = (
        "SELECT *, count(*) OVER (PARTITION BY kind, key) AS with_key,"
        " count(*) OVER (PARTITION BY kind, key, name_key) AS with_name"
        f" FROM ({theirs.format(other=_OTHER)}) t"
    )
    cursor.execute(made.format("theirs", counted))
    cursor.execute("ANALYZE theirs")
    cursor.execute(made.format("pairs", _PAIRS), {"number": of == "organisation"})
    cursor.execute("SET LOCAL enable_nestloop = on")
    cursor.execute("CREATE INDEX ON pairs (one, other)")
    cursor.execute("ANALYZE pairs")


def _judge(cursor: Any, of: str) -> None:
    """Fill `alike` with the candidate pairs that are the same, slice by slice."""
    cursor.execute(
        "CREATE TEMP TABLE alike (one bigint, other bigint, signs int, words text, evidence jsonb) ON COMMIT DROP"
    )
    last = (0, 0)
    while True:
        cursor.execute(
            "SELECT one, other FROM pairs WHERE (one, other) > (%s, %s) ORDER BY 1, 2 LIMIT %s",
            [*last, SLICE],
        )
        pairs = cursor.fetchall()
        if not pairs:
            cursor.execute("CREATE INDEX ON alike ((-signs), one, other)")
            return
        last = pairs[-1]
        known = _likeables(cursor, of, {number for pair in pairs for number in pair})
        judged = ((one, other, _JUDGE[of](known[one], known[other])) for one, other in pairs)
        with cursor.copy("COPY alike FROM STDIN") as copy:
            for one, other, likeness in judged:
                if likeness.same:
                    told = json.dumps([[e.kind, e.words] for e in likeness.evidence])
                    copy.write_row((one, other, len(likeness.evidence), likeness.words, told))


def _likeables(cursor: Any, of: str, numbers: set[int]) -> dict[int, Likeable]:
    cursor.execute(_ROWS[of], {"n": list(numbers)})
    known = {}
    for (
        number, name, phone, web, mail, identifiers, organisation, min_age, max_age, postcodes, lats, lons, slots,
        its_phone, its_web, its_mail,
    ) in cursor.fetchall():  # fmt: skip
        known[number] = Likeable(
            number, name, phone or its_phone, web or its_web, mail or its_mail, frozenset(identifiers), organisation,
            frozenset(postcodes or ()), tuple(zip(lats or (), lons or (), strict=True)), min_age, max_age, slots or 0,
        )  # fmt: skip
    return known


def _let_go(cursor: Any, of: str, now: datetime) -> None:
    """Undo links that Stile made and that what was just taken in no longer bears out."""
    cursor.execute(
        "SELECT DISTINCT k.id, k.one, k.other FROM directory_link k JOIN fresh n ON n.id IN (k.one, k.other)"
        " WHERE k.of = %s AND k.undone_at IS NULL AND k.made_by = %s",
        [of, BY],
    )
    held = cursor.fetchall()
    known = _likeables(cursor, of, {number for _, *pair in held for number in pair}) if held else {}
    gone = [(k, one, other) for k, one, other in held if not _JUDGE[of](known[one], known[other]).same]
    if gone:
        cursor.execute(
            "UPDATE directory_link SET undone_at = %s, undone_by = %s WHERE id = ANY(%s)",
            [now, BY, [k for k, _, _ in gone]],
        )
        regroup(of, {number for _, *pair in gone for number in pair})


def _make(cursor: Any, of: str, now: datetime) -> None:
    """Link the likest pairs first, and none that would put two records of one source into a group."""
    last = (-100, 0, 0)
    while True:
        cursor.execute(
            "SELECT -signs, one, other, words, evidence::text FROM alike"
            " WHERE ((-signs), one, other) > (%s, %s, %s) ORDER BY 1, 2, 3 LIMIT %s",
            [*last, SLICE],
        )
        alike = cursor.fetchall()
        if not alike:
            return
        last = alike[-1][:3]
        groups = _Groups(cursor, of, {number for _, one, other, *_ in alike for number in (one, other)})
        made = [
            (of, one, other, evidence, words, BY, now)
            for _, one, other, words, evidence in alike
            if groups.join(one, other)
        ]
        cursor.executemany(
            "INSERT INTO directory_link (of, one, other, evidence, words, made_by, made_at, undone_by)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, '') ON CONFLICT (of, one, other) DO UPDATE"
            " SET evidence = excluded.evidence, words = excluded.words, made_at = excluded.made_at,"
            " undone_at = NULL, undone_by = ''",
            made,
        )
        regroup(of, {number for _, *pair in made for number in pair[:2]})


class _Groups:
    """Which records are shown as one, and of which sources they are."""

    def __init__(self, cursor: Any, of: str, numbers: set[int]) -> None:
        cursor.execute(
            f"SELECT g.id, coalesce(g.same_as_id, g.id), g.source_id FROM directory_{of} g WHERE"
            f" coalesce(g.same_as_id, g.id) IN (SELECT coalesce(t.same_as_id, t.id) FROM directory_{of} t"
            " WHERE t.id = ANY(%s))",
            [list(numbers)],
        )
        self.group: dict[int, int] = {}
        self.sources: dict[int, set[int]] = defaultdict(set)
        self.members: dict[int, list[int]] = defaultdict(list)
        for number, group, source in cursor.fetchall():
            self.group[number] = group
            self.sources[group].add(source)
            self.members[group].append(number)

    def join(self, one: int, other: int) -> bool:
        a, b = self.group[one], self.group[other]
        if a == b or self.sources[a] & self.sources[b]:
            return False
        for number in self.members[b]:
            self.group[number] = a
        self.members[a] += self.members.pop(b)
        self.sources[a] |= self.sources.pop(b)
        return True


# Everything that standing links lead to from the records asked about, and which of it is shown.
_REGROUP = """
    WITH RECURSIVE reach(root, id) AS (
        SELECT n, n FROM unnest(%(n)s::bigint[]) n
        UNION SELECT r.root, k.id FROM reach r CROSS JOIN LATERAL (
            SELECT other AS id FROM directory_link WHERE of = %(of)s AND one = r.id AND undone_at IS NULL
            UNION ALL SELECT one FROM directory_link WHERE of = %(of)s AND other = r.id AND undone_at IS NULL
        ) k
    ), part AS (
        SELECT DISTINCT min(id) OVER (PARTITION BY root) AS part, id FROM reach
    ), chosen AS (
        SELECT t.id, first_value(t.id) OVER (PARTITION BY part.part ORDER BY {order}) AS shown
        FROM part JOIN directory_{of} t ON t.id = part.id
    )
    UPDATE directory_{of} t SET same_as_id = nullif(chosen.shown, t.id) FROM chosen
    WHERE t.id = chosen.id AND ({always} OR t.same_as_id IS DISTINCT FROM nullif(chosen.shown, t.id))
"""
_ORDER = {
    # Listed before withdrawn, then the freshest word, then one somebody confirmed, then the older number.
    "service": "t.withdrawn_at IS NOT NULL, t.checked_on DESC, t.confirmed_on IS NULL, t.id",
    "organisation": "t.withdrawn_at IS NOT NULL, t.id",
}


def regroup(of: str, numbers: Iterable[int]) -> None:
    """Choose again which record is shown, in each group that one of the numbers belongs to."""
    wanted = sorted(numbers)
    with connection.cursor() as cursor:
        for at in range(0, len(wanted), SLICE):
            # An organisation is written even if it stays as it is: what is known of its checks may have
            # come from the other one, and a trigger then marks its services as changed.
            sql = _REGROUP.format(of=of, order=_ORDER[of], always=of == "organisation")
            cursor.execute(sql, {"of": of, "n": wanted[at : at + SLICE]})


def linked_among(of: str, numbers: Iterable[int]) -> set[int]:
    """Those of the numbers that a standing link names."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT unnest(ARRAY[one, other]) FROM directory_link WHERE of = %s AND undone_at IS NULL"
            " AND (one = ANY(%s) OR other = ANY(%s))",
            [of, list(numbers), list(numbers)],
        )
        return {number for (number,) in cursor.fetchall()} & set(numbers)
