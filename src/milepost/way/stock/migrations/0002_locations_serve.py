import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stock", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="location",
            name="serves",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=24), db_default=[], default=list, size=None
            ),
        ),
    ]
