from django.db import migrations, models
from django.db.models import F


def name_holds(apps, schema_editor):
    """What was found before has the hold of its check."""
    rows = apps.get_model("intake", "FindingRow").objects
    rows.exclude(check_name="completeness").update(hold=F("check_name"), role="customer_service")
    rows.filter(check_name="completeness").update(hold="incomplete", role="customer_service")


class Migration(migrations.Migration):
    """A finding says who settles it, whether the customer may, and how it was settled."""

    dependencies = [
        ("intake", "0003_typed_form"),
    ]

    operations = [
        migrations.AddField(
            "findingrow", "code", models.CharField(blank=True, default="", max_length=40), preserve_default=False
        ),
        migrations.AddField(
            "findingrow", "hold", models.CharField(blank=True, default="", max_length=20), preserve_default=False
        ),
        migrations.AddField(
            "findingrow", "role", models.CharField(blank=True, default="", max_length=32), preserve_default=False
        ),
        migrations.AddField("findingrow", "confirm", models.BooleanField(default=True)),
        migrations.AddField("findingrow", "word_suffices", models.BooleanField(default=True)),
        migrations.AddField(
            "findingrow", "approver", models.CharField(blank=True, default="", max_length=32), preserve_default=False
        ),
        migrations.AddField("findingrow", "asked_at", models.DateTimeField(null=True)),
        migrations.AddField("findingrow", "answer_id", models.UUIDField(null=True)),
        migrations.AddField(
            "findingrow", "outcome", models.CharField(blank=True, default="", max_length=12), preserve_default=False
        ),
        migrations.AddConstraint(
            "findingrow",
            models.CheckConstraint(
                condition=models.Q(("outcome__in", ["", "confirmed", "corrected", "overridden"])),
                name="intake_finding_outcome",
            ),
        ),
        migrations.AddField("orderrequest", "asked", models.SmallIntegerField(db_default=0, default=0)),
        migrations.RunPython(name_holds, migrations.RunPython.noop),
    ]
