from django.db import migrations, models
from django.db.models import F, Q

SIGNS = (
    "dispatch_not_scanned", "label_never_activated", "stalled", "predicted_miss", "carrier_exception", "customs", "past_promise",
    "supply", "reported",
)  # fmt: skip
OUTCOMES = ("delivered", "back_in_time", "moving_again", "cancelled", "settled")


class Migration(migrations.Migration):
    """A delay says by which sign it was found, of which parcel, and how sure its range of dates is."""

    dependencies = [("cases", "0003_found_by_supply")]

    operations = [
        migrations.AddField("case", "new_earliest_on", models.DateField(null=True)),
        migrations.AddField("case", "confidence", models.SmallIntegerField(null=True)),
        migrations.AddField("case", "sign", models.CharField(blank=True, db_default="", max_length=24)),
        migrations.AddField("case", "parcel_id", models.BigIntegerField(null=True)),
        migrations.RunSQL(
            """
            UPDATE cases_case SET sign = CASE found_by WHEN 'carrier' THEN 'carrier_exception' WHEN 'clock' THEN 'past_promise'
                WHEN 'supply' THEN 'supply' ELSE 'reported' END
            WHERE kind = 'delay'
            """,
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(condition=~Q(kind="delay") | Q(sign__in=SIGNS), name="cases_case_delay_has_sign"),
        ),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                condition=Q(new_earliest_on=None) | Q(new_earliest_on__lte=F("new_latest_on")), name="cases_case_range"
            ),
        ),
        migrations.RemoveConstraint("case", "cases_case_outcome"),
        migrations.AddConstraint(
            "case",
            models.CheckConstraint(
                condition=Q(resolved_at=None, outcome="") | Q(resolved_at__isnull=False, outcome__in=OUTCOMES),
                name="cases_case_outcome",
            ),
        ),
    ]
