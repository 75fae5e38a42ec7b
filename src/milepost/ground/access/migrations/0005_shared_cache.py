"""A table for what all web processes must count together: tries to sign in, codes already used (Django's own shape of a cache table)."""

from django.db import migrations

MAKE = """
CREATE TABLE access_cache (cache_key varchar(255) PRIMARY KEY, value text NOT NULL, expires timestamptz NOT NULL);
CREATE INDEX access_cache_expires ON access_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0004_saved_views")]

    operations = [migrations.RunSQL(MAKE, "DROP TABLE access_cache")]
