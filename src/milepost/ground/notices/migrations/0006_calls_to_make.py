"""The calls that are to be made are few among many notices, and are looked for again and again."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0005_browsers_seen_and_calls")]

    operations = [
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("state", "calling")), fields=["planned_at", "id"], name="notices_notice_calls"
            ),
        ),
    ]
