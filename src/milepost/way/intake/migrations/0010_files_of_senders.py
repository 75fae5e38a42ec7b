from django.db import migrations, models


class Migration(migrations.Migration):
    """Who sent a file, and where it is kept among the arrivals."""

    dependencies = [
        ("intake", "0009_sender_layout"),
    ]

    operations = [
        migrations.AddField(model_name="orderfile", name="arrival_id", field=models.UUIDField(null=True)),
        migrations.AddField(model_name="orderfile", name="sender", field=models.CharField(blank=True, max_length=254)),
    ]
