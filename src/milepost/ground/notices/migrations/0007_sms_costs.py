"""What SMS cost is added up by when they were sent."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0006_calls_to_make")]

    operations = [
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(
                fields=["began_at"], name="notices_attempt_sms", condition=models.Q(("segments__isnull", False))
            ),
        ),
    ]
