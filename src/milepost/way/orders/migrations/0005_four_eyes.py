from django.db import migrations, models


class Migration(migrations.Migration):
    """A hold may take two people: one proposes its release, another approves it."""

    dependencies = [
        ("orders", "0004_tax_and_charges"),
    ]

    operations = [
        migrations.AddField(
            model_name="hold",
            name="approver",
            field=models.CharField(blank=True, default="", max_length=32),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="hold",
            name="proposed_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="hold",
            name="proposed_by",
            field=models.CharField(blank=True, default="", max_length=64),
            preserve_default=False,
        ),
    ]
