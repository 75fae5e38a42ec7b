"""What was told on desks is read past what was not: history that nobody is told is not in their index any more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0007_sms_costs")]

    operations = [
        migrations.RemoveIndex(model_name="notice", name="notices_notice_in_app"),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                fields=["recipient_key", "-planned_at", "-id"],
                name="notices_notice_in_app",
                condition=models.Q(channel="in_app", state="sent"),
            ),
        ),
    ]
