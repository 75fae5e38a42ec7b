"""Forms that people have half filled in."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0002_order_file")]

    operations = [
        migrations.CreateModel(
            name="TypedForm",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("owner", models.CharField(max_length=64)),
                ("form", models.JSONField()),
                ("kept_at", models.DateTimeField()),
            ],
            options={
                "db_table": "intake_typed_form",
                "indexes": [
                    models.Index(fields=["owner", "-kept_at"], name="intake_typed_form_of_owner"),
                    models.Index(fields=["kept_at"], name="intake_typed_form_oldest"),
                ],
            },
        ),
    ]
