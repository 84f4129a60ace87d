"""The floor under an import: the very rows it left, copied once more into tables without anything to them.

Run inside the bench's own home (`python -m bench.copying`); prints {"seconds", "rows", "services"}.
"""

import json
import tempfile
import time

from stile.site import database

TABLES = (
    "directory_organisation",
    "directory_location",
    "directory_service",
    "directory_serviceatlocation",
    "directory_schedule",
    "directory_costoption",
    "directory_assurance",
)


def main() -> None:
    seconds, rows, services = 0.0, 0, 0
    with database.running(), database.connect_as_installer(database.DATABASE) as connection:
        for table in TABLES:
            names = ", ".join(
                f'"{name}"'
                for (name,) in connection.execute(
                    "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0"
                    " AND NOT attisdropped AND attgenerated = '' ORDER BY attnum",
                    [table],
                )
            )
            connection.execute(f"CREATE TABLE bare_{table} AS SELECT {names} FROM {table} LIMIT 0")
            with tempfile.TemporaryFile() as kept:
                with connection.cursor().copy(f"COPY {table} ({names}) TO STDOUT (FORMAT binary)") as out:
                    for block in out:
                        kept.write(block)
                kept.seek(0)
                started = time.perf_counter()
                cursor = connection.cursor()
                with cursor.copy(f"COPY bare_{table} FROM STDIN (FORMAT binary)") as into:
                    while block := kept.read(1 << 16):
                        into.write(block)
                seconds += time.perf_counter() - started
            rows += cursor.rowcount
            if table == "directory_service":
                services = cursor.rowcount
            connection.execute(f"DROP TABLE bare_{table}")
    print(json.dumps({"seconds": seconds, "rows": rows, "services": services}))


if __name__ == "__main__":
    main()
