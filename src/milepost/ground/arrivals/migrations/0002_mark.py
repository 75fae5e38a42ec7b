from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("arrivals", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="Mark",
            fields=[
                ("name", models.CharField(max_length=254, primary_key=True, serialize=False)),
                ("place", models.JSONField()),
                ("at", models.DateTimeField()),
            ],
            options={"db_table": "arrivals_mark"},
        ),
    ]
