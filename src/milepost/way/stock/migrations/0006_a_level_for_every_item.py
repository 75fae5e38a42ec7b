from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("stock", "0005_whose_turn"), ("catalog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            INSERT INTO stock_location (code, name, priority) SELECT 'MAIN', 'MAIN', 100
            WHERE EXISTS (SELECT 1 FROM catalog_item) AND NOT EXISTS (SELECT 1 FROM stock_location);
            INSERT INTO stock_level (item_id, location_id, on_hand, allocated)
            SELECT i.id, (SELECT min(id) FROM stock_location), 0, 0 FROM catalog_item i
            WHERE NOT EXISTS (SELECT 1 FROM stock_level v WHERE v.item_id = i.id)
            """,
            migrations.RunSQL.noop,
        )
    ]
