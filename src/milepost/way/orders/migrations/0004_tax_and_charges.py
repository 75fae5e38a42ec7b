from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0003_amendment"),
    ]

    operations = [
        migrations.AddField(
            model_name="order",
            name="tax",
            field=models.DecimalField(decimal_places=2, db_default=0, default=0, max_digits=14),
        ),
        migrations.AddField(
            model_name="order",
            name="charges",
            field=models.DecimalField(decimal_places=2, db_default=0, default=0, max_digits=14),
        ),
    ]
