"""Rows of shops: how far each of their orders has been followed."""

from django.db import models
from django.db.models import Q


class ShopOrder(models.Model):
    """One order of a shop, by the shop's own number; its row lock orders those who follow it.

    `draft` is the last state that was followed, `lines` where each line of the shop stands in our order. Without an order of
    ours it remembers that the shop cancelled it before it reached us.
    """

    id = models.UUIDField(primary_key=True)
    source = models.CharField(max_length=40)
    namespace = models.CharField(max_length=254, blank=True)
    number = models.CharField(max_length=80)
    order_id = models.BigIntegerField(null=True)
    said_at = models.DateTimeField(null=True)
    rank = models.SmallIntegerField(default=0)
    draft = models.JSONField(null=True)
    lines = models.JSONField(default=dict)
    refunded = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    cancelled = models.BooleanField(default=False)
    reason_code = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "shops_order"
        constraints = [
            models.UniqueConstraint(fields=["source", "namespace", "number"], name="shops_order_once"),
            models.CheckConstraint(
                condition=Q(order_id__isnull=True) | Q(draft__isnull=False), name="shops_order_with_draft"
            ),
        ]
        indexes = [models.Index(fields=["order_id"], name="shops_order_of", condition=Q(order_id__isnull=False))]
