"""The second half of taking a source in: from the temporary tables into the directory, set by set.

Each statement handles all records of a kind at once. A record held already is written again only if
it says something new, so that taking in the same source twice touches no row.
"""

from datetime import date, datetime
from typing import Any

from django.db import connection

from stile.loop.directory.rules.likeness import name_key
from stile.loop.directory.rules.report import Report

from .staging import COLUMNS, HANGS_ON, KINDS

_WORD = {"location": "place"}
_TOLD_DIFFERENTLY = 20  # such warnings of a kind, at most

# The best word on each record: its own before one told inside another, the first before a later one.
_WON = """
    CREATE TEMP TABLE won_{kind} ON COMMIT DROP AS
    SELECT m.*, d.id AS held, d.withdrawn_at IS NOT NULL AS was_away,
        d.id IS NOT NULL AND m.rank < 2 AND (m.rank = 0 OR d.nested OR %(whole)s)
            AND (d.fingerprint <> m.fingerprint OR d.nested <> (m.rank > 0)) AS changes
    FROM (SELECT DISTINCT ON (key) * FROM in_met WHERE kind = %(kind)s ORDER BY key, rank, ord) m
    LEFT JOIN directory_{kind} d ON d.source_id = %(source)s AND d.key = m.key
"""
_SAME_RECORD = "i.ord = w.ord AND i.key = w.key AND i.fingerprint = w.fingerprint"

# What a merge does with a column beyond taking the new value over.
_KEPT_BETTER = {
    # People who run it have said so here: only another explicit word of the source goes above it.
    "room": "CASE WHEN d.room_set_at IS NOT NULL AND i.room = 'unknown' THEN d.room ELSE i.room END",
    "places": "CASE WHEN d.room_set_at IS NOT NULL AND i.room = 'unknown' THEN d.places ELSE i.places END",
    # Somebody may have confirmed it here, later than the source knows.
    "confirmed_on": "greatest(d.confirmed_on, i.confirmed_on)",
}


class Merge:
    def __init__(self, source_id: int, report: Report, *, now: datetime, today: date, whole: bool) -> None:
        self.source_id, self.report, self.whole = source_id, report, whole
        self.params: dict[str, Any] = {"source": source_id, "now": now, "today": today, "whole": whole}

    def run(self) -> None:
        # Only what is joined by: sampling descriptions and details takes longer than some of the joins.
        self._do("ANALYZE in_met (kind, ord, rank, key, fingerprint)")
        self._do(f"ANALYZE {', '.join(f'in_{kind} (ord, key, fingerprint)' for kind in KINDS)}")
        self._do(f"ANALYZE {', '.join(f'in_{table} (ord)' for table in (*HANGS_ON, 'serviceterm'))}")
        for kind in KINDS:
            self._do(_WON.format(kind=kind), kind=kind)
            self._do(f"ANALYZE won_{kind}")
            self._count(kind)
            self._twice(kind)
            self._change(kind)
            self._add(kind)
        self._hang()

    def _do(self, sql: str, **more: Any) -> int:
        with connection.cursor() as cursor:
            cursor.execute(sql, self.params | more if "%(" in sql else None)
            return int(cursor.rowcount)

    def _rows(self, sql: str, **more: Any) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql, self.params | more)
            return list(cursor.fetchall())

    # -- accounts

    def _count(self, kind: str) -> None:
        ((new, changed, back, same),) = self._rows(
            f"""
            SELECT count(*) FILTER (WHERE held IS NULL),
                count(*) FILTER (WHERE changes),
                count(*) FILTER (WHERE held IS NOT NULL AND NOT changes AND was_away),
                count(*) FILTER (WHERE held IS NOT NULL AND NOT changes AND NOT was_away)
            FROM won_{kind} WHERE rank = 0
            """
        )
        report = self.report
        report.imported += new + changed + back
        report.updated += changed + back
        report.unchanged += same
        report.restored += self._rows(f"SELECT count(*) FROM won_{kind} WHERE rank = 0 AND was_away")[0][0]

    def _twice(self, kind: str) -> None:
        """A key met again: the same record is folded into the first, another one is refused."""
        again = (
            "FROM in_met m JOIN won_{0} w USING (key) WHERE m.kind = '{0}' AND m.rank = 0 AND m.ord <> w.ord"
        )
        again = again.format(kind)
        self.report.merged += self._rows(f"SELECT count(*) {again} AND m.fingerprint = w.fingerprint")[0][0]
        for key, place, name, first_place, first_name in self._rows(
            f"SELECT m.key, m.place, m.name, w.place, w.name {again} AND m.fingerprint <> w.fingerprint ORDER BY m.ord"
        ):
            if name_key(name) == name_key(first_name):
                self.report.merged += 1
                self.report.warn(
                    place, f"says otherwise than {first_place}, which has the same id; the first was kept"
                )
            else:
                self.report.reject(
                    place, f'the id "{key[:80]}" belongs to "{first_name[:80]}" already ({first_place})'
                )
        told = self._rows(
            f"SELECT m.key, max(m.name) FROM in_met m JOIN won_{kind} w USING (key)"
            " WHERE m.kind = %(kind)s AND m.rank = 1 AND w.rank = 1"
            " GROUP BY m.key HAVING count(DISTINCT m.fingerprint) > 1 ORDER BY 1 LIMIT %(n)s",
            kind=kind,
            n=_TOLD_DIFFERENTLY,
        )
        for key, name in told:
            self.report.warn(
                f"{_WORD.get(kind, kind)} {key}",
                f'"{name}" is told in more than one way by its services; the first was kept',
            )

    # -- rows

    def _change(self, kind: str) -> None:
        better = _KEPT_BETTER if kind == "service" else {}
        sets = [f'"{c}" = {better.get(c, f"i.{c}")}' for c in COLUMNS[kind] if c not in ("key", "uid")]
        joined = ""
        if kind == "service":
            sets += [
                "organisation_id = o.id",
                "listed_on = %(today)s",
                "room_set_at = CASE WHEN i.room = 'unknown' THEN d.room_set_at END",
                "doubted_at = CASE WHEN i.confirmed_on >= d.doubted_at::date THEN NULL ELSE d.doubted_at END",
            ]
            joined = " LEFT JOIN directory_organisation o ON o.source_id = %(source)s AND o.key = i.organisation_key"
        self._do(
            f"UPDATE directory_{kind} d SET {', '.join(sets)}, nested = w.rank > 0, withdrawn_at = NULL"
            f" FROM won_{kind} w JOIN in_{kind} i ON {_SAME_RECORD}{joined} WHERE w.changes AND d.id = w.held"
        )
        self._do(
            f"UPDATE directory_{kind} d SET withdrawn_at = NULL FROM won_{kind} w"
            " WHERE d.id = w.held AND d.withdrawn_at IS NOT NULL"
        )

    def _add(self, kind: str) -> None:
        columns = ", ".join(f'"{c}"' for c in COLUMNS[kind])
        values = ", ".join(f'i."{c}"' for c in COLUMNS[kind])
        if kind == "service":
            columns += ", organisation_id, listed_on, changed_tx"
            values += ", o.id, %(today)s, 0"  # a trigger puts the right transaction
        joined = (
            " LEFT JOIN directory_organisation o ON o.source_id = %(source)s AND o.key = i.organisation_key"
            if kind == "service"
            else ""
        )
        self._do(
            f"INSERT INTO directory_{kind} (source_id, nested, {columns})"
            f" SELECT %(source)s, w.rank > 0, {values} FROM won_{kind} w"
            f" JOIN in_{kind} i ON {_SAME_RECORD}{joined} WHERE w.held IS NULL ORDER BY w.ord"
        )

    def _hang(self) -> None:
        """Places, times, costs, terms and checks of the services that are new or changed."""
        self._do(
            "CREATE TEMP TABLE done ON COMMIT DROP AS"
            " SELECT w.ord, d.id AS service_id, w.held IS NULL AS is_new FROM won_service w"
            " JOIN directory_service d ON d.source_id = %(source)s AND d.key = w.key"
            " WHERE w.held IS NULL OR w.changes"
        )
        self._do("ANALYZE done")
        old = "USING done WHERE t.service_id = done.service_id AND NOT done.is_new"
        for table in ("schedule", "costoption", "serviceterm"):
            self._do(f"DELETE FROM directory_{table} t {old}")
        self._do(f"DELETE FROM directory_assurance t {old} AND t.source_id = %(source)s")
        self._do(
            f"DELETE FROM directory_serviceatlocation t {old} AND NOT EXISTS (SELECT 1 FROM in_serviceatlocation i"
            " WHERE i.ord = done.ord AND i.key = t.key AND i.nth = t.nth)"
        )
        place = "LEFT JOIN directory_location l ON l.source_id = %(source)s AND l.key = i.location_key"
        self._do(
            'UPDATE directory_serviceatlocation t SET "order" = i."order", location_id = l.id, details = i.details,'
            f" slots = i.slots FROM done JOIN in_serviceatlocation i ON i.ord = done.ord {place}"
            " WHERE NOT done.is_new AND t.service_id = done.service_id AND t.key = i.key AND t.nth = i.nth"
        )
        self._do(
            'INSERT INTO directory_serviceatlocation (service_id, key, nth, "order", location_id, details, slots)'
            ' SELECT done.service_id, i.key, i.nth, i."order", l.id, i.details, i.slots'
            f" FROM done JOIN in_serviceatlocation i ON i.ord = done.ord {place}"
            " WHERE done.is_new OR NOT EXISTS (SELECT 1 FROM directory_serviceatlocation t"
            " WHERE t.service_id = done.service_id AND t.key = i.key AND t.nth = i.nth)"
            ' ORDER BY i.ord, i."order"'
        )
        times = (
            'i."order", i.key, i.freq, i."interval", i.byday, i.bymonthday, i.dtstart, i.valid_from, i.valid_to,'
            " i.until, i.count, i.opens_at, i.closes_at, i.text, i.details"
        )
        self._do(
            f"INSERT INTO directory_schedule (service_id, at_location_id, {times.replace('i.', '')})"
            f" SELECT done.service_id, a.id, {times} FROM done JOIN in_schedule i ON i.ord = done.ord"
            " LEFT JOIN directory_serviceatlocation a"
            ' ON i.at IS NOT NULL AND a.service_id = done.service_id AND a."order" = i.at'
        )
        costs = 'i."order", i.key, i.option, i.amount_pence, i.currency, i.text, i.valid_from, i.valid_to, i.details'
        self._do(
            f"INSERT INTO directory_costoption (service_id, {costs.replace('i.', '')})"
            f" SELECT done.service_id, {costs} FROM done JOIN in_costoption i ON i.ord = done.ord"
        )
        self._do(
            'INSERT INTO directory_serviceterm (service_id, term_id, "order")'
            ' SELECT done.service_id, t.id, i."order" FROM done JOIN in_serviceterm i ON i.ord = done.ord'
            " JOIN directory_term t ON t.source_id = %(source)s AND t.key = i.term_key"
        )
        checks = 'i."order", i.kind, i.seen_on, i.seen_by, i.review_due, i.suspended'
        self._do(
            f"INSERT INTO directory_assurance (service_id, source_id, {checks.replace('i.', '')})"
            f" SELECT done.service_id, %(source)s, {checks} FROM done JOIN in_assurance i ON i.ord = done.ord"
        )

    # -- what has gone

    def gone(self) -> int:
        """How many services of this source this reading did not meet."""
        return int(
            self._rows(
                "SELECT count(*) FROM directory_service d WHERE d.source_id = %(source)s"
                f" AND d.withdrawn_at IS NULL AND {_NOT_MET.format(kind='service')}"
            )[0][0]
        )

    def lost(self) -> int:
        """How many records were rejected of which nobody can tell which they are.

        An id that could be made out of what is broken counts if it is one we know.
        """
        parts = " OR ".join(
            f"k.kind = '{kind}' AND EXISTS (SELECT 1 FROM directory_{kind} d"
            " WHERE d.source_id = %(source)s AND d.key = k.key)"
            for kind in KINDS
        )
        return int(self._rows(f"SELECT count(*) FROM in_kept k WHERE k.lost AND NOT ({parts})")[0][0])

    def withdraw(self) -> list[int]:
        """Mark what the source no longer has; parts stay as long as a service of the source needs them.

        Gives the numbers of the services withdrawn.
        """
        numbers = self._rows(
            "UPDATE directory_service d SET withdrawn_at = %(now)s WHERE d.source_id = %(source)s"
            f" AND d.withdrawn_at IS NULL AND {_NOT_MET.format(kind='service')} RETURNING d.id"
        )
        self.report.withdrawn += len(numbers)
        for kind, needed in _NEEDED.items():
            not_met = _NOT_MET.format(kind=kind)
            self._do(
                f"UPDATE directory_{kind} d SET nested = true WHERE d.source_id = %(source)s AND NOT d.nested"
                f" AND {not_met} AND {needed}"
            )
            self._do(
                f"UPDATE directory_{kind} d SET withdrawn_at = %(now)s WHERE d.source_id = %(source)s"
                f" AND d.withdrawn_at IS NULL AND {not_met} AND NOT {needed}"
            )
            self._do(
                f"UPDATE directory_{kind} d SET withdrawn_at = NULL WHERE d.source_id = %(source)s"
                f" AND d.withdrawn_at IS NOT NULL AND {needed}"
            )
        return [number for (number,) in numbers]


_NOT_MET = (
    "NOT EXISTS (SELECT 1 FROM won_{kind} met WHERE met.held = d.id)"
    " AND NOT EXISTS (SELECT 1 FROM won_{kind} met WHERE met.held IS NULL AND met.key = d.key)"
    " AND NOT EXISTS (SELECT 1 FROM in_kept k WHERE k.kind = '{kind}' AND k.key = d.key)"
)
_NEEDED = {
    "organisation": "EXISTS (SELECT 1 FROM directory_service s WHERE s.organisation_id = d.id"
    " AND s.withdrawn_at IS NULL)",
    "location": "EXISTS (SELECT 1 FROM directory_serviceatlocation a JOIN directory_service s ON s.id = a.service_id"
    " WHERE a.location_id = d.id AND s.withdrawn_at IS NULL)",
    "term": "EXISTS (SELECT 1 FROM directory_serviceterm a JOIN directory_service s ON s.id = a.service_id"
    " WHERE a.term_id = d.id AND s.withdrawn_at IS NULL)",
}
