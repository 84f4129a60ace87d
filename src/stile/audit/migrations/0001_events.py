from django.db import migrations, models

APPEND_ONLY = """
    CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION 'audit events are never changed or removed'; END $$;
    CREATE TRIGGER audit_append_only BEFORE UPDATE OR DELETE ON audit_event
        FOR EACH ROW EXECUTE FUNCTION audit_refuse();
    CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON audit_event
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse();
"""


class Migration(migrations.Migration):
    initial = True
    operations = [
        migrations.CreateModel(
            name="Event",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=200)),
                ("verb", models.CharField(max_length=80)),
                ("what", models.CharField(max_length=200)),
                ("detail", models.JSONField(default=dict)),
            ],
            options={"db_table": "audit_event"},
        ),
        migrations.AddIndex("event", models.Index(fields=["what", "at"], name="audit_what_at")),
        migrations.RunSQL(APPEND_ONLY, "DROP FUNCTION audit_refuse() CASCADE"),
    ]
