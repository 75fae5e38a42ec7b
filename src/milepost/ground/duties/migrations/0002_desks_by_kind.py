"""Desks are read kind by kind, so that what waits for others never stands between a clerk and the next thing to do."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("duties", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)),
                fields=["role", "kind", "due_at", "id"],
                name="duties_duty_team",
            ),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True), ("snoozed_until__isnull", False)),
                fields=["role", "kind", "due_at", "id"],
                name="duties_duty_snoozed",
            ),
        ),
        migrations.AddIndex(
            model_name="duty",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True), ("assignee__isnull", False)),
                fields=["assignee", "due_at", "id"],
                name="duties_duty_taken",
            ),
        ),
        migrations.RemoveIndex(model_name="duty", name="duties_duty_desk"),
    ]
