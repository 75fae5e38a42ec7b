"""Others who are named on an order, besides who ordered: the recipient of the goods, stakeholders (NTF-1)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0006_hold_for_value")]

    operations = [
        migrations.AddField(model_name="order", name="contacts", field=models.JSONField(db_default=[], default=list)),
    ]
