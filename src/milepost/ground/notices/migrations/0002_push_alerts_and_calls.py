"""Web push and staff alerts are channels, and a notice may be somebody's call to make (NTF-2)."""

from django.db import migrations, models

CHANNELS = ["email", "sms", "phone", "in_app", "portal", "web_push", "staff_alert"]
STATES = ["planned", "sending", "calling", "sent", "failed", "unknown", "suppressed", "superseded"]


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [
        migrations.RemoveConstraint(model_name="notice", name="notices_notice_channel"),
        migrations.RemoveConstraint(model_name="notice", name="notices_notice_state"),
        migrations.AlterField(model_name="notice", name="channel", field=models.CharField(max_length=12)),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(("channel__in", CHANNELS)), name="notices_notice_channel"
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(condition=models.Q(("state__in", STATES)), name="notices_notice_state"),
        ),
    ]
