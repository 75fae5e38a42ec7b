"""The words by which an item is found are kept beside it, reckoned by the database, as those of customers are."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_items_by_words")]

    operations = [
        migrations.RunSQL(
            """
            DROP INDEX catalog_item_words;
            ALTER TABLE catalog_item
                ADD COLUMN words text GENERATED ALWAYS AS (milepost_plain(' ' || code || ' ' || name)) STORED;
            CREATE INDEX catalog_item_words ON catalog_item USING gin (words gin_trgm_ops) WHERE active;
            """,
            """
            DROP INDEX catalog_item_words;
            ALTER TABLE catalog_item DROP COLUMN words;
            CREATE INDEX catalog_item_words ON catalog_item
                USING gin (milepost_plain(' ' || code || ' ' || name) gin_trgm_ops) WHERE active;
            """,
        ),
    ]
