"""Orders that are held, the one held last first; no released hold is in the index."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0009_lines_of_item")]

    operations = [
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(
                fields=["-opened_at", "-order"], name="orders_hold_open", condition=models.Q(released_at=None)
            ),
        ),
    ]
