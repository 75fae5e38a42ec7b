"""A notice may be told with others, in one message, and what one person gets in a day is counted (NTF-1)."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_push_alerts_and_calls")]

    operations = [
        migrations.AddField(model_name="notice", name="told_with", field=models.UUIDField(null=True)),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(("told_with__isnull", False)), fields=["told_with"], name="notices_notice_told_with"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(
                condition=models.Q(
                    ("channel__in", ["email", "sms", "phone", "web_push"]), ("state__in", ["sending", "sent"])
                ),
                fields=["recipient_key", "sent_at"],
                name="notices_notice_of_person",
            ),
        ),
    ]
