from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """How much a customer's open orders may come to."""

    dependencies = [
        ("parties", "0003_customers_by_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="credit_limit",
            field=models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
        ),
        migrations.AddField(
            model_name="customer",
            name="credit_currency",
            field=models.CharField(blank=True, db_default="", default="", max_length=3),
        ),
        migrations.AddConstraint(
            model_name="customer",
            constraint=models.CheckConstraint(
                condition=Q(credit_limit=None) | Q(credit_limit__gte=0) & Q(credit_currency__regex="^[A-Z]{3}$"),
                name="parties_customer_credit",
            ),
        ),
    ]
