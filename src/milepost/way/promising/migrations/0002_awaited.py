from django.db import migrations, models


class Migration(migrations.Migration):
    """The clock looks only at promises whose orders are still to come."""

    dependencies = [("promising", "0001_initial"), ("orders", "0001_initial")]

    operations = [
        migrations.AddField("promise", "awaited", models.BooleanField(default=True, db_default=True)),
        migrations.RunSQL(
            """
            UPDATE promising_promise p SET awaited = false FROM orders_order o
            WHERE o.id = p.order_id AND (o.history OR o.state IN ('delivered', 'completed', 'closed', 'cancelled'))
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RemoveIndex("promise", "promising_standing_by_due"),
        migrations.AddIndex(
            "promise",
            models.Index(
                fields=["latest_at", "order"],
                condition=models.Q(stands=True, awaited=True),
                name="promising_awaited_by_due",
            ),
        ),
    ]
