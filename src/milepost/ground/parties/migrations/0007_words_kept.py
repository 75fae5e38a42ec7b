"""The words by which a customer is found are kept beside them: reckoning them anew for each row took most of a search.

The database reckons them (a generated column), so they cannot differ from name and address. Adding them writes the table anew and
locks it meanwhile: some two seconds for a quarter of a million customers.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("parties", "0006_channel_stops")]

    operations = [
        migrations.RunSQL(
            """
            DROP INDEX parties_customer_words;
            ALTER TABLE parties_customer
                ADD COLUMN words text GENERATED ALWAYS AS (milepost_plain(' ' || name || ' ' || email)) STORED;
            CREATE INDEX parties_customer_words ON parties_customer
                USING gin (words gin_trgm_ops, milepost_digits(phone) gin_trgm_ops);
            """,
            """
            DROP INDEX parties_customer_words;
            ALTER TABLE parties_customer DROP COLUMN words;
            CREATE INDEX parties_customer_words ON parties_customer
                USING gin (milepost_plain(' ' || name || ' ' || email) gin_trgm_ops, milepost_digits(phone) gin_trgm_ops);
            """,
        ),
    ]
