"""Customers are found by any word of their name or e-mail address and by any part of their phone number, typos forgiven."""

from django.db import migrations


class Migration(migrations.Migration):
    atomic = False  # an index made concurrently lets orders go on meanwhile
    dependencies = [("parties", "0002_plain_words")]

    operations = [
        migrations.RunSQL(
            """
            CREATE INDEX CONCURRENTLY parties_customer_words ON parties_customer
            USING gin (milepost_plain(' ' || name || ' ' || email) gin_trgm_ops, milepost_digits(phone) gin_trgm_ops)
            """,
            "DROP INDEX CONCURRENTLY parties_customer_words",
        ),
    ]
