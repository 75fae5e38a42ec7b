from django.db import migrations, models


class Migration(migrations.Migration):
    """What was said about an order, field by field, in the words in which it was given."""

    dependencies = [
        ("intake", "0004_findings_ask"),
    ]

    operations = [
        migrations.CreateModel(
            name="AnswerRow",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "order_id",
                        "answer_id",
                        "field",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("order_id", models.BigIntegerField()),
                ("answer_id", models.UUIDField()),
                ("field", models.CharField(max_length=80)),
                ("finding_id", models.UUIDField(null=True)),
                ("confirmed", models.BooleanField()),
                ("value", models.TextField(blank=True)),
                ("said_by", models.CharField(blank=True, max_length=200)),
                ("said_at", models.DateTimeField(null=True)),
                ("actor", models.CharField(max_length=64)),
                ("channel", models.CharField(max_length=16)),
                ("at", models.DateTimeField()),
            ],
            options={
                "db_table": "intake_answer",
            },
        ),
    ]
