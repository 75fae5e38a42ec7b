from django.db import migrations, models


class Migration(migrations.Migration):
    """Each event says where it happened, for a map, and whether its instant is certain; each parcel whether it was corrected."""

    dependencies = [("tracking", "0007_polls")]

    operations = [
        migrations.AddField("trackingevent", "zone_certain", models.BooleanField(db_default=True, default=True)),
        migrations.AddField("trackingevent", "city", models.CharField(blank=True, db_default="", max_length=100)),
        migrations.AddField("trackingevent", "region", models.CharField(blank=True, db_default="", max_length=60)),
        migrations.AddField("trackingevent", "country", models.CharField(blank=True, db_default="", max_length=2)),
        migrations.AddField(
            "trackingevent", "latitude", models.DecimalField(decimal_places=6, max_digits=8, null=True)
        ),
        migrations.AddField(
            "trackingevent", "longitude", models.DecimalField(decimal_places=6, max_digits=9, null=True)
        ),
        migrations.AddField("parcelprogress", "corrected", models.BooleanField(db_default=False, default=False)),
        migrations.RunSQL(
            """
            UPDATE tracking_progress p SET corrected = true
            WHERE EXISTS (SELECT 1 FROM tracking_event e
                WHERE e.order_id = p.order_id AND e.parcel_id = p.parcel_id AND e.corrects IS NOT NULL)
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            # Each scan changes its parcel's row; with room on its page no index is touched, and old versions vanish by themselves.
            "ALTER TABLE tracking_progress SET (fillfactor = 50)",
            "ALTER TABLE tracking_progress RESET (fillfactor)",
        ),
    ]
