from django.db import migrations, models


class Migration(migrations.Migration):
    """Which item of ours a sender's own number means."""

    dependencies = [
        ("intake", "0012_answer_numbers"),
    ]

    operations = [
        migrations.CreateModel(
            name="SenderNumber",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("sender", models.CharField(max_length=254)),
                ("number", models.CharField(max_length=80)),
                ("code", models.CharField(max_length=64)),
                ("version", models.IntegerField()),
                ("by", models.CharField(max_length=64)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "intake_sender_number",
                "constraints": [
                    models.UniqueConstraint(
                        fields=["sender", "number", "version"], name="intake_sender_number_version"
                    ),
                    models.CheckConstraint(condition=models.Q(("version__gt", 0)), name="intake_sender_number_counts"),
                ],
            },
        ),
    ]
