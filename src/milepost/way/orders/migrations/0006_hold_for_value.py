from django.db import migrations, models


class Migration(migrations.Migration):
    """Orders of great value wait for the word of two people."""

    dependencies = [
        ("orders", "0005_four_eyes"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="hold",
            name="orders_hold_kind",
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "incomplete",
                            "customer",
                            "address",
                            "contact",
                            "payment",
                            "price",
                            "quantity",
                            "duplicate",
                            "credit",
                            "value",
                            "manual",
                        ],
                    )
                ),
                name="orders_hold_kind",
            ),
        ),
    ]
