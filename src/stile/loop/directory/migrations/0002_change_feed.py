"""Every service carries the transaction that last touched it, or anything that shows on its listing.

A reader who remembers `pg_snapshot_xmin` of its last look and asks for everything at or above it
misses nothing, whatever order concurrent transactions commit in; times of a clock cannot promise that.
"""

from django.db import migrations

MARK = """
    CREATE FUNCTION directory_mark() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        NEW.changed_tx := pg_current_xact_id()::text::bigint;
        RETURN NEW;
    END $$;
    CREATE TRIGGER directory_service_mark BEFORE INSERT OR UPDATE ON directory_service
        FOR EACH ROW EXECUTE FUNCTION directory_mark();
"""

# A statement's rows are touched together, and a service that this transaction has touched already is
# left alone: taking in 250,000 services does not write each of them again for its place and its times.
TOUCH = """
    CREATE FUNCTION directory_touch() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE tx bigint := pg_current_xact_id()::text::bigint;
    BEGIN
        CASE TG_TABLE_NAME
        WHEN 'directory_location' THEN
            UPDATE directory_service s SET changed_tx = tx
            FROM directory_serviceatlocation a JOIN touched t ON a.location_id = t.id
            WHERE s.id = a.service_id AND s.changed_tx <> tx;
        WHEN 'directory_organisation' THEN
            UPDATE directory_service s SET changed_tx = tx
            FROM touched t WHERE s.organisation_id = t.id AND s.changed_tx <> tx;
        WHEN 'directory_assurance' THEN
            UPDATE directory_service s SET changed_tx = tx
            WHERE s.changed_tx <> tx AND (
                s.organisation_id IN (
                    SELECT o.id FROM touched t JOIN directory_organisation told ON told.id = t.organisation_id
                    JOIN directory_organisation o
                      ON o.id = coalesce(told.same_as_id, told.id) OR o.same_as_id = coalesce(told.same_as_id, told.id))
                OR s.id IN (
                    SELECT alike.id FROM touched t JOIN directory_service told ON told.id = t.service_id
                    JOIN directory_service alike
                      ON alike.id = coalesce(told.same_as_id, told.id)
                      OR alike.same_as_id = coalesce(told.same_as_id, told.id)));
        ELSE
            UPDATE directory_service s SET changed_tx = tx
            FROM (SELECT DISTINCT service_id FROM touched) t
            WHERE s.id = t.service_id AND s.changed_tx <> tx;
        END CASE;
        RETURN NULL;
    END $$;
"""

TABLES = {
    "directory_serviceatlocation": ("INSERT", "UPDATE", "DELETE"),
    "directory_schedule": ("INSERT", "UPDATE", "DELETE"),
    "directory_assurance": ("INSERT", "UPDATE", "DELETE"),
    "directory_location": ("UPDATE",),
    "directory_organisation": ("UPDATE",),
}


def triggers() -> str:
    made = []
    for table, verbs in TABLES.items():
        for verb in verbs:
            rows = "OLD" if verb == "DELETE" else "NEW"
            made.append(
                f"CREATE TRIGGER {table}_touch_{verb.lower()} AFTER {verb} ON {table}"
                f" REFERENCING {rows} TABLE AS touched FOR EACH STATEMENT EXECUTE FUNCTION directory_touch();"
            )
    return "\n".join(made)


class Migration(migrations.Migration):
    dependencies = [("directory", "0001_tables")]
    operations = [
        migrations.RunSQL(MARK, "DROP FUNCTION directory_mark() CASCADE"),
        migrations.RunSQL(TOUCH, "DROP FUNCTION directory_touch() CASCADE"),
        migrations.RunSQL(triggers(), migrations.RunSQL.noop),
    ]
