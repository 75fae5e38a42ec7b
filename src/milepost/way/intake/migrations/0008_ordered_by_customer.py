from django.db import migrations

BY_CUSTOMER = """
UPDATE intake_request SET ordered_by = 'customer:' || (draft ->> 'customer_id')
WHERE coalesce(draft ->> 'customer_id', '0') <> '0'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0007_same_purchase"),
    ]

    operations = [migrations.RunSQL(BY_CUSTOMER, migrations.RunSQL.noop)]
