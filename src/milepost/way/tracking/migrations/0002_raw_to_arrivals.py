from django.db import migrations

MOVE = """
INSERT INTO arrivals_arrival (id, source, topic, sender, delivery_id, content_type, headers, body, size, received_at, state, code, error,
    about, attempts, processed_at, processed_by)
SELECT id, source, '', 'carrier:' || source, '', '', headers, body, octet_length(body), received_at, state, code, error, number, attempts,
    processed_at, ''
FROM tracking_raw_delivery ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    """What carriers sent is kept where all peers' messages are."""

    dependencies = [
        ("tracking", "0001_initial"),
        ("arrivals", "0001_initial"),
    ]

    operations = [migrations.RunSQL(MOVE, migrations.RunSQL.noop)]
