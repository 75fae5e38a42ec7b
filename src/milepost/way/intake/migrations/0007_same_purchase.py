from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0006_open_requests"),
    ]

    operations = [
        migrations.AddField(
            model_name="orderrequest",
            name="purchase",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AddIndex(
            model_name="orderrequest",
            index=models.Index(
                condition=models.Q(("purchase__isnull", False)),
                fields=["purchase", "received_at"],
                name="intake_request_purchase",
            ),
        ),
    ]
