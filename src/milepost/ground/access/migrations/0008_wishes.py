"""Codes that open the link of an order, and wishes for a link, beside the codes to sign in with."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("access", "0007_sessions_ended")]

    operations = [
        migrations.AddField("signin", "wish", models.CharField(max_length=8, default="sign_in")),
        migrations.AddField("signin", "order_id", models.BigIntegerField(null=True, blank=True)),
        migrations.AddField("signin", "channel", models.CharField(max_length=8, default="email")),
        migrations.AddField("signin", "reference", models.CharField(max_length=40, default="", blank=True)),
        migrations.AddConstraint(
            "signin",
            models.CheckConstraint(
                name="access_sign_in_wish",
                condition=Q(wish="open", order_id__isnull=False)
                | Q(wish__in=["sign_in", "link"], order_id__isnull=True),
            ),
        ),
        migrations.AddIndex(
            "signin",
            models.Index(
                name="access_sign_in_of_order", fields=["order_id", "asked_at"], condition=Q(order_id__isnull=False)
            ),
        ),
    ]
