"""How often all sessions of a member of staff were ended: a session that was begun before fits no more."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("access", "0006_sign_in_tries")]

    operations = [
        migrations.AddField(
            model_name="staff",
            name="sessions_ended",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
