from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stock", "0004_incoming")]

    operations = [
        migrations.AddField(
            model_name="backorder",
            name="since",
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(
            "UPDATE stock_backorder b SET since = o.received_at FROM orders_order o WHERE o.id = b.order_id",
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(model_name="backorder", name="since", field=models.DateTimeField()),
        migrations.AddField(
            model_name="backorder",
            name="near",
            field=models.CharField(blank=True, db_default="", max_length=24),
        ),
        migrations.AddField(model_name="backorder", name="given_at", field=models.DateTimeField(null=True)),
        migrations.AddField(
            model_name="backorder",
            name="together",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.RemoveIndex(model_name="backorder", name="stock_backorder_open"),
        migrations.AddIndex(
            model_name="backorder",
            index=models.Index(
                condition=models.Q(("state", "open")),
                fields=["item_id", "given_at", "since", "order"],
                name="stock_backorder_queue",
            ),
        ),
        migrations.AddConstraint(
            model_name="backorder",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "open")),
                fields=("order", "position"),
                name="stock_backorder_one_open_a_line",
            ),
        ),
    ]
