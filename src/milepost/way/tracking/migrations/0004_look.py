from django.db import migrations, models


class Migration(migrations.Migration):
    """Each parcel says when the clock is to look at it; what is under way is looked at soon."""

    dependencies = [("tracking", "0003_delete_rawdelivery")]

    operations = [
        migrations.RemoveIndex(model_name="parcelprogress", name="tracking_progress_under_way"),
        migrations.AddField("parcelprogress", "handed_at", models.DateTimeField(null=True)),
        migrations.AddField("parcelprogress", "lane", models.CharField(blank=True, db_default="", max_length=180)),
        migrations.AddField("parcelprogress", "look_at", models.DateTimeField(null=True)),
        migrations.AddField("parcelprogress", "concern", models.CharField(blank=True, db_default="", max_length=24)),
        migrations.AddField("parcelprogress", "silences", models.SmallIntegerField(db_default=0, default=0)),
        migrations.RunSQL(
            """
            UPDATE tracking_progress SET look_at = now(), handed_at = CASE WHEN stage = 'shipped' THEN since_at END
            WHERE stage IN ('shipped', 'in_transit', 'out_for_delivery', 'attempt_failed')
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AddIndex(
            model_name="parcelprogress",
            index=models.Index(
                fields=["look_at"], condition=models.Q(look_at__isnull=False), name="tracking_progress_look"
            ),
        ),
    ]
