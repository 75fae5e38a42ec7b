"""Orders are found by the beginning of a shop's number or of a PO number, as they are typed: the same two indexes, of another kind."""

from django.db import migrations, models

BEGINS = ["varchar_pattern_ops"]


class Migration(migrations.Migration):
    dependencies = [("orders", "0007_contacts")]

    operations = [
        migrations.RemoveIndex(model_name="order", name="orders_order_external"),
        migrations.RemoveIndex(model_name="order", name="orders_order_po"),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                fields=["external_ref"],
                name="orders_order_external",
                condition=~models.Q(external_ref=""),
                opclasses=BEGINS,
            ),
        ),
        migrations.AddIndex(
            model_name="order",
            index=models.Index(
                fields=["po_number"], name="orders_order_po", condition=~models.Q(po_number=""), opclasses=BEGINS
            ),
        ),
    ]
