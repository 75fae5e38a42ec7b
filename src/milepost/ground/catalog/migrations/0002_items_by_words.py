"""Items are found by any word of their code or name, typos forgiven."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False  # an index made concurrently lets orders go on meanwhile
    dependencies = [("catalog", "0001_initial"), ("parties", "0002_plain_words")]

    operations = [
        migrations.RunSQL(
            """
            CREATE INDEX CONCURRENTLY catalog_item_words ON catalog_item
            USING gin (milepost_plain(' ' || code || ' ' || name) gin_trgm_ops) WHERE active
            """,
            "DROP INDEX CONCURRENTLY catalog_item_words",
        ),
    ]
