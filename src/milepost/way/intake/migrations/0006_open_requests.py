from django.db import migrations, models

STATES = ("received", "placed", "refused", "open", "discarded")


class Migration(migrations.Migration):
    dependencies = [("intake", "0005_answers")]

    operations = [
        migrations.RemoveConstraint(model_name="orderrequest", name="intake_request_state"),
        migrations.AddConstraint(
            model_name="orderrequest",
            constraint=models.CheckConstraint(condition=models.Q(("state__in", STATES)), name="intake_request_state"),
        ),
        migrations.AddIndex(
            model_name="orderrequest",
            index=models.Index(
                condition=models.Q(("state", "open")), fields=["received_at", "id"], name="intake_request_open"
            ),
        ),
    ]
