from django.db import migrations, models


class Migration(migrations.Migration):
    """What a person said of the files of a sender."""

    dependencies = [
        ("intake", "0008_ordered_by_customer"),
    ]

    operations = [
        migrations.CreateModel(
            name="SenderLayout",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("sender", models.CharField(max_length=254)),
                ("form", models.CharField(max_length=20)),
                ("version", models.IntegerField()),
                ("layout", models.JSONField()),
                ("by", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "intake_sender_layout",
                "constraints": [
                    models.UniqueConstraint(fields=["sender", "form", "version"], name="intake_sender_layout_version"),
                    models.CheckConstraint(condition=models.Q(("version__gt", 0)), name="intake_sender_layout_counts"),
                ],
            },
        ),
    ]
