"""Rule books are never emptied: TRUNCATE passes triggers for each row, which keep the published ones as they are."""

from django.db import migrations

TABLES = ("rulebook", "rule", "milestone", "healthband")
REFUSE = """
CREATE FUNCTION violations_books_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Published rule books never change: % on % is refused. Delete a draft by its key.',
        TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;
""" + "".join(
    f"""
CREATE TRIGGER {table}_kept BEFORE TRUNCATE ON violations_{table}
    FOR EACH STATEMENT EXECUTE FUNCTION violations_books_kept();
ALTER TABLE violations_{table} ENABLE ALWAYS TRIGGER {table}_kept;
"""
    for table in TABLES
)
ALLOW = "".join(f"DROP TRIGGER {table}_kept ON violations_{table};\n" for table in TABLES)


class Migration(migrations.Migration):
    dependencies = [("violations", "0003_index_of_health_ratings")]
    operations = [migrations.RunSQL(REFUSE, ALLOW + "DROP FUNCTION violations_books_kept();")]
