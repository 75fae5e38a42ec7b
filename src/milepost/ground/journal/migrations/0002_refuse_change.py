"""The database itself refuses to change or remove a fact (RECD-2)."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            CREATE FUNCTION journal_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'the journal is append-only: a fact is never changed or removed'
                    USING ERRCODE = 'restrict_violation', HINT = 'Record a new fact that corrects it.';
            END $$;
            CREATE TRIGGER journal_entry_is_append_only BEFORE UPDATE OR DELETE ON journal_entry
                FOR EACH ROW EXECUTE FUNCTION journal_refuse_change();
            """,
            """
            DROP TRIGGER journal_entry_is_append_only ON journal_entry;
            DROP FUNCTION journal_refuse_change();
            """,
        )
    ]
