"""What customers want to hear, by class and channel: told once more, never told otherwise (NTF-1, RECD-2)."""

import django.db.models.deletion
from django.db import migrations, models

CLASSES = ["transactional", "service", "marketing"]
SOURCES = ["preferences", "one_click", "confirm_page", "order", "staff", "import", "provider"]


class Migration(migrations.Migration):
    dependencies = [("parties", "0004_credit")]

    operations = [
        migrations.CreateModel(
            name="Consent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("consent_class", models.CharField(max_length=16)),
                ("channel", models.CharField(max_length=12)),
                ("given", models.BooleanField()),
                ("source", models.CharField(max_length=16)),
                ("wording_version", models.PositiveIntegerField()),
                ("at", models.DateTimeField()),
                ("by", models.CharField(max_length=64)),
                (
                    "customer",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="parties.customer",
                    ),
                ),
            ],
            options={
                "db_table": "parties_consent",
                "indexes": [
                    models.Index(fields=["customer", "consent_class", "channel", "-id"], name="parties_consent_last")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("consent_class__in", CLASSES)), name="parties_consent_class"
                    ),
                    models.CheckConstraint(condition=models.Q(("source__in", SOURCES)), name="parties_consent_source"),
                    models.CheckConstraint(
                        condition=models.Q(("channel", ""), _negated=True), name="parties_consent_channel"
                    ),
                ],
            },
        ),
        migrations.RunSQL(
            """
            CREATE FUNCTION parties_consent_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'consents are append-only: what somebody said is never changed or removed'
                    USING ERRCODE = 'restrict_violation', HINT = 'Add a row that says otherwise.';
            END $$;
            CREATE TRIGGER parties_consent_is_append_only BEFORE UPDATE OR DELETE ON parties_consent
                FOR EACH ROW EXECUTE FUNCTION parties_consent_refuse_change();
            """,
            """
            DROP TRIGGER parties_consent_is_append_only ON parties_consent;
            DROP FUNCTION parties_consent_refuse_change();
            """,
        ),
    ]
