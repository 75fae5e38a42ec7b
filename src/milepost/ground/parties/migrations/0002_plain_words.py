"""Words as people type them: without case, accents and punctuation; and the digits of a phone number. For search by pg_trgm.

Both are immutable, so that indexes can rest on them. The catalogue's migrations use `milepost_plain` too.
"""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

ACCENTED = "àáâãäåāăąçćčďđèéêëēėęěğìíîïīıłñńňòóôõöøōőřśšşșťțùúûüūůűýÿžźż"
PLAIN = "aaaaaaaaacccddeeeeeeeegiiiiiilnnnoooooooorssssttuuuuuuuyyzzz"
PUNCTUATION = "-_/.,;:@+'\"()&#"
FOREIGN = "×·–—’‘“”„°"
QUOTED = PUNCTUATION.replace("'", "''")
assert len(ACCENTED) == len(PLAIN), (len(ACCENTED), len(PLAIN))  # noqa: S101 a letter too many would shift all that follow


class Migration(migrations.Migration):
    dependencies = [("parties", "0001_initial")]

    operations = [
        TrigramExtension(),
        migrations.RunSQL(
            f"""
            CREATE FUNCTION milepost_plain(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
                SELECT CASE WHEN octet_length(words) = length(words)
                    THEN translate(lower(words), '{QUOTED}', '{" " * len(PUNCTUATION)}')
                    ELSE translate(
                        replace(replace(replace(lower(words), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'),
                        '{ACCENTED}{QUOTED}{FOREIGN}', '{PLAIN}{" " * len(PUNCTUATION + FOREIGN)}')
                END
            $$;
            CREATE FUNCTION milepost_digits(phone text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
                SELECT regexp_replace(phone, '[^0-9]', '', 'g')
            $$;
            """,
            "DROP FUNCTION milepost_digits(text); DROP FUNCTION milepost_plain(text);",
        ),
    ]
