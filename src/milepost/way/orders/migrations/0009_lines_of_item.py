"""Orders are found by what was ordered: the lines of an item, the newest order first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0008_numbers_begin")]

    operations = [
        migrations.AddIndex(
            model_name="line", index=models.Index(fields=["item", "-order"], name="orders_line_of_item")
        ),
    ]
